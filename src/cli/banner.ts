/** What a started server tells its user: where it is, what it serves and how to point an SDK at it. */
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
    '  Point an unchanged program here (any API key does):',
    '    eval "$(vivavoce env)"          # from a clone: eval "$(node dist/cli/main.js env)"',
    '',
    `  Python   client = genai.Client(api_key="any", http_options={"base_url": "${secure ?? plain}"})`,
    '           # and SSL_CERT_FILE as `vivavoce env` prints it: the Python SDK always uses TLS',
    `  JS       const ai = new GoogleGenAI({ apiKey: 'any', httpOptions: { baseUrl: '${plain}' } })`,
    '',
    '  ^C stops the server.',
    '',
  ]
  return `${lines.join('\n')}\n`
}

function urlHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return 'localhost'
  return host.includes(':') ? `[${host}]` : host
}
