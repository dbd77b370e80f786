/**
 * Sessions recorded from the real service: the client's side is played to our server with scripted engines, and what
 * the service sent must be a subsequence of what we send, in kind, order, names and shapes. The recordings are
 * excerpts, so we may send more messages; every other difference stands in a table below, with its reason.
 */

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'

import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { connectRaw, type RawClient } from '../../src/testing/echo-gateway.js'
import { type ScriptedServer, startScriptedServer } from '../../src/testing/scripted-server.js'

const folder = resolve(import.meta.dirname, '../../../shared/recordings')
const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.log')) : []

type Json = Readonly<Record<string, unknown>>
interface Frame {
  readonly from: 'client' | 'server'
  readonly text: string
}

/** Shapes of ours that the recorded message lacks, or writes otherwise. `path = value` where a text must differ so. */
const DIFFERENT_FIELDS: Readonly<Record<string, string>> = {
  'setupComplete.sessionId': 'sent in both flavours: adk and the Python SDK read it',
  'serverContent.modelTurn.role': 'sent in both flavours, as Vertex does',
  'serverContent.modelTurn.parts.0.inlineData.mimeType = audio/pcm;rate=24000':
    'pipecat and LiveKit accept either, browsers want the rate',
  'usageMetadata.candidatesTokenCount': 'both spellings are sent, each flavour reads its own',
  'usageMetadata.candidatesTokensDetails': 'both spellings are sent, each flavour reads its own',
}

/** Recorded messages that we do not send. */
const NOT_SENT: readonly {
  readonly why: string
  readonly matches: (frame: string, file: string) => boolean
}[] = [
  {
    why: 'Vertex begins a transcript with an empty one, which says nothing',
    matches: (frame, file) => file.startsWith('Vertex') && /"outputTranscription":\s*\{\}/.test(frame),
  },
  {
    why: 'the Developer API shows the Python call that its model wrote; our models write none',
    matches: (frame) => frame.includes('executableCode'),
  },
  {
    why: 'Vertex ends the generation at a call; LiveKit drops what follows, so the end comes with the answer',
    matches: (frame, file) =>
      file === 'Vertex_should_send_tool_response.websocket.log' && frame.includes('generationComplete'),
  },
]

/** The model calls the declared function; answers are long enough to be transcribed in pieces. */
const SCRIPT = `
rules:
  - match: { contains: weather }
    toolCalls: [{ name: get_current_weather, args: { location: "Redmond, WA" } }]
  - match: { contains: talk about }
    reply: We could talk about anything you like. Perhaps you have a hobby or an interest. Or a topic you are curious about.
`

function framesOf(file: string): Frame[] {
  const text = readFileSync(resolve(folder, file), 'utf8')
  const pieces = text.matchAll(/^(?:>\d+ (.*)|<\d+ (\{[\s\S]*?\n\}))$/gm)
  return [...pieces].map(([, client, server]) =>
    client === undefined ? { from: 'server', text: server! } : { from: 'client', text: client },
  )
}

/** Every path to a value with its type, lists by position; the texts of enums and mime types with their value. */
function shape(value: unknown, path = ''): Map<string, string> {
  const found = new Map<string, string>()
  const visit = (item: unknown, at: string): void => {
    if (Array.isArray(item) && /Details$/.test(at)) {
      // How many modalities are counted is no matter of form.
      found.set(at, 'list')
    } else if (typeof item === 'object' && item !== null) {
      if (at !== '') found.set(at, Array.isArray(item) ? 'list' : 'object')
      for (const [key, member] of Object.entries(item)) visit(member, at === '' ? key : `${at}.${key}`)
    } else {
      found.set(at, /mimeType$|role$/.test(at) ? `text ${String(item)}` : typeof item)
    }
  }
  visit(value, path)
  return found
}

/** Why `ours` is not the recorded message; empty where it is, but for the differences that are listed. */
function differences(recorded: Json, ours: Json, used: Set<string>): string[] {
  const wanted = shape(recorded)
  const got = shape(ours)
  const problems: string[] = []
  for (const [path, type] of wanted) {
    const found = got.get(path)
    if (found === type) continue
    const key = `${path} = ${found?.replace(/^text /, '')}`
    if (found !== undefined && key in DIFFERENT_FIELDS) used.add(key)
    else problems.push(`${path} is ${found ?? 'missing'}, recorded ${type}`)
  }
  for (const path of got.keys()) {
    if (wanted.has(path)) continue
    if (path in DIFFERENT_FIELDS) used.add(path)
    else problems.push(`${path} is not in the recording`)
  }
  return problems
}

/** What a message is, without its content. */
function kindOf(message: Json): string {
  const [member = ''] = Object.keys(message).filter((key) => key !== 'usageMetadata')
  const content = message[member] as Json
  if (member !== 'serverContent') return member
  const kind = Object.keys(content)[0] ?? ''
  const part = (content.modelTurn as { parts?: Json[] } | undefined)?.parts?.[0]
  return part ? `${kind} ${Object.keys(part)[0]}` : kind
}

async function play(file: string, server: ScriptedServer, used: Set<string>): Promise<void> {
  const path = file.startsWith('Vertex')
    ? server.url.replace(/\/ws\/.*/, '/ws/google.cloud.aiplatform.v1beta1.LlmBidiService/BidiGenerateContent')
    : server.url
  const client = await connectRaw(path)
  let next = 0
  for (const { from, text } of framesOf(file)) {
    if (from === 'client') {
      client.send(text)
      continue
    }
    const dropped = NOT_SENT.find(({ matches }) => matches(text, file))
    if (dropped) used.add(dropped.why)
    else next = await find(JSON.parse(text) as Json, client, next, used)
  }
  // A session that was recorded to go on has not been closed by us.
  expect(client.socket.readyState).toBe(client.socket.OPEN)
  client.socket.close()
}

/** Where the recorded message was found among ours, from `next` on; the position behind it. */
async function find(recorded: Json, client: RawClient, next: number, used: Set<string>): Promise<number> {
  const passed: string[] = []
  for (let index = next; ; index++) {
    const ours = (await client.message(index).catch((error: Error) => {
      throw new Error(`${kindOf(recorded)} did not come (${error.message}); passed: ${passed.join(', ')}`)
    })) as Json
    const kind = kindOf(ours)
    if (kind === kindOf(recorded)) {
      expect(differences(recorded, ours, used)).toEqual([])
      return index + 1
    }
    passed.push(kind)
    // The turn is over: what has not come will not.
    if (kind === 'turnComplete')
      throw new Error(`${kindOf(recorded)} did not come; passed: ${passed.join(', ')}`)
  }
}

describe.skipIf(files.length === 0)('[SRV-8] recorded sessions', () => {
  let server: ScriptedServer
  const used = new Set<string>()
  beforeAll(async () => {
    server = await startScriptedServer({ script: SCRIPT })
  })
  afterAll(() => server?.close())

  it('are nineteen', () => {
    expect(files).toHaveLength(19)
  })

  for (const file of files) {
    it(file, () => play(file, server, used), 10_000)
  }

  it('differ from ours in nothing else than is listed, and in all of that', () => {
    const listed = [...Object.keys(DIFFERENT_FIELDS), ...NOT_SENT.map(({ why }) => why)]
    expect([...used].sort()).toEqual(listed.sort())
  })
})
