/** Conversations that go on in another connection, on scripted engines and a clock that is turned by hand. */
import { describe, expect, it } from 'vitest'
import { decodeClientMessage, ProtocolError, type ServerMessage } from '../protocol/index.js'
import type { RunningSession } from '../runtime/index.js'
import { createRecordingConnection, type RecordingConnection } from '../testing/recording-connection.js'
import { setupOf, startSession } from '../testing/session-bench.js'
import { createMemoryStore } from './memory-store.js'
import { createResumableSessions, type ResumableSessions } from './resumable-sessions.js'
import type { SessionStore } from './store.js'

const SCRIPT = `
delaysMs: { perToken: 100 }
rules:
  - match: { contains: name is Ada }
    reply: Nice to meet you, Ada.
  - match: { contains: Which turn, turn: 2 }
    reply: The second.
`

interface Server {
  readonly sessions: ResumableSessions
  readonly clock: ReturnType<typeof startSession>['clock']
}

const quiet = { debug() {}, info() {}, warn() {}, error() {} }

/** Servers that share a store; each has its own engines and clock. */
function server(store: SessionStore, maxSessions = 10): Server {
  // One of them is taken from the start.
  const { host, clock } = startSession({}, SCRIPT, { maxSessions })
  return { sessions: createResumableSessions({ host, store, logger: quiet }), clock }
}

interface Client {
  readonly connection: RecordingConnection
  readonly session: RunningSession
  say(text: string): void
}

async function connect({ sessions, clock }: Server, setup: object = {}): Promise<Client> {
  const connection = createRecordingConnection(clock)
  const config = { generationConfig: { responseModalities: ['TEXT'] }, sessionResumption: {}, ...setup }
  const session = await sessions.open(setupOf(config), connection)
  await clock.advance(0)
  return {
    connection,
    session,
    say: (text) =>
      session.receive({ type: 'client-content', turns: [{ role: 'user', text }], turnComplete: true }),
  }
}

const resumption = (handle: string | undefined, transparent = false) => ({
  sessionResumption: { handle, transparent },
})
const updates = ({ connection }: Client) =>
  connection.sent.flatMap(({ message }) =>
    'sessionResumptionUpdate' in message ? [message.sessionResumptionUpdate] : [],
  )
const handle = (client: Client) => updates(client).findLast((update) => update.newHandle)?.newHandle
const written = ({ connection }: Client) => connection.sent.map(({ message }) => textOf(message)).join('')
function textOf(message: ServerMessage): string {
  if (!('serverContent' in message)) return ''
  const part = message.serverContent.modelTurn?.parts[0]
  return part && 'text' in part ? part.text : ''
}
const turnsEnded = ({ connection }: Client) =>
  connection.sent.filter(({ message }) => 'serverContent' in message && message.serverContent.turnComplete)
    .length

async function refusal(opening: () => Promise<unknown>): Promise<ProtocolError> {
  const error = await opening().then(
    () => undefined,
    (reason) => reason,
  )
  expect(error).toBeInstanceOf(ProtocolError)
  return error as ProtocolError
}

describe('a session that asks for resumption', () => {
  it('[RES-4] gets a handle at once, none while it is busy, another after the turn', async () => {
    const one = server(createMemoryStore(Date.now))
    const client = await connect(one)
    expect(updates(client)).toEqual([{ newHandle: expect.stringMatching(/^[\w-]{48}$/), resumable: true }])
    client.say('My name is Ada')
    await one.clock.advance(150)
    expect(updates(client).at(-1)).toEqual({ resumable: false })
    await one.clock.advance(2_000)
    expect(updates(client).map(({ resumable }) => resumable)).toEqual([true, false, true])
    expect(new Set(updates(client).map(({ newHandle }) => newHandle)).size).toBe(3)
  })

  it('[RES-10] leaves nothing in the store where it did not', async () => {
    const puts: string[] = []
    const store = createMemoryStore(Date.now)
    const one = server({ ...store, put: (id, ...rest) => store.put(puts[puts.push(id) - 1] ?? '', ...rest) })
    const client = await connect(one, { sessionResumption: undefined })
    client.say('hello')
    await one.clock.advance(2_000)
    client.session.disconnected()
    await one.clock.advance(0)
    expect(turnsEnded(client)).toBe(1)
    expect([puts, updates(client)]).toEqual([[], []])
  })

  it('[RES-11] is kept sealed: no word of it is in the store', async () => {
    const kept: Uint8Array[] = []
    const store = createMemoryStore(Date.now)
    const one = server({
      ...store,
      put: (id, record, ttlMs) => {
        kept.push(record.bytes)
        return store.put(id, record, ttlMs)
      },
    })
    const client = await connect(one)
    client.say('My name is Ada')
    await one.clock.advance(2_000)
    expect(kept.length).toBeGreaterThan(2)
    for (const bytes of kept) expect(Buffer.from(bytes).includes('Ada')).toBe(false)
  })
})

describe('a session that goes on', () => {
  it('[RES-6] on another server has its history', async () => {
    const store = createMemoryStore(Date.now)
    const [one, two] = [server(store), server(store)]
    const first = await connect(one)
    first.say('My name is Ada')
    await one.clock.advance(2_000)
    first.session.disconnected()
    await one.clock.advance(0)

    const second = await connect(two, resumption(handle(first)))
    expect(written(second)).toBe('')
    second.say('Which turn is this?')
    await two.clock.advance(2_000)
    expect(written(second)).toBe('The second.')
    expect(handle(second)).not.toBe(handle(first))
  })

  it('[RES-5] gives the answer that was owed, whole and once', async () => {
    const store = createMemoryStore(Date.now)
    const one = server(store)
    const first = await connect(one)
    first.say('My name is Ada')
    await one.clock.advance(250)
    expect(written(first)).toBe('Nice to meet')
    first.session.disconnected()
    const second = await connect(one, resumption(handle(first)))
    await one.clock.advance(2_000)
    expect(written(second)).toBe('Nice to meet you, Ada.')
    expect(turnsEnded(second)).toBe(1)
    expect(updates(second).at(-1)?.resumable).toBe(true)
  })

  it('[RES-5] gives an answer again that was lost on its way', async () => {
    const one = server(createMemoryStore(Date.now))
    const first = await connect(one)
    first.connection.receives = false
    first.say('My name is Ada')
    const before = handle(first)
    await one.clock.advance(2_000)
    first.session.disconnected()
    const second = await connect(one, resumption(before))
    await one.clock.advance(2_000)
    expect(written(second)).toBe('Nice to meet you, Ada.')
  })

  it('[RES-7] is taken from the connection that still has it, in the middle of its answer', async () => {
    const one = server(createMemoryStore(Date.now))
    const first = await connect(one)
    first.say('My name is Ada')
    await one.clock.advance(250)
    const second = await connect(one, resumption(handle(first)))
    expect(first.connection.closed).toEqual({
      code: 1000,
      reason: 'This session goes on in another connection.',
    })
    await one.clock.advance(2_000)
    expect(written(second)).toBe('Nice to meet you, Ada.')
    expect(written(first)).toBe('Nice to meet')
  })

  it('[RES-7] is taken from another server when that next wants to keep it', async () => {
    const store = createMemoryStore(Date.now)
    const [one, two] = [server(store), server(store)]
    const first = await connect(one)
    const second = await connect(two, resumption(handle(first)))
    first.say('My name is Ada')
    await one.clock.advance(50)
    expect(first.connection.closed?.code).toBe(1000)
    second.say('Still here')
    await two.clock.advance(2_000)
    expect(turnsEnded(second)).toBe(1)
  })

  it('[RES-8] counts every message that its client has sent', async () => {
    const one = server(createMemoryStore(Date.now))
    const client = await connect(one, resumption(undefined, true))
    const index = async () => {
      await one.clock.advance(2_000)
      return updates(client).at(-1)?.lastConsumedClientMessageIndex
    }
    const send = (message: object) => client.session.receive(decodeClientMessage(JSON.stringify(message)))
    send({ contextUpdate: { systemInstruction: { parts: [{ text: 'Be brief.' }] } } })
    expect(await index()).toBe('1')
    send({ toolResponse: { functionResponses: [{ name: 'mood', response: { output: 'good' } }] } })
    expect(await index()).toBe('2')
    send({ realtimeInput: { text: 'hello' } })
    expect(await index()).toBe('3')
    client.say('hello again')
    expect(await index()).toBe('4')
  })

  it('[RES-9] goes on from just where the handle leads for a client that replays', async () => {
    const one = server(createMemoryStore(Date.now))
    const first = await connect(one, resumption(undefined, true))
    first.say('My name is Ada')
    await one.clock.advance(2_000)
    expect(updates(first).at(-1)?.lastConsumedClientMessageIndex).toBe('1')
    const safe = handle(first)
    first.say('Lost')
    await one.clock.advance(150)
    first.session.disconnected()
    const second = await connect(one, resumption(safe, true))
    await one.clock.advance(2_000)
    expect(written(second)).toBe('')
    second.say('Lost')
    await one.clock.advance(2_000)
    expect(written(second)).toBe('Lost')
    expect(turnsEnded(second)).toBe(1)
  })
})

describe('a handle that leads nowhere', () => {
  const nowhere =
    'BidiGenerateContent session not found: the handle is wrong or expired (2 h); start without a handle.'

  it.each(['nonsense', 'A'.repeat(48)])(
    '%j is refused as the service does, with what to do',
    async (text) => {
      const error = await refusal(() => connect(server(createMemoryStore(Date.now)), resumption(text)))
      expect([error.closeCode, error.reason]).toEqual([1008, nowhere])
    },
  )

  it('[RES-12] is one whose two hours are over', async () => {
    let nowMs = 0
    const one = server(createMemoryStore(() => nowMs))
    const first = await connect(one)
    first.session.disconnected()
    await one.clock.advance(0)
    nowMs = 2 * 3_600_000 - 1
    const second = await connect(one, resumption(handle(first)))
    second.session.disconnected()
    await one.clock.advance(0)
    nowMs += 2 * 3_600_000 + 1
    expect((await refusal(() => connect(one, resumption(handle(first))))).closeCode).toBe(1008)
  })

  it('[RES-13] is one for another model', async () => {
    const one = server(createMemoryStore(Date.now))
    const first = await connect(one)
    const other = { model: 'models/gemini-3.8-live', ...resumption(handle(first)) }
    const error = await refusal(() => connect(one, other))
    expect(error.closeCode).toBe(1007)
    expect(error.reason).toMatch(/^setup\.model cannot change on resumption: use "gemini-live-2\.5-flash"/)
    expect(first.connection.closed).toBeUndefined()
  })

  it('[RES-16] is told apart from a store that does not answer', async () => {
    const store = createMemoryStore(Date.now)
    const down = () => Promise.reject(new Error('down'))
    const error = await refusal(() => connect(server({ ...store, read: down }), resumption('A'.repeat(48))))
    expect(error.closeCode).toBe(1011)
  })

  describe('[RES-7] takes the session from nobody', () => {
    /** A session that talks on a server while somebody is refused with its handle, here and on another. */
    async function undisturbed(
      attempt: (handle: string) => object,
      code: number,
      store = createMemoryStore(Date.now),
    ) {
      const holder = server(store)
      const first = await connect(holder, resumption(undefined, true))
      const given = handle(first)!
      for (const other of [holder, server(store)]) {
        const error = await refusal(() => connect(other, attempt(given)))
        expect(error.closeCode).toBe(code)
      }
      first.say('My name is Ada')
      await holder.clock.advance(2_000)
      expect(written(first)).toBe('Nice to meet you, Ada.')
      expect(first.connection.closed).toBeUndefined()
      // It is kept as before.
      expect(updates(first).at(-1)).toMatchObject({ resumable: true })
    }

    it('where it leads to no point of the session', () =>
      undisturbed((given) => {
        const bytes = Buffer.from(given, 'base64url')
        bytes.writeUInt32BE(5_000, 32)
        return resumption(bytes.toString('base64url'), true)
      }, 1008))

    it('where it is another model’s', () =>
      undisturbed((given) => ({ model: 'models/gemini-3.8-live', ...resumption(given, true) }), 1007))

    it('where the store does not answer', () => {
      let reads = 0
      const store = createMemoryStore(Date.now)
      const read = () => (reads++ < 2 ? Promise.reject(new Error('down')) : store.read(''))
      return undisturbed((given) => resumption(given, true), 1011, { ...store, read })
    })

    it('where a server that does not have it is full; the one that has it needs no more room', async () => {
      const store = createMemoryStore(Date.now)
      const [one, two] = [server(store, 2), server(store, 2)]
      const first = await connect(one)
      const other = await connect(two)
      expect((await refusal(() => connect(two, resumption(handle(first))))).reason).toContain('full')
      first.say('My name is Ada')
      await one.clock.advance(2_000)
      expect(written(first)).toBe('Nice to meet you, Ada.')
      const again = await connect(one, resumption(handle(first)))
      expect([first, other, again].map(({ connection }) => connection.closed?.code)).toEqual([
        1000,
        undefined,
        undefined,
      ])
    })
  })
})
