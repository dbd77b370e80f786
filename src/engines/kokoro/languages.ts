/** Which languages Kokoro speaks, by primary subtag. Data only. */
const MEASURED = ['en', 'es', 'it', 'pt', 'fr']
/** Nobody has measured whether they are understood: Whisper base does not write Hindi, and of Mandarin it gets a fifth of the characters wrong. */
const UNMEASURED = ['hi', 'zh']

/** What is not switched on is read by English rules, as other languages without a voice are. */
export function languageSpoken(language: string | undefined, spoken: readonly string[]): string {
  const subtag = language?.toLowerCase().split(/[-_]/)[0] ?? ''
  return language === undefined || (UNMEASURED.includes(subtag) && !spoken.includes(subtag))
    ? 'en-US'
    : language
}

export function kokoroLanguages(unmeasured: boolean): readonly string[] {
  return unmeasured ? [...MEASURED, ...UNMEASURED] : MEASURED
}
