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
  const { responseModalities = ['AUDIO'], ...generation } = generationConfig as Record<string, unknown>
  const tools = (rest.tools ?? []) as readonly { functionDeclarations?: readonly { name: string }[] }[]
  return {
    model: model.replace(/^models\//, ''),
    isSpoken: (responseModalities as readonly string[])[0] !== 'TEXT',
    config: { responseModalities, ...generation, ...rest },
    tools: tools.flatMap(({ functionDeclarations = [] }) => functionDeclarations.map(({ name }) => name)),
  }
}
