/** Light, dark or as the system; remembered. */

import { create } from 'zustand'

export const THEMES = ['system', 'light', 'dark'] as const
export type Theme = (typeof THEMES)[number]

const STORAGE = 'vivavoce.theme'

function initial(): Theme {
  try {
    const chosen = localStorage.getItem(STORAGE)
    return THEMES.find((theme) => theme === chosen) ?? 'system'
  } catch {
    return 'system'
  }
}

export const useTheme = create<{ theme: Theme; choose(theme: Theme): void }>((set) => ({
  theme: initial(),
  choose(theme) {
    set({ theme })
    apply(theme)
    try {
      localStorage.setItem(STORAGE, theme)
    } catch {
      // Then it is forgotten with the page.
    }
  },
}))

function apply(theme: Theme): void {
  if (theme === 'system') delete document.documentElement.dataset.theme
  else document.documentElement.dataset.theme = theme
}

apply(useTheme.getState().theme)
