/** The language of the page: the user's choice, else the browser's. */

import { create } from 'zustand'
import { reasonIn } from './reasons'
import { type Language, type Text, textIn } from './words'

export * from './words'

const STORAGE = 'vivavoce.language'

const initial = (): Language => {
  try {
    const chosen = localStorage.getItem(STORAGE)
    if (chosen === 'en' || chosen === 'es') return chosen
  } catch {
    // Forbidden storage: the browser's language it is.
  }
  return navigator.language.toLowerCase().startsWith('es') ? 'es' : 'en'
}

export const useLanguage = create<{ language: Language; choose(language: Language): void }>((set) => ({
  language: initial(),
  choose(language) {
    set({ language })
    try {
      localStorage.setItem(STORAGE, language)
    } catch {
      // Then it is forgotten with the page.
    }
  },
}))

export function useText(): Text {
  return textIn(useLanguage(({ language }) => language))
}

/** What the server or the client says of itself, in the language of the page where it has words for it. */
export function useReason(): (reason: string) => string {
  const language = useLanguage((state) => state.language)
  return (reason) => reasonIn(language, reason)
}
