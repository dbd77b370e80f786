/**
 * Prints whether the sound tells another voice: `node --import tsx test/models/addressee/sound.ts FOLDER`. WAV files whose names are alike up to the
 * first digit behind a letter are one speaker's; each file is compared with up to three others of its speaker, and with those of every other one.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readWav, resample, voiceManner } from '../../../src/audio/index.js'
import { type Manner, NEW_SPEAKER, OTHER_VOICE_SEMITONES, withManner } from '../../../src/core/index.js'

const [folder = '.'] = process.argv.slice(2)
const speakers = new Map<string, Manner[]>()
for (const name of readdirSync(folder).filter((each) => each.endsWith('.wav'))) {
  const { samples, sampleRateHz } = readWav(readFileSync(join(folder, name)))
  // s01_af_heart_16k.wav is by af_heart, ps_cards3.wav by ps_cards.
  const speaker = name
    .replace(/^s\d+_/, '')
    .replace(/(_16k)?\.wav$/, '')
    .replace(/\d+$/, '')
  const manners = speakers.get(speaker) ?? []
  speakers.set(speaker, [...manners, voiceManner(resample(samples, sampleRateHz, 16_000))])
}

function apart(known: readonly Manner[], heard: Manner): { levelDb: number; semitones: number } {
  const { means } = known.reduce(withManner, NEW_SPEAKER)
  return {
    levelDb: heard.loudnessDb - means.loudness,
    semitones: 12 * Math.log2(heard.pitchHz) - means.pitch,
  }
}

const same = [...speakers.values()].flatMap((own) =>
  own.length < 2 ? [] : own.map((heard) => apart(own.filter((each) => each !== heard).slice(0, 3), heard)),
)
const others = [...speakers].flatMap(([name, own]) =>
  [...speakers].flatMap(([other, [heard]]) =>
    other === name || !heard ? [] : [apart(own.slice(0, 3), heard)],
  ),
)
const told = (list: readonly { semitones: number }[]) =>
  `${list.filter(({ semitones }) => Math.abs(semitones) > OTHER_VOICE_SEMITONES).length} of ${list.length}`
console.log(
  JSON.stringify({
    sameSpeakerTakenForAnother: told(same),
    mostSemitones: Math.max(...same.map(({ semitones }) => Math.abs(semitones))),
    mostDb: Math.max(...same.map(({ levelDb }) => -levelDb)),
    otherSpeakersTold: told(others),
  }),
)
