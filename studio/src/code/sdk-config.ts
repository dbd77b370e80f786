/** The setup message as the SDKs' connect configuration: generation settings are lifted out, the rest stays. Pure. */

import type { ProgramInput } from './programs'

export interface SdkConfig {
  readonly model: string
  readonly isSpoken: boolean
  readonly config: Readonly<Record<string, unknown>>
  readonly tools: readonly string[]
}

export function sdkConfig({ setup }: ProgramInput): SdkConfig {
  const { model, generationConfig = {}, ...rest } = setup
  const {
    responseModalities = ['AUDIO'],
    presencePenalty,
    frequencyPenalty,
    ...generation
  } = generationConfig as Record<string, unknown>
  // The SDKs lifted all settings out of generationConfig but these.
  const penalties = {
    ...(presencePenalty !== undefined && { presencePenalty }),
    ...(frequencyPenalty !== undefined && { frequencyPenalty }),
  }
  const tools = (rest.tools ?? []) as readonly { functionDeclarations?: readonly { name: string }[] }[]
  return {
    model: model.replace(/^models\//, ''),
    isSpoken: (responseModalities as readonly string[])[0] !== 'TEXT',
    config: {
      responseModalities,
      ...generation,
      ...(Object.keys(penalties).length > 0 && { generationConfig: penalties }),
      ...rest,
    },
    tools: tools.flatMap(({ functionDeclarations = [] }) => functionDeclarations.map(({ name }) => name)),
  }
}
