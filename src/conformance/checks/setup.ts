/** Rules of the first message: models, modalities, instructions, values. */

import { type Check, must, mustClose, readTurn, TEXT, userText } from '../check.js'

export const setupChecks: readonly Check[] = [
  {
    rule: 'SET-1',
    title: 'the first message of the server is setupComplete',
    async run({ connect, model }) {
      const peer = await connect()
      peer.send({ setup: { model } })
      const first = await peer.next()
      must(first.setupComplete !== undefined, `it is ${Object.keys(first).join()}`)
      peer.leave()
    },
  },
  {
    rule: 'SET-2',
    title: 'an unknown model is refused with 1008 and its name',
    async run({ connect }) {
      const peer = await connect()
      peer.send({ setup: { model: 'models/no-such-model' } })
      await mustClose(peer, [1008], 'no-such-model')
    },
  },
  {
    rule: 'SET-4',
    title: 'both modalities at once are refused with 1007',
    async run({ connect, model }) {
      const peer = await connect()
      peer.send({ setup: { model, generationConfig: { responseModalities: ['AUDIO', 'TEXT'] } } })
      await mustClose(peer, [1007])
    },
  },
  {
    rule: 'SET-5',
    title: 'TEXT is answered with text and no audio',
    async run({ open }) {
      const peer = await open(TEXT)
      peer.send(userText('Say hello.'))
      const turn = await readTurn(peer)
      must(turn.text.trim() !== '', 'no text came')
      must(turn.audioBytes === 0, 'audio came')
      peer.leave()
    },
  },
  {
    rule: 'SET-6',
    title: 'without a modality the answer is audio',
    async run({ open }) {
      const peer = await open()
      peer.send(userText('Say hello.'))
      const turn = await readTurn(peer)
      must(turn.audioBytes > 0, 'no audio came')
      must(turn.text === '', 'text came')
      peer.leave()
    },
  },
  {
    rule: 'SET-7',
    title: 'a system instruction may be text, parts, or a content with a role',
    async run({ open }) {
      for (const systemInstruction of [
        'Be brief.',
        { parts: [{ text: 'Be brief.' }] },
        { role: 'user', parts: [{ text: 'Be brief.' }] },
      ]) {
        const peer = await open({ ...TEXT, systemInstruction })
        peer.leave()
      }
    },
  },
  {
    rule: 'SET-8',
    title: 'a number out of range is refused with 1007 and the name of the field',
    async run({ connect, model }) {
      const peer = await connect()
      peer.send({ setup: { model, generationConfig: { temperature: 99 } } })
      await mustClose(peer, [1007], 'temperature')
    },
  },
  {
    rule: 'SET-11',
    title: 'enums are taken in any case, numbers as text',
    async run({ open }) {
      const peer = await open({
        generationConfig: { responseModalities: ['text'], temperature: '0.5', topK: 20.0 },
        realtimeInputConfig: { activityHandling: 'start_of_activity_interrupts' },
      })
      peer.leave()
    },
  },
]
