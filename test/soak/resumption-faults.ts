/**
 * Every way to break a conversation off, and how its client comes back: in the middle of an answer, between turns, while functions run,
 * by a cut, by another connection, by the death of the server or a restart of the store.
 */
import type { RedisServer } from '../../src/testing/redis-server.js'
import type { ServerProcess } from './server-process.js'
import type { Talker } from './talker.js'

export interface Stage {
  readonly disk: ServerProcess
  /** Two that share a store; absent without Redis. */
  readonly shared?: { readonly one: ServerProcess; readonly two: ServerProcess; readonly redis: RedisServer }
}

export interface Fault {
  readonly name: string
  readonly transparent: boolean
  readonly needsRedis?: true
  /** Breaks the conversations in the middle of a turn and brings each back. */
  strike(talkers: readonly Talker[], stage: Stage): Promise<void>
}

export async function each(
  talkers: readonly Talker[],
  run: (talker: Talker, index: number) => Promise<unknown>,
): Promise<void> {
  await Promise.all(talkers.map(run))
}
export const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
const anywhere = () => pause(Math.random() * 250)
/** Questions differ in length, so that a history of the right size is the right history. */
let questions = 0
export function nextQuestion(): string {
  const number = questions++
  return `Question ${number} ${'is this a word '.repeat(1 + (number % 5))}`.trim()
}

/** What calls functions in the script of the talkers. */
const look = () => `Look up ${nextQuestion()}`
const book = () => `Book ${nextQuestion()}`

async function reconnect(talker: Talker, server: ServerProcess): Promise<void> {
  talker.cut()
  await talker.connect(server.url)
}

/** While the old connection is open, which the server is to close. */
async function takeOver(talker: Talker, server: ServerProcess): Promise<void> {
  const left = talker.abandon()
  await talker.connect(server.url)
  const code = await left
  if (code !== 1000) throw new Error(`the old connection was closed with ${code}`)
}

/** Of every two talkers one waits for its function, and the other's runs in the background. */
async function callOne(talker: Talker, index: number): Promise<void> {
  if (index % 2 === 0) talker.ask(look(), 'waits')
  else talker.ask(book(), 'runs')
  await talker.called()
}

export const FAULTS: readonly Fault[] = [
  {
    name: 'connection cut in the middle of an answer',
    transparent: false,
    strike: (talkers, { disk }) =>
      each(talkers, async (talker) => {
        talker.ask(nextQuestion())
        await talker.output()
        await reconnect(talker, disk)
      }),
  },
  {
    name: 'connection cut anywhere in a turn, client replays',
    transparent: true,
    strike: (talkers, { disk }) =>
      each(talkers, async (talker) => {
        talker.ask(nextQuestion())
        await anywhere()
        await reconnect(talker, disk)
      }),
  },
  {
    name: 'connection cut between turns',
    transparent: false,
    strike: (talkers, { disk }) =>
      each(talkers, async (talker) => {
        await reconnect(talker, disk)
        talker.ask(nextQuestion())
      }),
  },
  {
    name: 'old connection still open in the middle of an answer',
    transparent: false,
    strike: (talkers, { disk }) =>
      each(talkers, async (talker) => {
        talker.ask(nextQuestion())
        await talker.output()
        await takeOver(talker, disk)
      }),
  },
  {
    name: 'server killed with -9 in the middle of answers',
    transparent: false,
    async strike(talkers, { disk }) {
      for (const talker of talkers) talker.ask(nextQuestion())
      // What was not kept yet can only be said again: that is the next row.
      await each(talkers, (talker) => Promise.all([talker.output(), talker.safe()]))
      await disk.killAndRestart()
      await each(talkers, (talker) => talker.connect(disk.url))
    },
  },
  {
    name: 'server killed with -9 anywhere in a turn, client replays',
    transparent: true,
    async strike(talkers, { disk }) {
      await each(talkers, async (talker) => {
        await anywhere()
        talker.ask(nextQuestion())
      })
      await disk.killAndRestart()
      await each(talkers, (talker) => talker.connect(disk.url))
    },
  },
  {
    name: 'connection cut while a call is waited for',
    transparent: false,
    strike: (talkers, { disk }) =>
      each(talkers, async (talker) => {
        talker.ask(look(), 'waits')
        await talker.called()
        await reconnect(talker, disk)
        // Told again, under the same id.
        await talker.called()
        talker.giveResult()
      }),
  },
  {
    name: 'connection cut behind the result of a call',
    transparent: false,
    strike: (talkers, { disk }) =>
      each(talkers, async (talker, index) => {
        talker.ask(look(), 'waits')
        await talker.called()
        talker.giveResult()
        // The result is on its way, or its answer is.
        if (index % 2 === 0) await talker.output()
        await reconnect(talker, disk)
      }),
  },
  {
    name: 'connection cut while a function runs in the background, its result comes later',
    transparent: false,
    strike: (talkers, { disk }) =>
      each(talkers, async (talker, index) => {
        talker.ask(book(), 'runs')
        await talker.called()
        // With a handle of after the call, and without.
        if (index % 2 === 0) await anywhere()
        await reconnect(talker, disk)
        await talker.called()
        talker.giveResult()
      }),
  },
  {
    name: 'connection cut behind a result of the background',
    transparent: false,
    strike: (talkers, { disk }) =>
      each(talkers, async (talker, index) => {
        talker.ask(book(), 'runs')
        await talker.called()
        talker.giveResult()
        if (index % 2 === 0) await talker.output()
        await reconnect(talker, disk)
      }),
  },
  {
    name: 'connection cut anywhere around calls, client replays',
    transparent: true,
    strike: (talkers, { disk }) =>
      each(talkers, async (talker, index) => {
        await callOne(talker, index)
        if (index % 4 < 2) talker.giveResult()
        await anywhere()
        await reconnect(talker, disk)
        if (index % 4 < 2) return
        await talker.called()
        talker.giveResult()
      }),
  },
  {
    name: 'server killed with -9 while calls are open, half of them in the background',
    transparent: false,
    async strike(talkers, { disk }) {
      await each(talkers, async (talker, index) => {
        await callOne(talker, index)
        await talker.safe()
      })
      await disk.killAndRestart()
      await each(talkers, async (talker) => {
        await talker.connect(disk.url)
        await talker.called()
        talker.giveResult()
      })
    },
  },
  {
    name: 'goes on at another server while the first has it (Redis)',
    transparent: false,
    needsRedis: true,
    strike: (talkers, { shared }) =>
      each(talkers, async (talker) => {
        talker.ask(nextQuestion())
        await talker.output()
        await takeOver(talker, shared!.two)
        await reconnect(talker, shared!.one)
      }),
  },
  {
    name: 'store restarted in the middle of answers, then cut (Redis)',
    transparent: true,
    needsRedis: true,
    async strike(talkers, { shared }) {
      for (const talker of talkers) talker.ask(nextQuestion())
      await each(talkers, (talker) => talker.output())
      await shared!.redis.restart()
      await each(talkers, async (talker) => {
        await reconnect(talker, shared!.one)
      })
    },
  },
]
