/** Starting points worth a name. Each replaces the whole set-up. */

import type { Setup } from './fields'

export const PRESETS: readonly { readonly name: string; readonly setup: Setup }[] = [
  { name: 'default', setup: {} },
  {
    name: 'quick',
    setup: {
      system: 'Answer in one short sentence.',
      endSensitivity: 'END_SENSITIVITY_HIGH',
      silenceDurationMs: 300,
      maxOutputTokens: 60,
    },
  },
  {
    name: 'patient',
    setup: {
      system: 'You listen to people who think aloud. Let them finish, then ask one question that helps.',
      startSensitivity: 'START_SENSITIVITY_LOW',
      endSensitivity: 'END_SENSITIVITY_LOW',
      silenceDurationMs: 1500,
    },
  },
  {
    name: 'pushToTalk',
    setup: { manual: true },
  },
  {
    name: 'spanish',
    setup: {
      language: 'es-ES',
      system: 'Eres profesora de español. Habla despacio, corrige con amabilidad y haz preguntas fáciles.',
    },
  },
  {
    name: 'written',
    setup: { modality: 'TEXT', system: 'Answer in writing. Markdown is welcome.' },
  },
]
