/**
 * Prints the figures of tone: `node --import tsx test/models/tone/measure.ts --home ~/.vivavoce [--out file.json]`. Kokoro speaks the pairs made with
 * the product's own controls; they are reported apart from eSpeak's. The recordings are neutral read speech.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { readWav, resample, voiceManner } from '../../../src/audio/index.js'
import { modelPaths, runtimePaths } from '../../../src/catalog/index.js'
import { NEW_SPEAKER, readTone, withManner } from '../../../src/core/index.js'
import { loadKokoro } from '../../../src/engines/kokoro/index.js'
import { toneFigures } from './figures.js'
import { espeakSayings, kokoroSayings, type Saying } from './pairs.js'

const { values } = parseArgs({
  options: { home: { type: 'string' }, recordings: { type: 'string' }, out: { type: 'string' } },
})

/** 8 kHz and back: what a telephone leaves. */
const telephone = (samples: Float32Array) => resample(resample(samples, 16_000, 8_000), 8_000, 16_000)

const sets: Record<string, Saying[]> = { espeak: await espeakSayings() }
if (values.home) {
  const { main, file } = modelPaths(values.home, 'kokoro-82m')
  const runtimeDir = runtimePaths(values.home, 'onnxruntime-node').directory
  const kokoro = await loadKokoro({ modelPath: main, voicesDir: file('voices'), runtimeDir, threads: 2 })
  sets.kokoro = []
  for await (const saying of kokoroSayings(kokoro)) sets.kokoro.push(saying)
  await kokoro.close()
}
const report: Record<string, unknown> = {}
for (const [name, sayings] of Object.entries(sets)) {
  report[`${name}, known speaker`] = toneFigures(sayings, { knownSpeaker: true })
  report[`${name}, first sentence`] = toneFigures(sayings, { knownSpeaker: false })
  report[`${name}, known speaker, telephone`] = toneFigures(sayings, {
    knownSpeaker: true,
    change: telephone,
  })
}
if (values.recordings && existsSync(values.recordings)) {
  report['read speech, recorded'] = readSpeech(values.recordings)
}
console.log(JSON.stringify(report, null, 2))
if (values.out) writeFileSync(values.out, `${JSON.stringify(report, null, 2)}\n`)

/** All files whose names begin alike are one speaker's, as far as the first digit. */
function readSpeech(folder: string) {
  const names = readdirSync(folder).filter((name) => /^ps_.*\.wav$/.test(name))
  const figures = { usual: 0, falsely: 0 }
  const speakers = new Map<string, typeof NEW_SPEAKER>()
  for (const name of names.sort()) {
    const speaker = name.replace(/\d.*$/, '')
    const known = speakers.get(speaker) ?? NEW_SPEAKER
    const { samples, sampleRateHz } = readWav(readFileSync(join(folder, name)))
    const manner = voiceManner(resample(samples, sampleRateHz, 16_000))
    const tone = readTone(manner, '', 'en', known)
    figures.usual++
    if (process.env.DEBUG) console.log(name, tone, manner)
    if (tone.name !== 'neutral' && tone.name !== 'unknown') figures.falsely++
    speakers.set(speaker, withManner(known, manner))
  }
  return figures
}
