/**
 * Which variables make an unchanged program talk to this server, and which of the user's must go so that neither
 * programs nor real credentials reach Google. Pure: what to set, unset and say; not how a shell writes it.
 */

import type { TlsPaths } from '../gateway/tls/index.js'
import { TRUST_STORE_PASSWORD } from '../gateway/tls/index.js'

export interface EnvironmentPlan {
  readonly set: readonly (readonly [name: string, value: string])[]
  readonly unset: readonly string[]
  /** One sentence each. */
  readonly notes: readonly string[]
}

export interface PlanInput {
  readonly host: string
  readonly port: number
  /** Undefined where TLS is off. */
  readonly tlsPort: number | undefined
  /** False for a bind that only other addresses of this machine reach: metadata is answered on loopback only. */
  readonly isOnLoopback: boolean
  readonly apiKeys: readonly string[]
  readonly tls: TlsPaths
  /** An empty folder. */
  readonly cloudSdkFolder: string
  /** The user's environment. */
  readonly environment: Readonly<Record<string, string | undefined>>
}

const DEFAULT_PROJECT = 'vivavoce'
const DEFAULT_LOCATION = 'us-central1'
/** Set in some environments; each keeps Google's libraries from asking a metadata server. */
const METADATA_SWITCHES = ['NO_GCE_CHECK', 'METADATA_SERVER_DETECTION', 'GCE_METADATA_MTLS_MODE']
const PROXY_VARIABLES = ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'http_proxy', 'https_proxy', 'all_proxy']

export function planEnvironment(input: PlanInput): EnvironmentPlan {
  const { environment, tls } = input
  const host = reachableHost(input.host)
  const plain = `${host}:${input.port}`
  const base = input.tlsPort === undefined ? `http://${plain}` : `https://${host}:${input.tlsPort}`
  const set: [string, string][] = [
    ['GOOGLE_GEMINI_BASE_URL', base],
    ['GOOGLE_VERTEX_BASE_URL', base],
    ['GOOGLE_CLOUD_PROJECT', environment.GOOGLE_CLOUD_PROJECT || DEFAULT_PROJECT],
    ['GOOGLE_CLOUD_LOCATION', environment.GOOGLE_CLOUD_LOCATION || DEFAULT_LOCATION],
  ]
  const unset = ['GOOGLE_APPLICATION_CREDENTIALS']
  const notes: string[] = []

  if (input.isOnLoopback) {
    set.push(['GCE_METADATA_HOST', plain], ['GCE_METADATA_IP', plain])
    unset.push(...METADATA_SWITCHES.filter((name) => environment[name] !== undefined))
  } else {
    notes.push(
      `The server listens on ${input.host} only: Vertex programs get no token there. Serve on 127.0.0.1.`,
    )
  }
  // Key files and a gcloud login come before the metadata server in the order in which Google's libraries look.
  set.push(['CLOUDSDK_CONFIG', input.cloudSdkFolder])
  if (environment.google_application_credentials !== undefined) unset.push('google_application_credentials')

  planKey(input, set, unset, notes)
  if (input.tlsPort === undefined) {
    notes.push('TLS is off (tlsPort 0): the Python and Java SDKs always use TLS and cannot connect.')
  } else {
    set.push(...trustVariables(tls, environment))
  }
  set.push(...proxyVariables(host, environment))
  notes.push(
    'Python: pass project and location to genai.Client(vertexai=True, ...); from the environment alone they are dropped.',
  )
  return { set, unset, notes }
}

/** A key of the configuration where the server asks for one; else any key does, and one that is set already stays. */
function planKey(input: PlanInput, set: [string, string][], unset: string[], notes: string[]): void {
  const [key] = input.apiKeys
  const { GEMINI_API_KEY, GOOGLE_API_KEY } = input.environment
  if (key !== undefined) {
    set.push(['GEMINI_API_KEY', key])
    // It would win over the other one, and it is not a key of this server.
    if (GOOGLE_API_KEY !== undefined && GOOGLE_API_KEY !== key) unset.push('GOOGLE_API_KEY')
    notes.push('GEMINI_API_KEY is a key of this server.')
  } else if (!GEMINI_API_KEY && !GOOGLE_API_KEY) {
    set.push(['GEMINI_API_KEY', 'vivavoce'])
    notes.push('Any API key does; GEMINI_API_KEY is set because there was none.')
  } else {
    notes.push('Any API key does; the one that is set stays, and goes to this server only.')
  }
}

function trustVariables(tls: TlsPaths, environment: PlanInput['environment']): [string, string][] {
  const { NODE_EXTRA_CA_CERTS, JAVA_TOOL_OPTIONS } = environment
  // Node adds this file to its own CAs; what was added there before is in the bundle too.
  const isNodeFree = !NODE_EXTRA_CA_CERTS || NODE_EXTRA_CA_CERTS === tls.ca
  const ours = [
    `-Djavax.net.ssl.trustStore=${quotedForJava(tls.trustStore)}`,
    `-Djavax.net.ssl.trustStorePassword=${TRUST_STORE_PASSWORD}`,
  ]
  const theirs = ours.reduce((text, option) => text.replaceAll(option, ''), JAVA_TOOL_OPTIONS ?? '').trim()
  return [
    ['SSL_CERT_FILE', tls.bundle],
    ['REQUESTS_CA_BUNDLE', tls.bundle],
    ['NODE_EXTRA_CA_CERTS', isNodeFree ? tls.ca : tls.bundle],
    ['JAVA_TOOL_OPTIONS', [...(theirs ? [theirs.replace(/\s+/g, ' ')] : []), ...ours].join(' ')],
  ]
}

/** The JVM splits the variable at white space outside quotes. */
const quotedForJava = (path: string) => (/\s/.test(path) ? `"${path}"` : path)

/** Python's and Node's clients would ask a proxy for 127.0.0.1. */
function proxyVariables(host: string, environment: PlanInput['environment']): [string, string][] {
  if (!PROXY_VARIABLES.some((name) => environment[name])) return []
  const current = (environment.no_proxy || environment.NO_PROXY || '').split(',').map((item) => item.trim())
  const needed = ['localhost', '127.0.0.1', '::1', host.replace(/^\[|\]$/g, '')]
  const value = [...new Set([...current, ...needed])].filter(Boolean).join(',')
  // Windows knows only one of the two spellings; setting both there does no harm.
  return [
    ['NO_PROXY', value],
    ['no_proxy', value],
  ]
}

/** The address to connect to, as it stands in a URL. A server that listens everywhere is reached on loopback. */
export function reachableHost(host: string): string {
  const bare = host.replace(/^\[|\]$/g, '')
  if (bare === '0.0.0.0' || bare === '::') return '127.0.0.1'
  return bare.includes(':') ? `[${bare}]` : bare
}
