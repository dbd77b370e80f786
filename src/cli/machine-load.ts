/** Whether others use the processor just now: what is measured meanwhile is slower than it would be. */
import { cpus } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'

/** Long enough for the counters of the system, which tick every 10 ms. */
const LOOK_MS = 400
/** A desktop at rest stays below a tenth. */
const BUSY_SHARE = 0.25

/** To be asked while this program itself has nothing to do. */
export async function isMachineBusy(signal: AbortSignal): Promise<boolean> {
  const before = processorTimes()
  await sleep(LOOK_MS, undefined, { signal })
  const after = processorTimes()
  const total = after.total - before.total
  return total > 0 && (after.busy - before.busy) / total > BUSY_SHARE
}

function processorTimes(): { readonly busy: number; readonly total: number } {
  let busy = 0
  let idle = 0
  for (const { times } of cpus()) {
    busy += times.user + times.nice + times.sys + times.irq
    idle += times.idle
  }
  return { busy, total: busy + idle }
}
