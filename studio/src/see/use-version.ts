/** Lets a component follow an instrument that lives outside React: at most ten times a second it looks for news. */

import { useSyncExternalStore } from 'react'

const EVERY_MS = 100

export function useVersion(instrument: { readonly version: number }): number {
  return useSyncExternalStore(
    (changed) => {
      const timer = setInterval(changed, EVERY_MS)
      return () => clearInterval(timer)
    },
    () => instrument.version,
  )
}
