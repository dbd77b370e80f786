/**
 * The settings as the form shows them. They live in the address's fragment, which browsers keep to themselves: a
 * set-up is shared by sharing the address. A server that wants a key finds it there as well (`#key=…`), and it is
 * taken out of what is shared.
 */

import { create } from 'zustand'
import type { FieldValue, Setup } from './fields'
import { fromAddress, toAddress } from './setup-message'

interface SetupState {
  readonly setup: Setup
  set(name: string, value: FieldValue | undefined): void
  replace(setup: Setup): void
}

const fragment = () => location.hash.replace(/^#/, '')

export const apiKey: string | undefined = new URLSearchParams(fragment()).get('key') ?? undefined

export const useSetup = create<SetupState>((set) => ({
  setup: fromAddress(fragment()),
  set: (name, value) => set(({ setup }) => ({ setup: { ...setup, [name]: value } })),
  replace: (setup) => set({ setup }),
}))

/** What a colleague opens to have the same set-up; without the key. */
export const shareAddress = (setup: Setup): string => {
  const text = toAddress(setup)
  return `${location.origin}${location.pathname}${text && `#${text}`}`
}

useSetup.subscribe(({ setup }) => {
  const text = [apiKey && `key=${encodeURIComponent(apiKey)}`, toAddress(setup)].filter(Boolean).join('&')
  history.replaceState(null, '', text ? `#${text}` : location.pathname)
})

addEventListener('hashchange', () => useSetup.getState().replace(fromAddress(fragment())))
