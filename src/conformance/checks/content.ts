/** Rules of clientContent and of the turns that answer it: order, endings, usage, interruption. */

import { type Check, must, readTurn, skip, TEXT, userText } from '../check.js'
import type { Peer, ServerJson } from '../peer.js'

const QUIET_MS = 700
const LONG = 'Tell me a long story of at least two hundred words about a lighthouse.'

/** Messages that may come at any time. */
const isNews = (message: ServerJson) =>
  message.sessionResumptionUpdate !== undefined || message.goAway !== undefined

/** The first message within `ms` that is not about the session itself. */
async function contentWithin(peer: Peer, ms: number): Promise<ServerJson | undefined> {
  const endMs = performance.now() + ms
  for (;;) {
    const message = await peer.quiet(Math.max(0, endMs - performance.now()))
    if (message === undefined || !isNews(message)) return message
    await peer.next()
  }
}

/** Starts a long answer and returns at its first output. */
async function interruptibleAnswer(peer: Peer): Promise<void> {
  peer.send(userText(LONG))
  for (;;) {
    const message = await peer.next()
    if (message.serverContent?.modelTurn) return
    if (message.serverContent?.turnComplete) skip('the answer was over before it could be interrupted')
  }
}

export const contentChecks: readonly Check[] = [
  {
    rule: 'CNT-1',
    title: 'turnComplete: true is answered',
    async run({ open }) {
      const peer = await open(TEXT)
      peer.send(userText('Say hello.'))
      must((await readTurn(peer)).text !== '', 'no answer came')
      peer.leave()
    },
  },
  {
    rule: 'CNT-2',
    title: 'content without turnComplete waits, and turnComplete alone is answered',
    async run({ open }) {
      const peer = await open(TEXT)
      peer.send(userText('Say hello.', false))
      must((await contentWithin(peer, QUIET_MS)) === undefined, 'it was answered at once')
      peer.send({ clientContent: { turnComplete: true } })
      must((await readTurn(peer)).text !== '', 'no answer came')
      peer.leave()
    },
  },
  {
    rule: 'CNT-3',
    title: 'a single turn, a missing role and a history are understood',
    async run({ open }) {
      const peer = await open(TEXT)
      peer.send({
        clientContent: {
          turns: [
            { role: 'user', parts: [{ text: 'My name is Ada.' }] },
            { role: 'model', parts: [{ text: 'Hello Ada.' }] },
          ],
        },
      })
      peer.send({ clientContent: { turns: { parts: [{ text: 'Say hello.' }] }, turnComplete: true } })
      must((await readTurn(peer)).text !== '', 'no answer came')
      peer.leave()
    },
  },
  {
    rule: 'CNT-5',
    title: 'a history may hold function calls and their results',
    async run({ open }) {
      const peer = await open(TEXT)
      const call = { id: '1', name: 'get_time', args: {} }
      const result = { id: '1', name: 'get_time', response: { output: '12:00' } }
      peer.send({
        clientContent: {
          turns: [
            { role: 'user', parts: [{ text: 'What time is it?' }] },
            { role: 'model', parts: [{ functionCall: call }] },
            { role: 'user', parts: [{ functionResponse: result }] },
            { role: 'model', parts: [{ text: 'It is noon.' }] },
            { role: 'user', parts: [{ text: 'Thank you. Say hello.' }] },
          ],
          turnComplete: true,
        },
      })
      must((await readTurn(peer)).text !== '', 'no answer came')
      peer.leave()
    },
  },
  {
    rule: 'SRV-1',
    title: 'a turn is: output, generationComplete once, turnComplete once',
    async run({ open }) {
      for (const setup of [TEXT, {}]) {
        const peer = await open(setup)
        peer.send(userText('Say hello.'))
        const kinds = (await readTurn(peer)).kinds.filter((kind) => kind !== 'sessionResumptionUpdate')
        must(
          kinds.at(-2) === 'generationComplete' && kinds.at(-1) === 'turnComplete',
          `the end is ${kinds.slice(-3).join(', ')}`,
        )
        must(
          kinds.filter((kind) => kind === 'generationComplete').length === 1,
          'generationComplete came twice',
        )
        must(kinds.length > 2, 'there was no output')
        peer.leave()
      }
    },
  },
  {
    rule: 'SRV-2',
    title: 'turnComplete carries usageMetadata with lists of details, and its sums are right',
    async run({ open }) {
      const peer = await open(TEXT)
      peer.send(userText('Say hello.'))
      const usage = (await readTurn(peer)).messages.at(-1)?.usageMetadata
      must(usage !== undefined, 'there is no usageMetadata')
      const count = (name: string) => Number(usage[name] ?? Number.NaN)
      const output = usage.responseTokenCount === undefined ? 'candidatesTokenCount' : 'responseTokenCount'
      must(count('promptTokenCount') > 0 && count(output) > 0, 'a count is missing')
      must(
        count('totalTokenCount') >= count('promptTokenCount') + count(output),
        'the total is less than prompt and response',
      )
      for (const list of ['promptTokensDetails', output.replace('TokenCount', 'TokensDetails')]) {
        must(Array.isArray(usage[list]), `${list} is missing`)
      }
      peer.leave()
    },
  },
  {
    rule: 'SRV-4',
    title: 'audio is whole 16-bit samples in standard base64, as audio/pcm',
    async run({ open }) {
      const peer = await open()
      peer.send(userText('Say hello.'))
      const { messages } = await readTurn(peer)
      const blobs = messages.flatMap((message) =>
        (message.serverContent?.modelTurn?.parts ?? []).flatMap((part) =>
          part.inlineData ? [part.inlineData] : [],
        ),
      )
      must(blobs.length > 0, 'no audio came')
      for (const { mimeType, data } of blobs) {
        must(/^audio\/pcm(;rate=24000)?$/.test(mimeType), `the mime type is ${mimeType}`)
        must(
          /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(data),
          'not standard base64',
        )
        must(Buffer.from(data, 'base64').length % 2 === 0, 'half a sample was sent')
      }
      peer.leave()
    },
  },
  {
    rule: 'SRV-5',
    title: 'after turnComplete nothing comes until new input',
    async run({ open }) {
      const peer = await open(TEXT)
      peer.send(userText('Say hello.'))
      await readTurn(peer)
      const more = await contentWithin(peer, QUIET_MS)
      must(more === undefined, `${JSON.stringify(more)?.slice(0, 80)} came`)
      peer.leave()
    },
  },
  {
    rule: 'TRN-1',
    title: 'the spoken answer is transcribed if asked for, and only then',
    async run({ open }) {
      const silent = await open()
      silent.send(userText('Say hello.'))
      must((await readTurn(silent)).said === '', 'a transcript came unasked')
      silent.leave()
      const peer = await open({ outputAudioTranscription: {} })
      peer.send(userText('Say hello.'))
      must((await readTurn(peer)).said.trim() !== '', 'no transcript came')
      peer.leave()
    },
  },
  {
    rule: 'INT-1',
    title: 'clientContent interrupts: interrupted, then turnComplete, no generationComplete; and is answered',
    async run({ open }) {
      const peer = await open()
      await interruptibleAnswer(peer)
      peer.send(userText('Stop. Say hello.'))
      const broken = await readTurn(peer)
      if (!broken.kinds.includes('interrupted')) skip('the answer was over before it could be interrupted')
      const end = broken.kinds.slice(broken.kinds.indexOf('interrupted'))
      must(!end.includes('generationComplete'), 'generationComplete came after interrupted')
      must(!end.includes('audio') && !end.includes('said'), 'the answer went on after interrupted')
      const answer = await readTurn(peer)
      must(answer.audioBytes > 0, 'the interruption was not answered')
      peer.leave()
    },
  },
]
