/** Rules of realtime input: audio with and without automatic detection, text, marks, formats, transcripts. */

import { audioChunk, type Check, must, mustClose, readTurn, TEXT, userText } from '../check.js'

const MANUAL = { realtimeInputConfig: { automaticActivityDetection: { disabled: true } } }
const SILENCE = new Uint8Array(16_000 * 2)
const CHUNK_BYTES = 16_000 * 2 * 0.1

function chunksOf(pcm16: Uint8Array): Uint8Array[] {
  const chunks: Uint8Array[] = []
  for (let start = 0; start < pcm16.length; start += CHUNK_BYTES)
    chunks.push(pcm16.subarray(start, start + CHUNK_BYTES))
  return chunks
}

export const realtimeChecks: readonly Check[] = [
  {
    rule: 'RTI-1',
    title: 'speech is heard, transcribed and answered when silence follows',
    async run({ open, speech }) {
      const peer = await open({ inputAudioTranscription: {}, outputAudioTranscription: {} })
      for (const chunk of [...chunksOf(speech), ...chunksOf(SILENCE), ...chunksOf(SILENCE)]) {
        peer.send({ realtimeInput: { audio: audioChunk(chunk) } })
      }
      const turn = await readTurn(peer)
      must(turn.audioBytes > 0, 'no answer came')
      must(turn.heard.trim() !== '', 'there is no transcript of what was heard')
      peer.leave()
    },
  },
  {
    rule: 'TRN-2',
    title: 'what was heard is transcribed only if asked for',
    async run({ open, speech }) {
      const peer = await open(TEXT)
      peer.send({ realtimeInput: { audio: audioChunk(speech) } })
      peer.send({ realtimeInput: { audioStreamEnd: true } })
      const turn = await readTurn(peer)
      must(turn.heard === '', 'a transcript came unasked')
      peer.leave()
    },
  },
  {
    rule: 'RTI-2',
    title: 'realtime text is answered',
    async run({ open }) {
      const peer = await open(TEXT)
      peer.send({ realtimeInput: { text: 'Are you there?' } })
      must((await readTurn(peer)).text !== '', 'no answer came')
      peer.leave()
    },
  },
  {
    rule: 'RTI-3',
    title: 'activityStart, audio, activityEnd make a turn where detection is disabled',
    async run({ open, speech }) {
      const peer = await open({ ...TEXT, ...MANUAL })
      peer.send({ realtimeInput: { activityStart: {} } })
      for (const chunk of chunksOf(speech)) peer.send({ realtimeInput: { audio: audioChunk(chunk) } })
      peer.send({ realtimeInput: { activityEnd: {} } })
      must((await readTurn(peer)).text !== '', 'no answer came')
      peer.leave()
    },
  },
  {
    rule: 'RTI-4',
    title: 'activityStart is refused with 1007 where detection is automatic',
    async run({ open }) {
      const peer = await open(TEXT)
      peer.send({ realtimeInput: { activityStart: {} } })
      await mustClose(peer, [1007])
    },
  },
  {
    rule: 'RTI-5',
    title: 'audioStreamEnd ends a turn without silence',
    async run({ open, speech }) {
      const peer = await open(TEXT)
      for (const chunk of chunksOf(speech)) peer.send({ realtimeInput: { audio: audioChunk(chunk) } })
      peer.send({ realtimeInput: { audioStreamEnd: true } })
      must((await readTurn(peer)).text !== '', 'no answer came')
      peer.leave()
    },
  },
  {
    rule: 'RTI-6',
    title: 'audio of another rate is understood',
    async run({ open, speech }) {
      const peer = await open(TEXT)
      // Every sample twice: the same speech at 32 kHz.
      const twice = new Uint8Array(speech.length * 2)
      for (let index = 0; index + 1 < speech.length; index += 2) {
        for (const at of [index * 2, index * 2 + 2]) twice.set(speech.subarray(index, index + 2), at)
      }
      peer.send({ realtimeInput: { audio: audioChunk(twice, 'audio/pcm;rate=32000') } })
      peer.send({ realtimeInput: { audioStreamEnd: true } })
      must((await readTurn(peer)).text !== '', 'no answer came')
      peer.leave()
    },
  },
  {
    rule: 'RTI-7',
    title: 'the deprecated mediaChunks are understood',
    async run({ open, speech }) {
      const peer = await open(TEXT)
      peer.send({ realtimeInput: { mediaChunks: [audioChunk(speech)] } })
      peer.send({ realtimeInput: { audioStreamEnd: true } })
      must((await readTurn(peer)).text !== '', 'no answer came')
      peer.leave()
    },
  },
  {
    rule: 'RTI-8',
    title: 'audio that is not PCM is refused with its name',
    async run({ open }) {
      const peer = await open(TEXT)
      peer.send({ realtimeInput: { audio: { mimeType: 'audio/mpeg', data: 'AAAA' } } })
      await mustClose(peer, [1007, 1008], 'audio/mpeg')
    },
  },
  {
    rule: 'MSG-6',
    title: 'base64 is taken in both alphabets, and refused where it is none',
    async run({ open }) {
      const peer = await open(TEXT)
      for (const data of ['AP_-AQ==', 'AP/+AQ==', 'AP/+AQ']) {
        peer.send({ realtimeInput: { audio: { mimeType: 'audio/pcm;rate=16000', data } } })
      }
      peer.send(userText('Say hello.'))
      must((await readTurn(peer)).text !== '', 'no answer came')
      peer.send({ realtimeInput: { audio: { mimeType: 'audio/pcm;rate=16000', data: '***' } } })
      await mustClose(peer, [1007])
    },
  },
  {
    rule: 'INT-2',
    title: 'speech interrupts an answer, and is answered itself',
    async run({ open, speech }) {
      const peer = await open()
      peer.send(userText('Tell me a long story of at least two hundred words about a lighthouse.'))
      while (!(await peer.next()).serverContent?.modelTurn);
      for (const chunk of [...chunksOf(speech), ...chunksOf(SILENCE), ...chunksOf(SILENCE)]) {
        peer.send({ realtimeInput: { audio: audioChunk(chunk) } })
      }
      const first = await readTurn(peer)
      const second = await readTurn(peer)
      must(second.audioBytes > 0, 'the interruption was not answered')
      must(
        first.kinds.includes('interrupted') !== first.kinds.includes('generationComplete'),
        'the first answer has not one end',
      )
      peer.leave()
    },
  },
  {
    rule: 'INT-3',
    title: 'NO_INTERRUPTION lets an answer end',
    async run({ open, speech }) {
      const peer = await open({ realtimeInputConfig: { activityHandling: 'NO_INTERRUPTION' } })
      peer.send(userText('Count from one to twenty in words.'))
      while (!(await peer.next()).serverContent?.modelTurn);
      peer.send({ realtimeInput: { audio: audioChunk(speech) } })
      peer.send({ realtimeInput: { audioStreamEnd: true } })
      const turn = await readTurn(peer)
      must(!turn.kinds.includes('interrupted'), 'it was interrupted')
      must(turn.kinds.includes('generationComplete'), 'it did not end by itself')
      peer.leave()
    },
  },
]
