/** What a started server tells its user: where it is, what it serves and how to point an SDK at it. */
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { Config } from '../config/index.js'
import { KNOWN_MODELS } from '../protocol/index.js'

export function banner(
  config: Config,
  ports: { readonly port: number; readonly tlsPort?: number },
  choices: readonly string[],
): string {
  const plain = `http://${urlHost(config.host)}:${ports.port}`
  const secure = ports.tlsPort === undefined ? undefined : `https://localhost:${ports.tlsPort}`
  const models = [...config.models, ...KNOWN_MODELS]
  const hasKeys = config.apiKeys.length > 0
  const key = hasKeys ? 'a key of this server' : 'any'
  const env = `env${config.home === join(homedir(), '.vivavoce') ? '' : ` --home ${quoted(config.home)}`}`
  const lines = [
    '',
    `Viva Voce is ready.`,
    '',
    `  Talk in the browser   ${plain}/`,
    `  Plain                 ${plain}   (ws://)`,
    ...(secure ? [`  TLS                   ${secure}   (wss://, certificate of the local CA)`] : []),
    '',
    `  Models   ${models.join(', ')}`,
    '',
    '  Engines',
    ...choices.map((choice) => `    ${choice}`),
    '',
    `  Point an unchanged program here (${hasKeys ? 'with one of the API keys that are configured' : 'any API key does'}):`,
    `    eval "$(vivavoce ${env})"          # from a clone: eval "$(node dist/cli/main.js ${env})"`,
    '',
    ...(secure
      ? [
          `  Python   client = genai.Client(api_key="${key}", http_options={"base_url": "${secure}"})`,
          '           # and SSL_CERT_FILE as `vivavoce env` prints it: the Python SDK always uses TLS',
        ]
      : ['  Python   not without TLS, which its SDK always uses: start with --tls-port 8485']),
    `  JS       const ai = new GoogleGenAI({ apiKey: '${key}', httpOptions: { baseUrl: '${plain}' } })`,
    '',
    '  ^C stops the server.',
    '',
  ]
  return `${lines.join('\n')}\n`
}

const quoted = (path: string) => (/^[\w./~-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`)

function urlHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return 'localhost'
  return host.includes(':') ? `[${host}]` : host
}
