/**
 * Keeps sessions in Redis or Valkey, so that several servers share them: one hash for each session, which the server
 * itself expires, and a channel on which claims are told. While the connection is down, commands wait for it.
 */
import { createClient, RESP_TYPES } from '@redis/client'
import type { SessionStore } from './store.js'

export interface RedisStoreOptions {
  /** `redis[s]://[[user][:password]@]host[:port][/database]` */
  readonly url: string
  readonly onError: (error: unknown) => void
}

const PREFIX = 'vivavoce:session:'
const COUNT_PREFIX = 'vivavoce:count:'
const CHANNEL = 'vivavoce:claims'
/** Commands that may wait while the server is away; beyond it they fail, and the next turn tries again. */
const MAX_WAITING_COMMANDS = 10_000
const RECONNECT_MS = 500

/** Atomic in Redis: nothing is kept for a holder that has lost the session. */
const PUT = `
local epoch = tonumber(redis.call('HGET', KEYS[1], 'epoch') or '0')
if epoch > tonumber(ARGV[1]) then return 0 end
redis.call('HSET', KEYS[1], 'epoch', ARGV[1], 'bytes', ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return 1`
const CLAIM = `
local bytes = redis.call('HGET', KEYS[1], 'bytes')
if not bytes then return false end
local epoch = redis.call('HINCRBY', KEYS[1], 'epoch', 1)
redis.call('PUBLISH', ARGV[1], ARGV[2] .. ' ' .. epoch)
return {epoch, bytes}`

const COUNT = `
local sum = redis.call('INCRBY', KEYS[1], ARGV[1])
if redis.call('PTTL', KEYS[1]) < 0 then redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
return sum`

/** Rejects with an error that names the address (never the password) where the server is not there. */
export async function createRedisStore({ url, onError }: RedisStoreOptions): Promise<SessionStore> {
  const { hostname, port } = new URL(url)
  const address = `${hostname}:${port || 6379}`
  let connected = false
  const client = createClient({
    url,
    commandsQueueMaxLength: MAX_WAITING_COMMANDS,
    socket: {
      connectTimeout: 5_000,
      // A wrong address must be told at the start; a server that was there before comes back.
      reconnectStrategy: (_retries, cause) => (connected ? RECONNECT_MS : cause),
    },
  })
  const subscriber = client.duplicate()
  for (const each of [client, subscriber]) each.on('error', onError)
  try {
    await client.connect()
    await subscriber.connect()
  } catch (error) {
    for (const each of [client, subscriber]) each.destroy()
    throw new Error(`No Redis answers at ${address}: start it, or choose another sessions.store.`, {
      cause: error,
    })
  }
  connected = true
  const binary = client.withTypeMapping({ [RESP_TYPES.BLOB_STRING]: Buffer })

  return {
    description: `Redis at ${address}`,
    async put(id, { epoch, bytes }, ttlMs) {
      const kept = await binary.eval(PUT, {
        keys: [PREFIX + id],
        arguments: [String(epoch), asBuffer(bytes), String(Math.ceil(ttlMs))],
      })
      return Number(kept) === 1
    },
    async read(id) {
      const [epoch, bytes] = await binary.hmGet(PREFIX + id, ['epoch', 'bytes'])
      return epoch && bytes ? { epoch: Number(epoch), bytes: bytes as unknown as Buffer } : undefined
    },
    async claim(id) {
      const claimed = await binary.eval(CLAIM, { keys: [PREFIX + id], arguments: [CHANNEL, id] })
      if (!Array.isArray(claimed)) return undefined
      const [epoch, bytes] = claimed as unknown as [number, Buffer]
      return { epoch: Number(epoch), bytes }
    },
    async count(id, by, ttlMs) {
      const sum = await client.eval(COUNT, {
        keys: [COUNT_PREFIX + id],
        arguments: [String(by), String(Math.ceil(ttlMs))],
      })
      return Number(sum)
    },
    onClaimed(listener) {
      void subscriber
        .subscribe(CHANNEL, (message) => {
          const [id = '', epoch] = message.split(' ')
          listener(id, Number(epoch))
        })
        .catch(onError)
    },
    async close() {
      subscriber.destroy()
      await client.close()
    },
  }
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
