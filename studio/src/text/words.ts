/** The texts of both languages and how numbers are written in them. Texts take arguments as {0}, {1}. Pure. */

import { en, type TextKey } from './en'
import { es } from './es'

export type Language = 'en' | 'es'

const TEXTS: Readonly<Record<Language, Readonly<Record<TextKey, string>>>> = { en, es }

export type Text = (key: TextKey, ...values: readonly (string | number)[]) => string

export const textIn =
  (language: Language): Text =>
  (key, ...values) =>
    TEXTS[language][key].replace(/\{(\d)\}/g, (_, index) => String(values[Number(index)] ?? ''))

/** Of one thing and of several: both languages have these two forms, with a key for each. */
export function counted(text: Text, key: Counted, count: number): string {
  return text(count === 1 ? `${key}.one` : `${key}.many`, count)
}

type Counted = TextKey extends infer Key ? (Key extends `${infer Name}.one` ? Name : never) : never

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
  return clock(ms)
}

/** A moment of the session: 0:04, 12:30. */
export function clock(ms: number): string {
  const seconds = Math.floor(Math.max(0, ms) / 1000)
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}

export function bytes(count: number, language: Language): string {
  if (count < 1000) return `${count} B`
  const [value, unit] = count < 1e6 ? [count / 1000, 'kB'] : [count / 1e6, 'MB']
  return `${value.toLocaleString(language, { maximumFractionDigits: 1 })} ${unit}`
}
