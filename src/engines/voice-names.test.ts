import { expect, it } from 'vitest'
import { findLiveVoice, LIVE_VOICE_NAMES } from './voice-names.js'

it('knows the 30 names, in any case', () => {
  expect(LIVE_VOICE_NAMES).toHaveLength(30)
  expect(findLiveVoice('aoede')).toBe('Aoede')
  expect(findLiveVoice(' PUCK ')).toBe('Puck')
  expect(findLiveVoice('af_heart')).toBeUndefined()
  expect(findLiveVoice('constructor')).toBeUndefined()
  expect(findLiveVoice(undefined)).toBeUndefined()
})
