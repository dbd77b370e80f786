/**
 * Token accounting on the wire. The two flavours of the API name the answer's tokens differently and clients
 * read only their own name, so both are sent. Detail lists are always there: samples iterate them unchecked.
 */

export type Modality = 'TEXT' | 'AUDIO' | 'IMAGE' | 'VIDEO'

/** Token counts by modality; an absent modality counts 0. */
export type TokenCounts = Readonly<Partial<Record<Modality, number>>>

/** Counts of one turn. The prompt is the whole context that the answer was made from. */
export interface Usage {
  readonly promptTokens: TokenCounts
  /** Results of functions that this turn is about, beside the prompt; absent = none. */
  readonly toolUsePromptTokens?: TokenCounts
  readonly responseTokens: TokenCounts
}

export interface ModalityTokenCount {
  readonly modality: Modality
  readonly tokenCount: number
}

export interface UsageMetadata {
  readonly promptTokenCount: number
  readonly responseTokenCount: number
  readonly candidatesTokenCount: number
  readonly toolUsePromptTokenCount?: number
  readonly totalTokenCount: number
  readonly promptTokensDetails: readonly ModalityTokenCount[]
  readonly responseTokensDetails: readonly ModalityTokenCount[]
  readonly candidatesTokensDetails: readonly ModalityTokenCount[]
  readonly toolUsePromptTokensDetails?: readonly ModalityTokenCount[]
}

export function usageMetadata(usage: Usage): UsageMetadata {
  const promptTokenCount = total(usage.promptTokens)
  const responseTokenCount = total(usage.responseTokens)
  const toolUsePromptTokenCount = total(usage.toolUsePromptTokens ?? {})
  const responseDetails = details(usage.responseTokens)
  return {
    promptTokenCount,
    responseTokenCount,
    candidatesTokenCount: responseTokenCount,
    ...(usage.toolUsePromptTokens && { toolUsePromptTokenCount }),
    totalTokenCount: promptTokenCount + toolUsePromptTokenCount + responseTokenCount,
    promptTokensDetails: details(usage.promptTokens),
    responseTokensDetails: responseDetails,
    candidatesTokensDetails: responseDetails,
    ...(usage.toolUsePromptTokens && { toolUsePromptTokensDetails: details(usage.toolUsePromptTokens) }),
  }
}

const MODALITIES: readonly Modality[] = ['TEXT', 'AUDIO', 'IMAGE', 'VIDEO']

function total(counts: TokenCounts): number {
  return MODALITIES.reduce((sum, modality) => sum + (counts[modality] ?? 0), 0)
}

function details(counts: TokenCounts): ModalityTokenCount[] {
  return MODALITIES.flatMap((modality) => {
    const tokenCount = counts[modality] ?? 0
    return tokenCount > 0 ? [{ modality, tokenCount }] : []
  })
}

/** What one picture or frame counts, by `mediaResolution`; undefined = the client did not say. */
export function pictureTokens(resolution: 'LOW' | 'MEDIUM' | 'HIGH' | undefined): number {
  return { LOW: 64, MEDIUM: 256, HIGH: 256, none: 258 }[resolution ?? 'none']
}
