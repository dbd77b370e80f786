/** A page that is asked about, as each kind draws it. */

export interface Page {
  readonly id: string
  readonly kind: 'receipt' | 'terminal' | 'dialog' | 'chart' | 'sign' | 'table'
  readonly half: 'tune' | 'report'
  readonly width: number
  readonly height: number
  readonly html: string
  readonly question: string
  /** Found in a right answer. */
  readonly right: RegExp
}

export type Drawn = Omit<Page, 'half' | 'id' | 'kind'>

export const page = (body: string, style: string) =>
  `<!doctype html><meta charset="utf-8"><style>body{margin:0;padding:18px;${style}}</style>${body}`
