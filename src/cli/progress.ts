/**
 * Shows what the catalog is doing: on a terminal one line with a bar, bytes, speed and time left, redrawn in place;
 * elsewhere a plain line every few seconds. Knows the catalog's progress events and a stream, nothing else.
 */
import type { CatalogProgress, OnCatalogProgress } from '../catalog/index.js'

export interface ProgressOutput {
  write(text: string): unknown
  readonly isTTY?: boolean
  readonly columns?: number
}

export interface ProgressDisplay {
  readonly onProgress: OnCatalogProgress
  /** Removes the line in place and stops the timer. */
  finish(): void
}

export interface ProgressDisplayOptions {
  readonly output: ProgressOutput
  /** Milliseconds from any origin, never going back. */
  readonly now?: () => number
  /** Calls back every so many milliseconds until disposed. */
  readonly every?: (intervalMs: number, run: () => void) => Disposable
}

const redrawMs = 150
const plainLineMs = 5_000
const sampleMs = 500
/** Long enough to smooth packages that arrive in bursts, short enough to show a line that slows down. */
const speedWindowMs = 8_000

export function createProgressDisplay({
  output,
  now = () => performance.now(),
  every = systemInterval,
}: ProgressDisplayOptions): ProgressDisplay {
  const inPlace = output.isTTY === true
  const tally = createTally()
  const steps = new Map<string, { text: string; fraction: number | undefined }>()
  let lineShown = false
  let lastPlain = now()

  const clear = () => {
    if (lineShown) output.write('\r\u001b[2K')
    lineShown = false
  }
  const say = (text: string) => {
    clear()
    output.write(`${text}\n`)
  }
  const draw = () => {
    tally.sample(now())
    if (inPlace) {
      const text = statusLine(tally.totals(), [...steps], (output.columns ?? 80) - 1)
      clear()
      if (text) output.write(text)
      lineShown = text !== ''
    } else if (now() - lastPlain >= plainLineMs) {
      lastPlain = now()
      const text = plainLine(tally.totals(), [...steps])
      if (text) output.write(`${text}\n`)
    }
  }
  const timer = every(inPlace ? redrawMs : sampleMs, draw)

  const onProgress = (progress: CatalogProgress) => {
    switch (progress.type) {
      case 'plan':
        for (const file of progress.files)
          tally.plan(`${progress.model}/${file.path}`, file.doneBytes, file.totalBytes)
        break
      case 'bytes':
        tally.advance(`${progress.model}/${progress.path}`, progress.doneBytes, progress.totalBytes)
        break
      case 'step':
        if (!inPlace && steps.get(progress.model)?.text !== progress.text)
          say(`${progress.model}: ${progress.text}`)
        steps.set(progress.model, { text: progress.text, fraction: progress.fraction })
        break
      case 'ready': {
        const worked = steps.delete(progress.model)
        if (worked || tally.has(progress.model)) say(`${progress.model}: ready`)
        break
      }
      case 'note':
        say(progress.text)
        break
    }
  }
  return {
    onProgress,
    finish() {
      timer[Symbol.dispose]()
      clear()
    },
  }
}

const systemInterval = (intervalMs: number, run: () => void): Disposable => {
  const timer = setInterval(run, intervalMs)
  timer.unref()
  return { [Symbol.dispose]: () => clearInterval(timer) }
}

interface Totals {
  readonly doneBytes: number
  readonly totalBytes: number
  /** Bytes per second over the last seconds; 0 while nothing is known. */
  readonly speed: number
}

/** Adds up files and remembers how fast the sum grew. */
function createTally() {
  const files = new Map<string, { done: number; total: number }>()
  // Grows with every received byte; a file that starts anew does not make it shrink.
  let received = 0
  let samples: { atMs: number; received: number }[] = []
  return {
    plan(key: string, done: number, total: number) {
      files.set(key, { done, total })
    },
    advance(key: string, done: number, total: number) {
      received += Math.max(0, done - (files.get(key)?.done ?? 0))
      files.set(key, { done, total })
    },
    has: (model: string) => [...files.keys()].some((key) => key.startsWith(`${model}/`)),
    sample(atMs: number) {
      samples = [...samples.filter((sample) => atMs - sample.atMs <= speedWindowMs), { atMs, received }]
    },
    totals(): Totals {
      let doneBytes = 0
      let totalBytes = 0
      for (const { done, total } of files.values()) {
        doneBytes += done
        totalBytes += total
      }
      const [first] = samples
      const last = samples.at(-1)
      const spanMs = first && last ? last.atMs - first.atMs : 0
      const speed = first && last && spanMs > 0 ? ((last.received - first.received) / spanMs) * 1000 : 0
      return { doneBytes, totalBytes, speed }
    },
  }
}

type Steps = readonly (readonly [model: string, step: { text: string; fraction: number | undefined }])[]

function statusLine(totals: Totals, steps: Steps, width: number): string {
  const { doneBytes, totalBytes } = totals
  const parts: string[] = []
  if (doneBytes < totalBytes) {
    const filled = Math.floor((doneBytes / totalBytes) * 20)
    parts.push(`[${'#'.repeat(filled)}${'-'.repeat(20 - filled)}] ${describeTotals(totals)}`)
  }
  parts.push(...steps.map(describeStep))
  return parts.join(' | ').slice(0, width)
}

function plainLine(totals: Totals, steps: Steps): string {
  const running = steps.filter(([, step]) => step.fraction !== undefined).map(describeStep)
  const bytes = totals.doneBytes < totals.totalBytes ? [describeTotals(totals)] : []
  return [...bytes, ...running].join(' | ')
}

function describeTotals({ doneBytes, totalBytes, speed }: Totals): string {
  const percent = Math.floor((doneBytes / totalBytes) * 100)
  const left = speed > 0 ? `, ${formatDuration((totalBytes - doneBytes) / speed)} left` : ''
  return `${formatBytes(doneBytes)} of ${formatBytes(totalBytes)} (${percent} %), ${formatBytes(speed)}/s${left}`
}

const describeStep = ([model, { text, fraction }]: Steps[number]) =>
  fraction === undefined ? `${model}: ${text}` : `${model}: ${text} ${Math.floor(fraction * 100)} %`

/** Decimal units, as disks and providers count: `61.5 MB`, `1.12 GB`. */
export function formatBytes(bytes: number): string {
  if (bytes >= 1e9) return `${(bytes / 1e9).toFixed(2)} GB`
  if (bytes >= 1e6) return `${(bytes / 1e6).toFixed(1)} MB`
  return `${Math.ceil(bytes / 1e3)} kB`
}

/** `42 s`, `3 min 05 s`, `1 h 02 min`. */
export function formatDuration(seconds: number): string {
  const whole = Math.ceil(seconds)
  if (whole < 60) return `${whole} s`
  const two = (value: number) => String(value).padStart(2, '0')
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${two(whole % 60)} s`
  return `${Math.floor(whole / 3600)} h ${two(Math.floor((whole % 3600) / 60))} min`
}
