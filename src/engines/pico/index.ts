/**
 * SVOX Pico as a synthesizer: light voices for English, Spanish, French, Italian and German, a few percent of real time on one thread. A
 * voice of 2009, plainer than a neural one: for machines on which that cannot keep up. Text → Pico, at the name's pitch → the name's size → trimmed audio
 * at 24 kHz. A smaller speaker is made by speaking slower and playing faster, within the resampling that is needed anyhow.
 */
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { fromDbfs, resample } from '../../audio/index.js'
import { EngineError, SPEECH_OUTPUT_HZ, type Synthesizer, type VoiceOptions } from '../../engine/index.js'
import { limitPeaks, pauseAfterMs, trimClause } from '../clause-edges.js'
import { pitchFactor } from '../pitch-shifter.js'
import { textToSpeak } from '../speech-text.js'
import { shapeFor } from '../voice-shapes.js'
import { openPicoSpeaker, PICO_HZ, type PicoSpeaker } from './speaker.js'
import { PICO_VOICES } from './voices.js'

export interface PicoOptions {
  /** Holds the voices' files; a language whose files are absent is not spoken. */
  readonly dir: string
}

/** A voice is read (1 MB, 20 ms) when its language is first spoken. Throws `EngineError` where there is none at all. */
export async function loadPico({ dir }: PicoOptions): Promise<Synthesizer & { close(): Promise<void> }> {
  const languages = Object.keys(PICO_VOICES).filter((language) =>
    PICO_VOICES[language]!.files.every((file) => existsSync(join(dir, file))),
  )
  if (languages.length === 0) throw new EngineError('engine-failed', `There is no voice of Pico in ${dir}.`)
  const speakers = new Map<string, Promise<PicoSpeaker>>()

  function speakerOf(language: string): Promise<PicoSpeaker> {
    const known = speakers.get(language)
    if (known) return known
    const opening = open(dir, language)
    opening.catch(() => speakers.delete(language))
    speakers.set(language, opening)
    return opening
  }

  return {
    info: {
      id: 'pico',
      kind: 'tts',
      languages,
      description: 'SVOX Pico, one voice for each language, shaped into 30',
    },

    async *speak(text: string, voice: VoiceOptions, signal: AbortSignal) {
      signal.throwIfAborted()
      const tag = voice.language?.toLowerCase().split(/[-_]/)[0] ?? ''
      const language = languages.includes(tag) ? tag : languages[0]!
      const speaker = await speakerOf(language)
      const { speaker: recorded, gainDb } = PICO_VOICES[language]!
      const wanted = shapeFor(voice.name, recorded)
      const formant = wanted.formant / recorded.formant
      const pitch = (wanted.pitch / recorded.pitch) * pitchFactor(voice)
      const speed = Math.min(1.3, Math.max(0.7, voice.speed ?? 1))
      const percent = {
        pitch: Math.round((100 * pitch) / formant),
        speed: Math.round((100 * speed) / formant),
      }
      const gain = fromDbfs(gainDb + (voice.gainDb ?? 0))
      for (const sentence of textToSpeak(text, voice.language ?? language).split(/(?<=[.!?…]) /)) {
        if (sentence === '') continue
        // It speaks on this thread: let an abort that came meanwhile be seen before the next sentence.
        await setImmediate()
        signal.throwIfAborted()
        const audio = spoken(speaker, sentence, percent)
        const sized = resample(audio, Math.round(PICO_HZ * formant), SPEECH_OUTPUT_HZ)
        const clause = trimClause(
          sized,
          SPEECH_OUTPUT_HZ,
          pauseAfterMs(/[,;:.!?…—]$/.exec(sentence)?.[0] ?? ''),
        )
        if (clause.length > 0)
          yield limitPeaks(
            clause.map((sample) => sample * gain),
            SPEECH_OUTPUT_HZ,
          )
      }
    },

    async close() {},
  }
}

async function open(dir: string, language: string): Promise<PicoSpeaker> {
  try {
    const [analysis, signal] = await Promise.all(
      PICO_VOICES[language]!.files.map((file) => readFile(join(dir, file))),
    )
    return await openPicoSpeaker(analysis!, signal!)
  } catch (cause) {
    throw new EngineError('engine-failed', `Pico's voice for ${language} in ${dir} can't be opened.`, {
      cause,
    })
  }
}

function spoken(
  speaker: PicoSpeaker,
  text: string,
  percent: Parameters<PicoSpeaker['speak']>[1],
): Float32Array {
  try {
    return speaker.speak(text, percent)
  } catch (cause) {
    throw new EngineError('engine-failed', 'Pico could not speak a sentence.', { cause })
  }
}
