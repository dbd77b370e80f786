/** The ids that the server serves, those of its configuration included. */

import { KNOWN_MODELS } from 'vivavoce/protocol'
import { create } from 'zustand'
import { apiKey } from './setup-store'

export const useModels = create<{ readonly ids: readonly string[] }>(() => ({ ids: KNOWN_MODELS }))

/** Never throws: the known ids stay. */
export async function loadModels(): Promise<void> {
  try {
    const headers: HeadersInit = apiKey === undefined ? {} : { 'x-goog-api-key': apiKey }
    const response = await fetch('/v1/models', { headers })
    if (!response.ok) return
    const { models } = (await response.json()) as { models: readonly { name: string }[] }
    useModels.setState({ ids: models.map(({ name }) => name.replace(/^models\//, '')) })
  } catch {
    // Offline: the form still works.
  }
}
