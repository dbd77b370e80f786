/**
 * The embedded engines of Viva Voce, one by one, behind OpenAI's HTTP: what a peer is built from when it is measured with the same
 * weights, processes and caches. No session, no turn-taking and no gate of ours is in between.
 * Usage: node bench/peers/engine-services.mjs PORT [--home DIR …any flag of `serve`]
 */
import { homedir } from 'node:os'
import { serve } from '@hono/node-server'
import { Command } from 'commander'
import { Hono } from 'hono'
import { stream, streamSSE } from 'hono/streaming'
import { floatToPcm16, readWav, resample } from '../../dist/audio/index.js'
import { startEmbeddedEngines } from '../../dist/cli/start-embedded.js'
import { addServeOptions, flagsFrom, loadConfig } from '../../dist/config/index.js'

const command = new Command().argument('<port>')
addServeOptions(command)
command.parse()
const { config } = loadConfig({
  flags: flagsFrom(command),
  env: process.env,
  cwd: process.cwd(),
  home: homedir(),
})
const closing = new AbortController()
const logger = { debug() {}, info() {}, warn: console.error, error: console.error }
const engines = await startEmbeddedEngines(config, { logger, signal: closing.signal, say: console.error })
const { asr, llm, tts } = engines.set
// One conversation at a time: its cache is kept from turn to turn, and the system instruction from one to the next.
const conversation = llm.open({ signal: closing.signal })

const app = new Hono()

app.post('/v1/chat/completions', async (context) => {
  const { messages } = await context.req.json()
  const textOf = ({ content }) =>
    typeof content === 'string' ? content : content.map((part) => part.text ?? '').join('')
  const prompt = {
    system: messages
      .filter(({ role }) => role === 'system' || role === 'developer')
      .map(textOf)
      .join('\n\n'),
    messages: messages
      .filter(({ role }) => role === 'user' || role === 'assistant')
      .map((message) => ({ role: message.role === 'user' ? 'user' : 'model', text: textOf(message) })),
  }
  return streamSSE(context, async (out) => {
    const abort = new AbortController()
    out.onAbort(() => abort.abort(new DOMException('gone', 'AbortError')))
    const chunk = (delta, finish_reason = null) =>
      out.writeSSE({
        data: JSON.stringify({
          id: 'chat',
          object: 'chat.completion.chunk',
          created: 0,
          model: 'ours',
          choices: [{ index: 0, delta, finish_reason }],
        }),
      })
    try {
      for await (const part of conversation.generate(prompt, {}, abort.signal)) {
        if (part.type === 'text') await chunk({ role: 'assistant', content: part.text })
        if (part.type === 'end') await chunk({}, part.reason)
      }
      await out.writeSSE({ data: '[DONE]' })
    } catch (error) {
      if (!abort.signal.aborted) throw error
    }
  })
})

app.post('/v1/audio/transcriptions', async (context) => {
  const form = await context.req.formData()
  const wav = readWav(new Uint8Array(await form.get('file').arrayBuffer()))
  const recognition = asr.open({ signal: closing.signal, language: 'en' })
  recognition.push(resample(wav.samples, wav.sampleRateHz, 16_000))
  const { text } = await recognition.settle()
  recognition.close()
  return context.json({ text })
})

app.post('/v1/audio/speech', async (context) => {
  const { input } = await context.req.json()
  return stream(context, async (out) => {
    const abort = new AbortController()
    out.onAbort(() => abort.abort(new DOMException('gone', 'AbortError')))
    try {
      for await (const samples of tts.speak(input, {}, abort.signal)) await out.write(floatToPcm16(samples))
    } catch (error) {
      if (!abort.signal.aborted) throw error
    }
  })
})

const server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: Number(command.args[0]) }, ({ port }) =>
  process.stdout.write(`ready http://127.0.0.1:${port}/v1\n${engines.choices.join('\n')}\n`),
)
process.once('SIGTERM', async () => {
  closing.abort(new DOMException('stopped', 'AbortError'))
  server.close()
  await engines.close()
  process.exit(0)
})
