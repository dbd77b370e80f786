/** Voices over HTTP, on scripted engines. */
import { afterEach, describe, expect, it } from 'vitest'
import { readWav } from '../audio/index.js'
import { type ScriptedServer, startScriptedServer } from '../testing/scripted-server.js'

let server: ScriptedServer | undefined
afterEach(async () => {
  await server?.close()
  server = undefined
})
const start = async (options = {}) => `${(server = await startScriptedServer(options)).http}/api/voices`

describe('[REST-19] voices', () => {
  it('are named, with the languages that they can be heard in', async () => {
    const { voices, languages } = (await (await fetch(await start())).json()) as {
      voices: { name: string }[]
      languages: string[]
    }
    expect(voices).toHaveLength(30)
    expect(voices).toContainEqual({ name: 'Kore' })
    expect(languages).toContain('es')
  })

  it.each(['Kore?language=es-ES', 'kore?language=es', 'Puck'])('are heard: %s', async (voice) => {
    const response = await fetch(`${await start()}/${voice}`)
    expect(response.headers.get('content-type')).toBe('audio/wav')
    const { samples, sampleRateHz } = readWav(new Uint8Array(await response.arrayBuffer()))
    expect(sampleRateHz).toBe(24_000)
    expect(samples.length).toBeGreaterThan(0)
  })

  it.each([
    ['Nobody', 'there are Zephyr'],
    ['Kore?language=xx', 'there are de, en'],
  ])('that are not there get 404 and what there is: %s', async (voice, there) => {
    const response = await fetch(`${await start()}/${voice}`)
    expect(response.status).toBe(404)
    expect(await response.text()).toContain(there)
  })
})
