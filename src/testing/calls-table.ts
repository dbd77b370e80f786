/** The flow of function calls as a table: plays events to the core and reads what is sent and asked of the model. Knows no test. */

import { floorSettings, type SessionConfig } from '../core/config.js'
import type { Effect, SessionMessage } from '../core/effects.js'
import type { SessionEvent } from '../core/events.js'
import { type Given, runEvents } from './session-table.js'

export const CONFIG: SessionConfig = {
  modality: 'AUDIO',
  system: '',
  style: '',
  floor: floorSettings({ automatic: true, silenceDurationMs: 500 }),
  interruptible: true,
  inputTranscription: false,
  outputTranscription: false,
  language: 'en',
  functions: [
    { name: 'wait', description: '', behavior: 'BLOCKING' },
    { name: 'other', description: '', behavior: 'BLOCKING' },
    { name: 'back', description: '', behavior: 'NON_BLOCKING' },
    { name: 'plain', description: '' },
  ],
}

/** As the table of the session, with the timers that are set at the end. */
export function play(events: readonly Given[], config: Partial<SessionConfig> = {}) {
  const said: string[] = []
  const timers = new Set<string>()
  const session = runEvents(events, { ...CONFIG, ...config }, (effect) => {
    if (effect.type === 'set-timer') timers.add(effect.timer)
    if (effect.type === 'clear-timer') timers.delete(effect.timer)
    const word = short(effect)
    if (word) said.push(word)
  })
  return { said, session, timers }
}

export function short(effect: Effect): string | undefined {
  if (effect.type === 'start-response') return `answer: ${effect.prompt.messages.map(message).join(' | ')}`
  if (effect.type === 'cancel-response') return 'cancel'
  if (effect.type === 'close') return `close ${effect.closing.code}`
  if (effect.type !== 'send') return undefined
  const sent = effect.message
  if ('toolCall' in sent)
    return `call ${sent.toolCall.functionCalls.map(({ name, id }) => `${name}#${id.split('-')[2]}`)}`
  if ('toolCallCancellation' in sent)
    return `take back ${sent.toolCallCancellation.ids.map((id) => `#${id.split('-')[2]}`)}`
  if ('voiceActivity' in sent) return `${sent.voiceActivity.type} ${sent.voiceActivity.audioOffset}`
  if (!('serverContent' in sent)) return 'other'
  const { interactionStatus } = sent.serverContent
  return Object.keys(sent.serverContent)[0] + (interactionStatus ? ` ${interactionStatus}` : '')
}

export function message(each: SessionMessage): string {
  if ('text' in each) return each.text
  if (each.role === 'call') return `${each.name}()`
  if ('error' in each.result) return '= failed'
  const { output } = each.result
  if (typeof output !== 'string') return `= ${JSON.stringify(output)}`
  return output.startsWith('Still running') ? '= running' : `= ${output}`
}

export const ask = (text: string): Given => ({
  type: 'content',
  turns: [{ role: 'user', text }],
  turnComplete: true,
})
export const typed = (text: string): Given => ({ type: 'realtime-text', text })
export const output = (response: number, text: string, audioMs = 500): Given => ({
  type: 'response-output',
  response,
  text,
  audioMs,
})
export const generated = (response: number, ...calls: string[]): Given => ({
  type: 'response-generated',
  response,
  promptTokens: 1,
  outputTokens: 1,
  calls: calls.map((name) => ({ name, args: {} })),
})
type Result = Extract<SessionEvent, { type: 'tool-results' }>['results'][number]
export const result = (id: number | undefined, value: string, more: Partial<Result> = {}): Given => ({
  type: 'tool-results',
  results: [
    {
      ...(id !== undefined && { id: `function-call-${id}` }),
      result: { output: value },
      willContinue: false,
      ...more,
    },
  ],
})
export const score = (fromMs: number, toMs: number, probability: number): Given[] => {
  const events: Given[] = []
  for (let startMs = fromMs; startMs < toMs; startMs += 32)
    events.push({ type: 'speech-score', at: startMs + 32, startMs, endMs: startMs + 32, probability })
  return events
}
export const live: Given = { type: 'audio-received', at: 0, live: true }
