/** The frozen sets of sounds by their version: a list that changed would be another version. */
import { INTERRUPTION_LIST } from './interruption-list.js'
import { SECOND_INTERRUPTION_LIST } from './interruption-list-2.js'
import { THIRD_INTERRUPTION_LIST } from './interruption-list-3.js'
import { FOURTH_INTERRUPTION_LIST } from './interruption-list-4.js'
import { FIFTH_INTERRUPTION_LIST } from './interruption-list-5.js'
import { SIXTH_INTERRUPTION_LIST } from './interruption-list-6.js'
import { SEVENTH_INTERRUPTION_LIST } from './interruption-list-7.js'
import { EIGHTH_INTERRUPTION_LIST } from './interruption-list-8.js'
import { NINTH_INTERRUPTION_LIST } from './interruption-list-9.js'
import { TENTH_INTERRUPTION_LIST } from './interruption-list-10.js'
import { ELEVENTH_INTERRUPTION_LIST } from './interruption-list-11.js'
import { TWELFTH_INTERRUPTION_LIST } from './interruption-list-12.js'
import { PAUSE_LIST } from './pause-list.js'
import { SECOND_PAUSE_LIST } from './pause-list-2.js'
import { THIRD_PAUSE_LIST } from './pause-list-3.js'
import { FOURTH_PAUSE_LIST } from './pause-list-4.js'
import { type ListedSound, SOUND_LIST, SOUND_SET_VERSION } from './sound-list.js'

/** `over-`: what is said over the model; `pauses-`: turns with a pause for thought in them. */
export const SOUND_SETS: Readonly<Record<string, readonly ListedSound[]>> = {
  [SOUND_SET_VERSION]: SOUND_LIST,
  'over-1': INTERRUPTION_LIST,
  'over-2': SECOND_INTERRUPTION_LIST,
  'over-3': THIRD_INTERRUPTION_LIST,
  'over-4': FOURTH_INTERRUPTION_LIST,
  'over-5': FIFTH_INTERRUPTION_LIST,
  'over-6': SIXTH_INTERRUPTION_LIST,
  'over-7': SEVENTH_INTERRUPTION_LIST,
  'over-8': EIGHTH_INTERRUPTION_LIST,
  'over-9': NINTH_INTERRUPTION_LIST,
  'over-10': TENTH_INTERRUPTION_LIST,
  'over-11': ELEVENTH_INTERRUPTION_LIST,
  'over-12': TWELFTH_INTERRUPTION_LIST,
  'pauses-1': PAUSE_LIST,
  'pauses-2': SECOND_PAUSE_LIST,
  'pauses-3': THIRD_PAUSE_LIST,
  'pauses-4': FOURTH_PAUSE_LIST,
}
