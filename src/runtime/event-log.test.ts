/** A session that was recorded is decided again in the same way, whether or not its words were kept. */
import { expect, test } from 'vitest'
import { silence, startSession, stream, tone } from '../testing/session-bench.js'
import { createEventLog, readEventLog } from './event-log.js'
import { replay } from './replay.js'

async function recorded(words: boolean): Promise<string> {
  let text = ''
  const eventLog = createEventLog((_session, line) => {
    text += line
  }, words)
  const script = `
rules:
  - match: { contains: code }
    toolCalls: [{ name: check, args: { language: swordfish, digits: 4711 } }, { name: note }]
  - reply: alpha bravo charlie delta echo foxtrot golf hotel
`
  const functionDeclarations = [{ name: 'check' }, { name: 'note', behavior: 'NON_BLOCKING' }]
  const setup = {
    systemInstruction: { parts: [{ text: 'Be secretive.' }] },
    tools: [{ functionDeclarations }],
  }
  const started = startSession(setup, script, { eventLog })
  started.say('my password is swordfish')
  await started.clock.advance(300)
  await stream(started, tone(800))
  await stream(started, silence(1_500))
  await stream(started, tone(600))
  await stream(started, silence(5_000))
  started.say('check the code')
  await started.clock.advance(300)
  const result = { result: { output: { kind: 'bravo', digits: 4711 } }, willContinue: false }
  for (const name of ['note', 'check']) {
    started.session.receive({ type: 'tool-response', results: [{ ...result, name }] })
    await started.clock.advance(3_000)
  }
  started.session.disconnected()
  return text
}

test.each([true, false])('replays to the same effects, words kept: %s', async (words) => {
  const log = readEventLog(await recorded(words))
  const steps = [...replay(log)]
  expect(steps.length).toBeGreaterThan(100)
  expect(steps.filter(({ recorded: then }) => then !== undefined)).toEqual([])
  const effects = steps.flatMap((step) => step.effects)
  expect(effects.some((effect) => effect.includes('serverContent.interrupted'))).toBe(true)
  expect(effects.some((effect) => effect.includes('toolCall'))).toBe(true)
})

test('words stay out of the log unless they are asked for', async () => {
  expect(await recorded(true)).toContain('swordfish')
  const text = await recorded(false)
  for (const word of ['swordfish', 'password', 'secretive', 'bravo', 'speech of', '4711'])
    expect(text).not.toContain(word)
})

test('a decision that has changed since is told', async () => {
  const log = readEventLog(await recorded(true))
  const floor = { ...log.config.floor, onsetMs: 2_000 }
  const steps = [...replay({ ...log, config: { ...log.config, floor } })]
  expect(steps.some(({ recorded: then }) => then?.some((effect) => effect.startsWith('open-activity')))).toBe(
    true,
  )
})

test('what is no event log is refused, a last line cut short is not', async () => {
  const text = await recorded(false)
  expect(() => readEventLog('{"a":1}\n')).toThrow('no event log')
  expect(() => readEventLog('{"vivavoceEvents":99}\n')).toThrow('format 99')
  expect(() => readEventLog(`nonsense\n${text}`)).toThrow('line 1')
  expect(readEventLog(text.slice(0, -20)).events.length).toBe(readEventLog(text).events.length - 1)
})
