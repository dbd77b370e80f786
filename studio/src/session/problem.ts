/** What can keep a conversation from going on, by the name of its text. Pure. */

import { type LiveClose, type MediaProblem, MicrophoneError } from 'vivavoce/client'

export interface Problem {
  /** A name of the texts; `closed` carries the server's words. */
  readonly name:
    | MediaProblem
    | `${'camera' | 'screen'}.${MediaProblem}`
    | 'unreachable'
    | 'closed'
    | 'unusable'
    | 'file'
  readonly detail: string
}

export function problemOf(error: Error & Partial<LiveClose>): Problem {
  if (error instanceof MicrophoneError) return { name: error.problem, detail: '' }
  if (error instanceof SyntaxError) return { name: 'unusable', detail: error.message }
  if (error.code === 1006) return { name: 'unreachable', detail: '' }
  if (error.code !== undefined) return { name: 'closed', detail: error.reason || String(error.code) }
  return { name: 'unusable', detail: error.message }
}
