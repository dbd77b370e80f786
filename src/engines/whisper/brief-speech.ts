/**
 * What is said in a moment mostly is one of a few things, and Whisper, trained on half minutes, spells it as something else ("Espeda", "Bale"). It is shown
 * some of them as if they had been said before, which it then knows how to spell; the language of the conversation is
 * likelier then, too. Pure.
 */

/** With the pre-roll; what is longer has words enough of its own. */
export const BRIEF_SECONDS = 1.6
/** The same for what is compared with rows of signs of listening: nine in ten of two or three of them are shorter. */
export const COMPARED_SECONDS = 2.1

const SAYINGS: Readonly<Record<string, string>> = {
  en: ' Mm-hm. Uh-huh. Stop. Wait.',
  es: ' Ajá. Vale. Para. Espera.',
}

/** Undefined where nothing is known of the language, or there is more speech than that. */
export const sayingsFor = (language: string | undefined, seconds: number): string | undefined =>
  language !== undefined && seconds < BRIEF_SECONDS ? SAYINGS[language] : undefined
