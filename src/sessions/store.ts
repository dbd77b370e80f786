/**
 * What a place that keeps sessions must do. It holds sealed records that it cannot read, each under an id, with an epoch:
 * the number of times the session changed hands. Types only.
 */

export interface SessionStore {
  /** For people: where the records are. */
  readonly description: string
  /**
   * Keeps the record for `ttlMs` in place of the one before. Resolves false, and keeps nothing, where the session was claimed
   * by somebody else since `epoch`. Rejects where the store cannot be reached.
   */
  put(id: string, record: StoredRecord, ttlMs: number): Promise<boolean>
  /** The record as it is, which takes the session from nobody. Undefined where there is none, or it has expired. */
  read(id: string): Promise<StoredRecord | undefined>
  /** Takes the session over: its record, with the next epoch. Undefined where there is none, or it has expired. */
  claim(id: string): Promise<StoredRecord | undefined>
  /** Adds to a number that is kept under the id for `ttlMs` from when it was first added to; resolves with the sum. */
  count(id: string, by: number, ttlMs: number): Promise<number>
  /** Calls back with every claim by another server. */
  onClaimed?(listener: (id: string, epoch: number) => void): void
  close(): Promise<void>
}

export interface StoredRecord {
  /** 1 for a session that never changed hands. */
  readonly epoch: number
  readonly bytes: Uint8Array
}
