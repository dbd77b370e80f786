/**
 * Errors of the catalog. `CatalogError` is what callers see: its message names the cause and the cure. `SourceFailure`
 * never leaves the catalog: it says why one source did not give one file, so that the next one is tried.
 */

export type CatalogErrorCode =
  /** The id is not in the catalog. */
  | 'unknown-model'
  /** Files are missing and downloading was not allowed. */
  | 'offline'
  /** Every source of a file failed. */
  | 'no-source'
  /** Too little space, or the disk filled up. */
  | 'disk-space'
  /** The home directory can't be written. */
  | 'disk-access'
  /** Converting verified weights failed. */
  | 'conversion'
  /** A native runtime can't be installed or does not load. */
  | 'runtime'

export class CatalogError extends Error {
  override readonly name = 'CatalogError'
  readonly code: CatalogErrorCode
  constructor(code: CatalogErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.code = code
  }
}

/** One source did not give one file. The message completes the sentence "not from X: …". */
export class SourceFailure extends Error {
  override readonly name = 'SourceFailure'
}

/** The system's error code (`ENOSPC`, `ENOENT` …), looked for along the chain of causes. */
export function systemCode(error: unknown): string | undefined {
  for (let current = error, depth = 0; current instanceof Error && depth < 5; depth++) {
    const code = (current as NodeJS.ErrnoException).code
    if (typeof code === 'string') return code
    current = current.cause
  }
  return undefined
}

/** Disk trouble as a `CatalogError`; anything else is given back unchanged. */
export function explainDiskError(error: unknown, directory: string): unknown {
  switch (systemCode(error)) {
    case 'ENOSPC':
    case 'EDQUOT':
      return new CatalogError(
        'disk-space',
        `The disk of ${directory} is full. Free some space, or set VIVAVOCE_HOME to a directory on another disk.`,
        { cause: error },
      )
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new CatalogError(
        'disk-access',
        `${directory} can't be written (${systemCode(error)}). Fix its permissions, or set VIVAVOCE_HOME to another directory.`,
        { cause: error },
      )
    default:
      return error
  }
}
