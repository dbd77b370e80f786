/**
 * The frozen set of pictures about which is asked: pages that a browser renders, each with a question and what a right answer holds.
 * Every other one is for tuning; nothing may be tuned on the others.
 */
import { charts } from './pages/charts.js'
import { dialogs } from './pages/dialogs.js'
import type { Page } from './pages/page.js'
import { receipts } from './pages/receipts.js'
import { signs } from './pages/signs.js'
import { tables } from './pages/tables.js'
import { terminals } from './pages/terminals.js'

export type { Page }

const kinds = {
  receipt: receipts,
  terminal: terminals,
  dialog: dialogs,
  chart: charts,
  sign: signs,
  table: tables,
}

export const PAGES: readonly Page[] = Object.entries(kinds).flatMap(([kind, drawn]) =>
  drawn.map(
    (each, index): Page => ({
      ...each,
      id: `${kind}-${index + 1}`,
      kind: kind as Page['kind'],
      half: index % 2 === 0 ? 'tune' : 'report',
    }),
  ),
)
