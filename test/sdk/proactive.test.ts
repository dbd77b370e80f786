/** Proactive audio through Google's SDK: who talks to somebody else is not answered, and the SDK's turns stay in step. */
import { afterEach, describe, expect, it } from 'vitest'
import { type ScriptedServer, startScriptedServer } from '../../src/testing/scripted-server.js'
import { callLive, type LiveCaller } from './live-caller.js'

const MODEL = 'gemini-2.5-flash-native-audio-latest'
const SCRIPT = `
rules:
  - { match: { turn: 1 }, transcript: "Tom, could you set the table, please?" }
  - { match: { turn: 2 }, transcript: "What time is it?" }
  - { match: { contains: "what time" }, reply: "It is ten." }
  - { reply: "Of course." }
`

let server: ScriptedServer | undefined
let caller: LiveCaller | undefined
afterEach(async () => {
  await caller?.close()
  await server?.close()
})

async function talk(proactiveAudio: boolean): Promise<readonly string[]> {
  server = await startScriptedServer({ script: SCRIPT })
  caller = await callLive(server.http, { model: MODEL, proactiveAudio })
  await caller.speak(900)
  await caller.until('turnComplete')
  await caller.speak(900)
  await caller.until('turnComplete', 2)
  return caller.told
}

describe('proactive audio', () => {
  it('[PRO-2] what is said to somebody else ends with waitingForInput, and the next question is answered', async () => {
    const told = await talk(true)
    const [heard, ...rest] = told
    expect(heard).toContain('Tom')
    expect(rest.slice(0, 2)).toEqual(['waitingForInput', 'turnComplete'])
    expect(caller!.words()).toBe('It is ten.')
  }, 90_000)

  it('[PRO-1] without it, it is answered', async () => {
    const told = await talk(false)
    expect(told).not.toContain('waitingForInput')
    expect(caller!.words()).toContain('Of course.')
  }, 90_000)
})
