/** A sound with what makes a voice, to measure things by: no words. */
const VOICE_HZ = 16_000

/** Pulses at a pitch through a falling spectrum, in syllables of equal length with dips between them. */
export function voice({
  hz = 120,
  syllables = 8,
  seconds = 2,
  gain = 0.3,
  harmonics = 6,
  glide = 0,
} = {}): Float32Array {
  let phase = 0
  return Float32Array.from({ length: seconds * VOICE_HZ }, (_, index) => {
    const t = index / VOICE_HZ
    phase += (2 * Math.PI * hz * 2 ** ((glide * (t / seconds - 0.5)) / 12)) / VOICE_HZ
    let sample = 0
    for (let n = 1; n <= harmonics; n++) sample += Math.sin(n * phase) / n ** 2
    const envelope = Math.sin(Math.PI * ((t * syllables) / seconds)) ** 2
    return gain * sample * (0.02 + 0.98 * envelope)
  })
}
