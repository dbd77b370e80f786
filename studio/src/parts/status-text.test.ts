/** The sentence of the state: what can be done is said only where it can be done. */
import { describe, expect, test } from 'vitest'
import { textIn } from '../text/words'
import { type Situation, statusText } from './status-text'

const SPEAKING: Situation = {
  status: 'live',
  speaking: true,
  muted: false,
  pressing: false,
  hasMicrophone: true,
  playingFile: undefined,
  inForce: {},
}

describe('while the model speaks', () => {
  test.each<[string, Partial<Situation>, string]>([
    ['one can talk', {}, 'Speaking. Talk to interrupt.'],
    ['muted', { muted: true }, 'Speaking'],
    ['without a microphone', { hasMicrophone: false }, 'Speaking'],
    ['not to be interrupted', { inForce: { activityHandling: 'NO_INTERRUPTION' } }, 'Speaking'],
    [
      'interrupted by whoever speaks',
      { inForce: { activityHandling: 'START_OF_ACTIVITY_INTERRUPTS' } },
      'Speaking. Talk to interrupt.',
    ],
    // The microphone of push-to-talk is muted until the button is held.
    ['push to talk', { inForce: { manual: true }, muted: false }, 'Speaking. Hold the button to interrupt.'],
    ['push to talk, held', { inForce: { manual: true }, pressing: true }, 'Speaking'],
    [
      'push to talk, not to be interrupted',
      { inForce: { manual: true, activityHandling: 'NO_INTERRUPTION' } },
      'Speaking',
    ],
  ])('%s', (_, given, expected) => {
    expect(statusText(textIn('en'), { ...SPEAKING, ...given })).toBe(expected)
  })
})
