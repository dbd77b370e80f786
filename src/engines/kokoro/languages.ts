/** Which languages Kokoro speaks, by primary subtag. Data only. */
export const KOKORO_LANGUAGES: readonly string[] = ['en', 'es', 'it', 'pt', 'fr', 'hi']
