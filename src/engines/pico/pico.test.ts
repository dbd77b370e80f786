import { describe, expect, it } from 'vitest'
import { LIVE_VOICE_NAMES } from '../voice-names.js'
import { shapeFor } from '../voice-shapes.js'
import { PICO_VOICES } from './voices.js'

describe('the light voices', () => {
  it.each(Object.entries(PICO_VOICES))('%s can be shaped into every name', (_, { files, speaker }) => {
    expect(files).toHaveLength(2)
    for (const name of LIVE_VOICE_NAMES) {
      const { pitch, formant } = shapeFor(name, speaker)
      // What Pico takes: 50 to 200 % of its pitch, and a speed that stays within 20 to 500 %.
      const percent = (100 * (pitch / speaker.pitch)) / (formant / speaker.formant)
      expect(percent, name).toBeGreaterThanOrEqual(50)
      expect(percent, name).toBeLessThanOrEqual(200)
    }
  })

  it('are as they were recorded where nobody is named', () => {
    for (const { speaker } of Object.values(PICO_VOICES)) expect(shapeFor(undefined, speaker)).toBe(speaker)
  })
})
