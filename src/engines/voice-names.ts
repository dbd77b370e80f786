/**
 * The 30 voice names of the Live API and whether a listener expects a woman or a man. Which sound a name gets is
 * each engine's own table.
 */
export type VoiceGender = 'female' | 'male'

export const LIVE_VOICES = {
  Zephyr: 'female',
  Kore: 'female',
  Leda: 'female',
  Aoede: 'female',
  Callirrhoe: 'female',
  Autonoe: 'female',
  Despina: 'female',
  Erinome: 'female',
  Laomedeia: 'female',
  Achernar: 'female',
  Gacrux: 'female',
  Pulcherrima: 'female',
  Vindemiatrix: 'female',
  Sulafat: 'female',
  Puck: 'male',
  Charon: 'male',
  Fenrir: 'male',
  Orus: 'male',
  Enceladus: 'male',
  Iapetus: 'male',
  Umbriel: 'male',
  Algieba: 'male',
  Algenib: 'male',
  Rasalgethi: 'male',
  Alnilam: 'male',
  Schedar: 'male',
  Sadachbia: 'male',
  Achird: 'male',
  Zubenelgenubi: 'male',
  Sadaltager: 'male',
} as const satisfies Record<string, VoiceGender>

export type LiveVoice = keyof typeof LIVE_VOICES

export const LIVE_VOICE_NAMES = Object.keys(LIVE_VOICES) as readonly LiveVoice[]

const byLowerCase = new Map(LIVE_VOICE_NAMES.map((name) => [name.toLowerCase(), name]))

/** The Live API's name behind what a client wrote, whatever its case; undefined for any other name. */
export function findLiveVoice(name: string | undefined): LiveVoice | undefined {
  return byLowerCase.get(name?.trim().toLowerCase() ?? '')
}
