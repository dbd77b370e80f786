/**
 * Which WebSocket paths are the Live API: both flavours, the Firebase ones, tokens, and the bare root that
 * some SDKs use with a custom base URL. Any prefix, any version, repeated slashes. Knows no credentials.
 */

export interface LivePath {
  readonly api: 'developer' | 'vertex' | 'firebase' | 'root'
  /** True for the variant that takes ephemeral tokens only. */
  readonly constrained: boolean
  /** As in the path: `v1`, `v1beta1` …; absent at the root. */
  readonly version?: string
}

const SUFFIXES: readonly { readonly api: LivePath['api']; readonly pattern: RegExp }[] = [
  {
    api: 'developer',
    pattern:
      /\/ws\/google\.ai\.generativelanguage\.([\w-]+)\.GenerativeService\.BidiGenerateContent(Constrained)?$/,
  },
  {
    api: 'vertex',
    pattern: /\/ws\/google\.cloud\.aiplatform\.([\w-]+)\.LlmBidiService\/BidiGenerateContent$/,
  },
  {
    api: 'firebase',
    pattern:
      /\/ws\/google\.firebase\.vertexai\.([\w-]+)\.(?:GenerativeService\/BidiGenerateContent|LlmBidiService\/BidiGenerateContent\/locations\/[\w-]+)$/,
  },
]

/** `url` is a request target (`/path?query`) or a full URL. Undefined: not a path of the Live API. */
export function matchLivePath(url: string): LivePath | undefined {
  const path = pathOf(url)
  if (path === '/') return { api: 'root', constrained: false }
  for (const { api, pattern } of SUFFIXES) {
    const match = pattern.exec(path)
    if (match) return { api, constrained: match[2] !== undefined, version: match[1] ?? '' }
  }
  return undefined
}

/** The path with single slashes and no trailing one, without scheme, host, query and fragment. */
function pathOf(url: string): string {
  const withoutOrigin = url.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, '')
  const path = (withoutOrigin.split(/[?#]/, 1)[0] ?? '').replace(/\/{2,}/g, '/')
  return path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path || '/'
}
