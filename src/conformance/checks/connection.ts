/** Rules of connections and messages in general: paths, credentials, frames, malformed input. */

import { type Check, kindsOf, must, mustClose, readTurn, skip, TEXT, userText } from '../check.js'

const developerPath = (version: string) =>
  `/ws/google.ai.generativelanguage.${version}.GenerativeService.BidiGenerateContent`

/** Until a server that says nothing is believed. */
const QUIET_MS = 500

export const connectionChecks: readonly Check[] = [
  {
    rule: 'CON-1',
    title: 'every version of the Developer API path is served, with one slash or two',
    async run({ connect, model }) {
      for (const path of [developerPath('v1beta'), developerPath('v1alpha'), `/${developerPath('v1beta')}`]) {
        const peer = await connect({ path })
        peer.send({ setup: { model, ...TEXT } })
        must('setupComplete' in (await peer.next()), `${path} gives no setupComplete`)
        peer.leave()
      }
    },
  },
  {
    rule: 'CON-3',
    title: 'messages are taken in text and in binary frames',
    async run({ connect, model }) {
      const peer = await connect()
      peer.send(new TextEncoder().encode(JSON.stringify({ setup: { model, ...TEXT } })))
      must('setupComplete' in (await peer.next()), 'a binary setup is not understood')
      peer.send(userText('Say hello.'))
      await readTurn(peer)
      peer.leave()
    },
  },
  {
    rule: 'CON-4',
    title: 'the server sends JSON in binary frames',
    async run({ open }) {
      const peer = await open(TEXT)
      must(peer.received[0]?.isBinary === true, 'setupComplete came in a text frame')
      peer.leave()
    },
  },
  {
    rule: 'CON-5',
    title: 'nothing is sent before setup',
    async run({ connect }) {
      const peer = await connect()
      must((await peer.quiet(QUIET_MS)) === undefined, 'something came before setup')
      peer.leave()
    },
  },
  {
    rule: 'CON-6',
    title: 'pings are answered',
    async run({ open }) {
      const peer = await open(TEXT)
      await peer.ping(5_000)
      peer.leave()
    },
  },
  {
    rule: 'CON-8',
    title: 'what is sent right behind setup is not lost',
    async run({ connect, model }) {
      const peer = await connect()
      peer.send({ setup: { model, ...TEXT } })
      peer.send(userText('Say hello.'))
      const turn = await readTurn(peer)
      must(turn.kinds[0] === 'setupComplete', `the first message is ${turn.kinds[0]}`)
      must(turn.text !== '', 'no answer came')
      peer.leave()
    },
  },
  {
    rule: 'AUTH-1',
    title: 'a key is taken from the header and from the query',
    async run({ connect, model }) {
      for (const credential of ['header', 'query'] as const) {
        const peer = await connect({ credential })
        peer.send({ setup: { model, ...TEXT } })
        must('setupComplete' in (await peer.next()), `the key in the ${credential} is not taken`)
        peer.leave()
      }
    },
  },
  {
    rule: 'AUTH-2',
    title: 'a wrong key is refused with a reason',
    async run({ connect, model }) {
      const peer = await connect({ credential: 'wrong' }).catch(() =>
        skip('refused as HTTP, before the upgrade'),
      )
      peer.send({ setup: { model, ...TEXT } })
      const first = await peer.next(5_000).catch(() => undefined)
      if (first && 'setupComplete' in first) skip('the server accepts any key')
      await mustClose(peer, [1007, 1008])
    },
  },
  {
    rule: 'MSG-1',
    title: 'what is not JSON is refused with 1007',
    async run({ open }) {
      for (const garbage of ['{', '', '[1,2]', 'null', new Uint8Array([0xff, 0xfe])]) {
        const peer = await open(TEXT)
        peer.send(garbage)
        await mustClose(peer, [1007])
      }
    },
  },
  {
    rule: 'MSG-2',
    title: 'a first message other than setup is refused',
    async run({ connect }) {
      const peer = await connect()
      peer.send(userText('Hello'))
      await mustClose(peer, [1007, 1008], 'setup')
    },
  },
  {
    rule: 'MSG-3',
    title: 'a second setup is refused with 1007',
    async run({ open, model }) {
      const peer = await open(TEXT)
      peer.send({ setup: { model, ...TEXT } })
      await mustClose(peer, [1007], 'setup')
    },
  },
  {
    rule: 'MSG-4',
    title: 'camelCase and snake_case are understood, mixed in one message',
    async run({ open }) {
      const peer = await open({ generation_config: { responseModalities: ['TEXT'], max_output_tokens: 200 } })
      peer.send({
        client_content: { turns: [{ role: 'user', parts: [{ text: 'Say hello.' }] }], turn_complete: true },
      })
      const turn = await readTurn(peer)
      must(turn.text !== '', 'no text came: generation_config was not understood')
      peer.leave()
    },
  },
  {
    rule: 'MSG-5',
    title: 'a message without a known member is refused with 1007',
    async run({ open }) {
      for (const message of [{}, { fooBar: {} }]) {
        const peer = await open(TEXT)
        peer.send(message)
        await mustClose(peer, [1007])
      }
    },
  },
  {
    rule: 'MSG-9',
    title: 'null means absent',
    async run({ open }) {
      const peer = await open({ ...TEXT, systemInstruction: null, tools: null, sessionResumption: null })
      peer.leave()
    },
  },
  {
    rule: 'MSG-11',
    title: 'a value of the wrong type is refused with 1007 and the name of the field',
    async run({ connect, model }) {
      const peer = await connect()
      peer.send({ setup: { model, generationConfig: { temperature: 'warm' } } })
      await mustClose(peer, [1007], 'temperature')
    },
  },
]

/** Judged at the end, on everything that came before. */
export const overallChecks: readonly Check[] = [
  {
    rule: 'CON-7',
    title: 'messages stay below 1 MiB',
    async run({ largestBytes }) {
      must(largestBytes < 1024 * 1024, `a message had ${largestBytes} bytes`)
    },
  },
  {
    rule: 'CON-9',
    title: 'every message has exactly one known member beside usageMetadata',
    async run({ seen }) {
      for (const message of seen) {
        const members = Object.keys(message).filter((key) => key !== 'usageMetadata')
        must(
          members.length === 1 && KNOWN.includes(members[0]!),
          `a message has the members ${members.join(', ')}`,
        )
      }
    },
  },
  {
    rule: 'SRV-3',
    title: 'a message holds one event, a modelTurn one part',
    async run({ seen }) {
      for (const message of seen) {
        const kinds = kindsOf(message)
        must(kinds.length <= 1, `one message holds ${kinds.join(' and ')}`)
      }
    },
  },
  {
    rule: 'SRV-6',
    title: 'keys are camelCase',
    async run({ seen }) {
      const snake = seen.flatMap((message) => [...JSON.stringify(message).matchAll(/"(\w+_\w+)":/g)])[0]?.[1]
      must(snake === undefined, `there is a key ${snake}`)
    },
  },
]

const KNOWN = [
  'setupComplete',
  'serverContent',
  'toolCall',
  'toolCallCancellation',
  'goAway',
  'sessionResumptionUpdate',
  'voiceActivity',
  'voiceActivityDetectionSignal',
]
