/** The first token of an answer, with its likelihoods where the server tells them, as weights of the words that the answer may begin with. */

export interface WeighedChoice {
  readonly message?: { readonly content?: unknown } | null
  readonly logprobs?: {
    readonly content?:
      | readonly { readonly top_logprobs?: readonly { readonly token: string; readonly logprob: number }[] }[]
      | null
  } | null
}

/** How much a word counts that was said, where the server tells no likelihoods. */
const SAID_LEAD = 2

/** Of a word that is not among the likeliest no more is known than that it is less likely than those. */
export function wordWeights({ message, logprobs }: WeighedChoice, words: readonly string[]): number[] {
  const listed = logprobs?.content?.[0]?.top_logprobs ?? []
  const said = typeof message?.content === 'string' ? message.content : ''
  const likeliest = listed.length > 0 ? listed : [{ token: said, logprob: SAID_LEAD }]
  const least = listed.length > 0 ? Math.min(...listed.map(({ logprob }) => logprob)) : 0
  return words.map((word) => {
    const own = likeliest.filter(({ token }) => fold(token) !== '' && fold(word).startsWith(fold(token)))
    return Math.max(least, ...own.map(({ logprob }) => logprob))
  })
}

function fold(text: string): string {
  return text.trim().toLowerCase()
}
