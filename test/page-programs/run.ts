/** Runs a program of the page in a folder of its own and returns what a reader of the page would see and hear. */
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pcm16ToFloat, writeWav } from '../../src/audio/index.js'
import { cutProgram, PAGE_WORDS, type ProgramName } from './cut.js'

/** What the programs import; `google.genai` is always needed. */
export const PYTHON_MODULES = ['numpy', 'IPython', 'websockets', 'librosa', 'soundfile'] as const

export interface ProgramRun {
  readonly printed: string
  /** Text that the notebook would show as Markdown. */
  readonly shown: readonly string[]
  readonly audio: readonly ShownAudio[]
  /** Seconds the program itself took, its imports included. */
  readonly seconds: number
}

export interface ShownAudio {
  /** The type of the array that was given to the notebook's player. */
  readonly dtype: string
  readonly seconds: number
  /** Linear, 1 is full scale. */
  readonly rms: number
  /** PCM16 at 24 kHz. */
  readonly pcm: Uint8Array
}

export interface ProgramSetting {
  readonly python: string
  readonly page: string
  /** With what `vivavoce env` sets. */
  readonly environment: NodeJS.ProcessEnv
  /** PCM16 at 16 kHz that becomes the program's `sample.wav`. */
  readonly question: Uint8Array
  /** Stands where the program says the page's words: the one thing in it that is changed. */
  readonly words?: string
  /** The program must have ended by itself within this; loading librosa alone takes up to a minute. */
  readonly endsWithinMs: number
}

/** Rejects, with everything that was printed, where the program fails or does not end by itself. */
export async function runProgram(name: ProgramName, setting: ProgramSetting): Promise<ProgramRun> {
  const folder = mkdtempSync(join(tmpdir(), 'vivavoce-page-'))
  try {
    const program = cutProgram(setting.page, name)
    const { words } = setting
    const source = words === undefined ? program : program.replaceAll(PAGE_WORDS, words)
    writeFileSync(join(folder, 'program.py'), source)
    writeFileSync(join(folder, 'sample.wav'), writeWav(pcm16ToFloat(setting.question), 16_000))
    const notebook = join(import.meta.dirname, 'notebook.py')
    const printed = await runToEnd(setting, [notebook, 'program.py'], folder, name)
    const { displays, seconds } = JSON.parse(readFileSync(join(folder, 'displays.json'), 'utf8')) as Displays
    return {
      printed,
      seconds,
      shown: displays.flatMap((shown) => (shown.kind === 'markdown' ? shown.text : [])),
      audio: displays.flatMap((shown) =>
        shown.kind === 'audio' ? { ...shown, pcm: readFileSync(shown.pcmFile) } : [],
      ),
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

interface Displays {
  readonly seconds: number
  readonly displays: readonly (
    | { readonly kind: 'markdown'; readonly text: string }
    | { readonly kind: 'audio'; dtype: string; seconds: number; rms: number; pcmFile: string }
  )[]
}

function runToEnd(
  setting: ProgramSetting,
  args: readonly string[],
  cwd: string,
  name: string,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const env = { ...setting.environment, PYTHONUNBUFFERED: '1', PYTHONWARNINGS: 'ignore' }
    const child = spawn(setting.python, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
    let printed = ''
    let errors = ''
    child.stdout.on('data', (data) => (printed += String(data)))
    child.stderr.on('data', (data) => (errors += String(data)))
    let late = false
    const timer = setTimeout(() => {
      late = true
      child.kill('SIGKILL')
    }, setting.endsWithinMs)
    child.once('error', reject)
    child.once('close', (code) => {
      clearTimeout(timer)
      if (code === 0) resolve(printed)
      else
        reject(
          new Error(
            `${name} ${late ? 'did not end by itself' : `ended with ${code}`}:\n${printed}\n${errors}`,
          ),
        )
    })
  })
}
