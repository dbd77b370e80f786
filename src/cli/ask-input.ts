/** What `vivavoce ask` was given: a recording or words as the question, and a place for the answer that can be written. */

import { access, constants, readFile, stat } from 'node:fs/promises'
import { dirname, extname } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { floatToPcm16, peak, readWav, resample, toDbfs } from '../audio/index.js'
import { fileProblem } from './named-file.js'

export interface Recording {
  /** As the user gave it. */
  readonly name: string
  /** At `INPUT_HZ`. */
  readonly pcm16: Uint8Array
  readonly seconds: number
  /** Of its loudest sample. */
  readonly peakDbfs: number
}

export type AskInput = { readonly text: string } | Recording

export const INPUT_HZ = 16_000
const AUDIO_FILES = ['.wav', '.wave', '.pcm', '.mp3', '.m4a', '.ogg', '.flac', '.opus', '.aac', '.webm']
/** Softer than the quietest room through a microphone: nothing was recorded. */
const SILENCE_DBFS = -80

/** Before the question is asked, since the answer would be lost. */
export async function checkOutput(path: string): Promise<void> {
  const file = await stat(path).catch(() => undefined)
  if (file?.isDirectory()) throw new Error(`${path} is a folder: name a file for the answer`)
  const folder = dirname(path)
  if ((await stat(folder).catch(() => undefined)) === undefined) {
    throw new Error(`there is no folder ${folder} for the answer`)
  }
  await access(file ? path : folder, constants.W_OK).catch(() => {
    throw new Error(`${path} cannot be written: choose another --output`)
  })
}

/** Text unless it names a file. Throws where it can only have been meant as one, and for a recording of nothing. */
export async function readInput(question: string): Promise<AskInput> {
  if (question === '-') return readRecording('standard input', await buffer(process.stdin))
  if (question.trim() === '') throw new Error('the question is empty')
  let bytes: Uint8Array
  try {
    bytes = await readFile(question)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EISDIR') {
      throw new Error(`${question} is a folder: name a WAV file in it, or ask in more words`)
    }
    const meansFile = AUDIO_FILES.includes(extname(question).toLowerCase()) && !question.includes(' ')
    // A question is often no possible name of a file (too long), and a file that is there was meant.
    if (meansFile || code === 'EACCES' || code === 'EPERM') throw fileProblem(question, error)
    return { text: question }
  }
  return readRecording(question, bytes)
}

function readRecording(name: string, bytes: Uint8Array): Recording {
  if (bytes.length === 0) throw new Error(`${name}: the file is empty`)
  try {
    const { samples, sampleRateHz } = readWav(bytes)
    if (samples.length === 0) throw new Error('the recording is empty')
    const peakDbfs = toDbfs(peak(samples))
    if (peakDbfs < SILENCE_DBFS) {
      throw new Error('the recording is silent throughout: look at the microphone and record it again')
    }
    return {
      name,
      pcm16: floatToPcm16(resample(samples, sampleRateHz, INPUT_HZ)),
      seconds: samples.length / sampleRateHz,
      peakDbfs,
    }
  } catch (error) {
    throw new Error(`${name}: ${(error as Error).message}`)
  }
}
