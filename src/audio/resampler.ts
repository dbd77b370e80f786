/**
 * Sample-rate conversion of mono audio, streamed or whole: a polyphase windowed-sinc filter without delay
 * (output sample 0 lies on input sample 0). Knows nothing of formats, channels or real time.
 *
 * Why our own: it is synchronous, has no native part, and measures better than the ports of libsamplerate.
 */

export interface Resampler {
  /** Takes any number of samples and returns what can be computed so far. Where the push boundaries lie changes nothing. */
  push(samples: Float32Array): Float32Array
  /** Ends the stream and returns the rest. In total `ceil(input · toHz / fromHz)` samples come out. Push no more afterwards. */
  flush(): Float32Array
}

const MAX_RATE_HZ = 384_000
/** Zero crossings of the sinc on either side. 32 with the window below: flat to 82 % of the lower Nyquist frequency. */
const ZERO_CROSSINGS = 32
/** Kaiser window for 90 dB: beta = 0.1102 · (90 − 8.7). */
const KAISER_BETA = 8.96
/** Puts the whole transition band (18 % wide) below the lower Nyquist frequency, so that nothing folds back. */
const CUTOFF = 0.91
/** Rows of the filter table per zero crossing where the exact ratio has more; linear interpolation then errs by −106 dB. */
const INTERPOLATED_ROWS = 1024
/** A table holds up to 0.3 MB; clients choose the rate, so only the most recent ones are kept. */
const CACHED_FILTERS = 8

/**
 * Starts converting one stream. Equal rates pass through untouched (the very same arrays).
 * Throws `RangeError` unless both rates are whole numbers from 1 to 384000. Note for callers who take the rate from
 * outside: the output is `toHz / fromHz` times as long as the input.
 */
export function createResampler(fromHz: number, toHz: number): Resampler {
  assertRate('fromHz', fromHz)
  assertRate('toHz', toHz)
  if (fromHz === toHz) return { push: (samples) => samples, flush: () => new Float32Array(0) }

  const filter = filterFor(fromHz, toHz)
  const { up, down, halfTaps } = filter
  // `held` begins at input sample `heldStart`; the zeros before sample 0 stand for the silence before the stream.
  let held: Float32Array = new Float32Array(halfTaps)
  let heldStart = -halfTaps
  let receivedSamples = 0
  // The next output lies at input position `position + remainder / up`.
  let position = 0
  let remainder = 0
  let producedSamples = 0

  function produce(count: number): Float32Array {
    const output = new Float32Array(count)
    for (let index = 0; index < count; index++) {
      output[index] = filterAt(filter, held, position - heldStart, remainder)
      remainder += down
      const whole = Math.floor(remainder / up)
      position += whole
      remainder -= whole * up
    }
    producedSamples += count
    const unneeded = Math.min(held.length, position - halfTaps - heldStart)
    if (unneeded > 0) {
      held = held.slice(unneeded)
      heldStart += unneeded
    }
    return output
  }

  function append(samples: Float32Array): void {
    const joined = new Float32Array(held.length + samples.length)
    joined.set(held)
    joined.set(samples, held.length)
    held = joined
  }

  return {
    push(samples) {
      append(samples)
      receivedSamples += samples.length
      // Output at input position p reads the samples floor(p) − halfTaps … floor(p) + halfTaps.
      const reachable = receivedSamples - halfTaps
      const computable = reachable > 0 ? Math.ceil((reachable * up) / down) : 0
      return produce(Math.max(0, computable - producedSamples))
    },
    flush() {
      append(new Float32Array(halfTaps))
      return produce(Math.ceil((receivedSamples * up) / down) - producedSamples)
    },
  }
}

/** Converts a whole recording. Same result as one stream of it; same errors as `createResampler`. */
export function resample(samples: Float32Array, fromHz: number, toHz: number): Float32Array {
  const resampler = createResampler(fromHz, toHz)
  const body = resampler.push(samples)
  const rest = resampler.flush()
  if (rest.length === 0) return body
  const output = new Float32Array(body.length + rest.length)
  output.set(body)
  output.set(rest, body.length)
  return output
}

interface Filter {
  /** toHz / fromHz in lowest terms is up / down. */
  readonly up: number
  readonly down: number
  readonly halfTaps: number
  readonly taps: number
  /** Fractional positions in the table; equal to `up` where the table is exact. */
  readonly rows: number
  /** rows + 1 rows of `taps` coefficients; the last one is only interpolated towards. */
  readonly table: Float32Array
}

function filterAt(filter: Filter, held: Float32Array, centre: number, remainder: number): number {
  const { taps, table } = filter
  const first = centre - filter.halfTaps
  const exactRow = (remainder * filter.rows) / filter.up
  const row = Math.floor(exactRow)
  const blend = exactRow - row
  let coefficient = row * taps
  let sum = 0
  for (let tap = 0; tap < taps; tap++) sum += table[coefficient++]! * held[first + tap]!
  if (blend === 0) return sum
  let next = 0
  for (let tap = 0; tap < taps; tap++) next += table[coefficient++]! * held[first + tap]!
  return sum + blend * (next - sum)
}

// A memo, not state: dropping an entry only costs its computation (about 5 ms).
const filters = new Map<string, Filter>()

function filterFor(fromHz: number, toHz: number): Filter {
  const divisor = greatestCommonDivisor(fromHz, toHz)
  const up = toHz / divisor
  const down = fromHz / divisor
  const key = `${up}/${down}`
  const known = filters.get(key)
  if (known !== undefined) return known
  const filter = designFilter(up, down)
  if (filters.size >= CACHED_FILTERS) {
    for (const oldest of filters.keys()) {
      filters.delete(oldest)
      break
    }
  }
  filters.set(key, filter)
  return filter
}

function designFilter(up: number, down: number): Filter {
  // Relative to the input's Nyquist frequency: when the rate goes down, the filter is stretched to cut at the output's.
  const bandwidth = Math.min(1, up / down)
  const halfWidth = ZERO_CROSSINGS / bandwidth
  const halfTaps = Math.ceil(halfWidth)
  const taps = 2 * halfTaps + 1
  const rows = Math.min(up, Math.ceil(INTERPOLATED_ROWS * bandwidth))
  const table = new Float32Array((rows + 1) * taps)
  const windowScale = 1 / besselI0(KAISER_BETA)
  const values = new Float64Array(taps)
  for (let row = 0; row <= rows; row++) {
    let sum = 0
    for (let tap = 0; tap < taps; tap++) {
      const distance = tap - halfTaps - row / rows
      const relative = distance / halfWidth
      const inside = 1 - relative * relative
      const value =
        inside <= 0
          ? 0
          : sinc(distance * bandwidth * CUTOFF) * besselI0(KAISER_BETA * Math.sqrt(inside)) * windowScale
      values[tap] = value
      sum += value
    }
    // Each row adds up to exactly one, so that a constant stays constant at every phase.
    for (let tap = 0; tap < taps; tap++) table[row * taps + tap] = values[tap]! / sum
  }
  return { up, down, halfTaps, taps, rows, table }
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x)
}

/** Modified Bessel function of the first kind, order 0; the series converges within 30 terms for x ≤ 10. */
function besselI0(x: number): number {
  const quarter = (x * x) / 4
  let term = 1
  let sum = 1
  for (let k = 1; term > sum * 1e-17; k++) {
    term *= quarter / (k * k)
    sum += term
  }
  return sum
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b)
}

function assertRate(name: string, rateHz: number): void {
  if (!Number.isInteger(rateHz) || rateHz < 1 || rateHz > MAX_RATE_HZ) {
    throw new RangeError(`${name} must be a whole number of Hz from 1 to ${MAX_RATE_HZ}, not ${rateHz}`)
  }
}
