/** What is said when an answer could not be made: one short sentence in the session's language. */
const SORRY: Readonly<Record<string, string>> = {
  en: 'Sorry, something went wrong. Please say that again.',
  es: 'Perdona, algo ha fallado. Dímelo otra vez, por favor.',
  fr: 'Désolé, il y a eu un problème. Peux-tu répéter ?',
  de: 'Entschuldigung, da ist etwas schiefgegangen. Bitte sag das noch einmal.',
  it: 'Scusa, qualcosa è andato storto. Puoi ripetere, per favore?',
  pt: 'Desculpa, algo correu mal. Podes repetir, por favor?',
}

/** `language`: BCP-47 tag; English where there is no sentence for it. */
export function apologySentence(language: string): string {
  const primary = language.split('-')[0]?.toLowerCase() ?? 'en'
  return SORRY[primary] ?? SORRY.en ?? ''
}
