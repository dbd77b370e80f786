/** The language of the page: the user's choice, else the browser's. Texts take arguments as {0}, {1}. */

import { create } from 'zustand'
import { en, type TextKey } from './en'
import { es } from './es'

export type Language = 'en' | 'es'

const TEXTS: Readonly<Record<Language, Readonly<Record<TextKey, string>>>> = { en, es }
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

export type Text = (key: TextKey, ...values: readonly (string | number)[]) => string

export const textIn =
  (language: Language): Text =>
  (key, ...values) =>
    TEXTS[language][key].replace(/\{(\d)\}/g, (_, index) => String(values[Number(index)] ?? ''))

export function useText(): Text {
  return textIn(useLanguage(({ language }) => language))
}

/** For keys that are made of data; the data itself where there is no text. */
export function named(text: Text, prefix: string, name: string): string {
  const key = `${prefix}.${name}`
  return key in en ? text(key as TextKey) : name
}

/** Durations as people read them: 840 ms, 1.3 s, 2:05. */
export function duration(ms: number, language: Language): string {
  if (ms < 1000) return `${Math.round(ms)} ms`
  if (ms < 60_000)
    return `${(ms / 1000).toLocaleString(language, { maximumFractionDigits: 1, minimumFractionDigits: 1 })} s`
  const seconds = Math.floor(ms / 1000)
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}

export function bytes(count: number, language: Language): string {
  if (count < 1000) return `${count} B`
  const [value, unit] = count < 1e6 ? [count / 1000, 'kB'] : [count / 1e6, 'MB']
  return `${value.toLocaleString(language, { maximumFractionDigits: 1 })} ${unit}`
}
