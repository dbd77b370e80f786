/** Typed words are answered in their language: what the voice is asked to speak. */
import { expect, it } from 'vitest'
import type { EngineSet } from '../engine/index.js'
import { startSession } from '../testing/session-bench.js'

const identifyLanguage = (text: string) =>
  /hola|qué/i.test(text) ? 'es' : /hello/i.test(text) ? 'en' : undefined

function start(setup: object = {}) {
  const languages: (string | undefined)[] = []
  const change = (engines: EngineSet): EngineSet => ({
    ...engines,
    tts: {
      ...engines.tts,
      speak(text, voice, signal) {
        languages.push(voice.language)
        return engines.tts.speak(text, voice, signal)
      },
    },
  })
  return { ...startSession(setup, '', { change, identifyLanguage }), languages }
}

it('speaks the language of a turn that is typed, and keeps it where the next says nothing of it', async () => {
  const { say, clock, languages } = start()
  for (const text of ['Hola amigo', '42', 'Hello again']) {
    say(text)
    await clock.advance(5_000)
  }
  expect(languages).toEqual(['es', 'es', 'en'])
})

it('goes by the last words of the user, not by those of the model', async () => {
  const { session, clock, languages } = start()
  session.receive({
    type: 'client-content',
    turns: [
      { role: 'user', text: 'Hello' },
      { role: 'model', text: 'Hello' },
      { role: 'user', text: '¿Qué tal?' },
    ],
    turnComplete: true,
  })
  await clock.advance(5_000)
  expect(languages).toEqual(['es'])
})

it('is told so in realtime input too', async () => {
  const { session, clock, languages } = start()
  session.receive({ type: 'realtime-input', text: 'Hola' })
  await clock.advance(5_000)
  expect(languages).toEqual(['es'])
})

it('asks nobody where the client has named the language', async () => {
  const { say, clock, languages } = start({ generationConfig: { speechConfig: { languageCode: 'en-GB' } } })
  say('Hola amigo')
  await clock.advance(5_000)
  expect(languages).toEqual(['en-GB'])
})
