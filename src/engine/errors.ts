/**
 * The one error type that engines throw. `AbortError` (a `DOMException` or the signal's reason) is not an
 * error: an aborted call simply ends or rejects with the signal's reason.
 */
export type EngineErrorCode =
  /** The process or endpoint behind the engine went away while the call ran. A second try may work. */
  | 'engine-lost'
  /** It went away and did not come back within its grace (30 s). */
  | 'engine-unavailable'
  /** It did not answer within its deadline. */
  | 'engine-timeout'
  /** It answered that the request is wrong (unknown model, too long, bad key …). A second try will not work. */
  | 'engine-refused'
  /** Anything else: a defect or a broken reply. */
  | 'engine-failed'

export class EngineError extends Error {
  override readonly name = 'EngineError'
  readonly code: EngineErrorCode
  constructor(code: EngineErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.code = code
  }
  get retryable(): boolean {
    return this.code !== 'engine-refused'
  }
}
