/** `vivavoce bench`: puts the benchmarks' commands together. */
import type { Command } from 'commander'
import { registerLatencyBench } from './bench-latency.js'
import { registerLoadBench } from './bench-load.js'
import { registerTurnBenches } from './bench-turns.js'

export function registerBenchCommand(program: Command): void {
  const bench = program.command('bench').description('Measure a server from the side of its clients.')
  registerLatencyBench(bench)
  registerTurnBenches(bench)
  registerLoadBench(bench)
}
