/** The voices over HTTP: their names and languages, and what each sounds like. Knows no engine. */
import { Hono } from 'hono'
import type { GatewayOptions } from './options.js'

export type VoicesOptions = Pick<GatewayOptions, 'voiceNames' | 'previews'>

/** Routes below `/api/voices`. */
export function createVoices({ voiceNames = [], previews }: VoicesOptions) {
  const app = new Hono()
  const spelled = new Map(voiceNames.map((name) => [name.toLowerCase(), name]))

  app.get('/', (context) =>
    context.json({ voices: voiceNames.map((name) => ({ name })), languages: previews?.()?.languages ?? [] }),
  )
  app.get('/:name', async (context) => {
    const name = spelled.get(context.req.param('name').toLowerCase())
    if (name === undefined)
      return context.text(`There is no such voice: there are ${voiceNames.join(', ')}.\n`, 404)
    const voices = previews?.()
    if (!voices) return context.text('The engines are still loading: try again in a moment.\n', 503)
    const language = context.req.query('language') ?? 'en-US'
    const wav = await voices.speak(name, language, context.req.raw.signal)
    if (!wav)
      return context.text(
        `No voice says this in "${language}": there are ${voices.languages.join(', ')}.\n`,
        404,
      )
    return context.body(new Uint8Array(wav), 200, {
      'content-type': 'audio/wav',
      'cache-control': 'max-age=3600',
    })
  })
  return app
}
