/** Asks the server what it recorded about the turns of this session and lays it beside what was seen here. */

import { apiKey } from '../setup/setup-store'
import { timeline } from './instruments'
import type { TurnRecord } from './timeline'

/** The server writes the record when it sends the end of the turn; it may be a moment behind. */
const DELAY_MS = 150

/** Never throws: another server has no such records, and the timeline does without. */
export async function fetchTurnRecords(sessionId: string | undefined): Promise<void> {
  if (sessionId === undefined) return
  await new Promise((resolve) => setTimeout(resolve, DELAY_MS))
  try {
    const headers: HeadersInit = apiKey === undefined ? {} : { 'x-goog-api-key': apiKey }
    const response = await fetch(`/api/turns?session=${encodeURIComponent(sessionId)}`, { headers })
    if (!response.ok) return
    const records: readonly TurnRecord[] = await response.json()
    timeline.records(records.filter(({ session }) => session === sessionId))
  } catch {
    // The server is gone: the session will say so.
  }
}
