/**
 * Every message of the wire, both ways, with the base64 of media cut out: its length is kept, its bytes are the
 * recording's. Audio messages in a row are one line with a count, or a minute of talk would be 3,000 lines. It lives
 * outside React, which reads it when `version` has moved.
 */

import type { WireDirection } from 'vivavoce/client'

export interface WireEntry {
  readonly index: number
  readonly direction: WireDirection
  /** The members that name it, e.g. `realtimeInput.audio`. */
  readonly kind: string
  readonly atMs: number
  /** Of the last one in the row. */
  lastMs: number
  count: number
  bytes: number
  /** Of the first one in the row. */
  readonly text: string
}

export interface WireLog {
  readonly version: number
  readonly entries: readonly WireEntry[]
  readonly totals: Readonly<Record<WireDirection, { readonly messages: number; readonly bytes: number }>>
  add(direction: WireDirection, text: string, atMs: number): void
  load(entries: readonly WireEntry[]): void
  clear(): void
}

/** Older lines go, so that a day of talk does not fill the tab's memory. */
const MAX_ENTRIES = 20_000
const MEDIA = /"data":"([A-Za-z0-9+/=_-]{80,})"/g

export function createWireLog(): WireLog {
  let version = 0
  let index = 0
  let entries: WireEntry[] = []
  const zero = () => ({ sent: { messages: 0, bytes: 0 }, received: { messages: 0, bytes: 0 } })
  let totals = zero()
  return {
    get version() {
      return version
    },
    get entries() {
      return entries
    },
    get totals() {
      return totals
    },
    add(direction, text, atMs) {
      version++
      totals[direction].messages++
      totals[direction].bytes += text.length
      const kind = kindOf(text)
      const last = entries.at(-1)
      if (last !== undefined && last.direction === direction && last.kind === kind && isMedia(kind)) {
        last.count++
        last.bytes += text.length
        last.lastMs = atMs
        return
      }
      const shown = text.replace(
        MEDIA,
        (_, data: string) => `"data":"${data.slice(0, 24)}… ${data.length} characters"`,
      )
      entries.push({
        index: index++,
        direction,
        kind,
        atMs,
        lastMs: atMs,
        count: 1,
        bytes: text.length,
        text: shown,
      })
      if (entries.length > MAX_ENTRIES) entries = entries.slice(-MAX_ENTRIES / 2)
    },
    load(loaded) {
      version++
      entries = [...loaded]
      totals = zero()
      for (const { direction, count, bytes } of loaded) {
        totals[direction].messages += count
        totals[direction].bytes += bytes
      }
    },
    clear() {
      version++
      entries = []
      totals = zero()
    },
  }
}

const isMedia = (kind: string) => kind === 'realtimeInput.audio' || kind === 'serverContent.modelTurn.audio'

/** Read off the head of the text: parsing fifty messages a second would be work for nothing. */
function kindOf(text: string): string {
  const [, member = '?', inner] = /^\{\s*"(\w+)"\s*:\s*(?:\{\s*"(\w+)")?/.exec(text) ?? []
  if (inner === undefined || member === 'setup' || member === 'setupComplete') return member
  const audio = inner === 'modelTurn' && text.slice(0, 160).includes('"audio/pcm') ? '.audio' : ''
  if (member === 'toolCall' || member === 'sessionResumptionUpdate' || member === 'goAway') return member
  return `${member}.${inner}${audio}`
}
