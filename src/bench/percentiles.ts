/** Order statistics of small samples, as the benchmarks report them. Pure; knows nothing of what was measured. */

export interface Summary {
  readonly count: number
  readonly min: number
  readonly p50: number
  readonly p90: number
  readonly p95: number
  readonly p99: number
  readonly max: number
  readonly mean: number
}

/**
 * The `p`-th percentile (0 to 100) by linear interpolation between the two nearest ranks, as spreadsheets and numpy
 * compute it. `ascending` must be sorted and hold only finite numbers. Throws `RangeError` for no values or a `p`
 * outside 0 to 100.
 */
export function percentile(ascending: readonly number[], p: number): number {
  if (ascending.length === 0) throw new RangeError('percentile: there are no values')
  if (!(p >= 0 && p <= 100)) throw new RangeError(`percentile: p must be from 0 to 100, not ${p}`)
  const rank = (p / 100) * (ascending.length - 1)
  const below = Math.floor(rank)
  const lower = ascending[below]!
  const upper = ascending[Math.min(below + 1, ascending.length - 1)]!
  return lower + (rank - below) * (upper - lower)
}

/** Sorts a copy and summarises it; undefined where nothing was measured. Values that are not finite are an error. */
export function summarize(values: readonly number[]): Summary | undefined {
  if (values.length === 0) return undefined
  if (!values.every(Number.isFinite)) throw new RangeError('summarize: every value must be a finite number')
  const ascending = [...values].sort((a, b) => a - b)
  return {
    count: ascending.length,
    min: ascending[0]!,
    p50: percentile(ascending, 50),
    p90: percentile(ascending, 90),
    p95: percentile(ascending, 95),
    p99: percentile(ascending, 99),
    max: ascending.at(-1)!,
    mean: ascending.reduce((sum, value) => sum + value, 0) / ascending.length,
  }
}
