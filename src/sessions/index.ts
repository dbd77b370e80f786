/** Sessions beyond one connection: handles, sealed records, the stores that keep them, takeover. */
export { createFileStore } from './file-store.js'
export { createMemoryStore } from './memory-store.js'
export { createResumableSessions, type ResumableSessions } from './resumable-sessions.js'
export type { SessionStore, StoredRecord } from './store.js'
