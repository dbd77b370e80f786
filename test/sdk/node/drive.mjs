/**
 * Drives a Live API server through @google/genai and prints what it received as one JSON object.
 * Usage: drive.mjs <scenario> [pcm file]. The server comes from the environment alone, as in a user's program.
 */
import { readFileSync } from 'node:fs'
import { GoogleGenAI } from '@google/genai'
import { runScenario } from './scenarios.mjs'

const [scenario, file] = process.argv.slice(2)

const client = scenario.startsWith('vertex')
  ? new GoogleGenAI({
      vertexai: true,
      project: process.env.GOOGLE_CLOUD_PROJECT,
      location: process.env.GOOGLE_CLOUD_LOCATION,
    })
  : new GoogleGenAI({ apiKey: 'any-key' })

const fail = (reason) => {
  process.stderr.write(`${reason}\n`)
  process.exit(1)
}
const turns = await runScenario(scenario, { client, pcm: readFileSync(file), fail })
process.stdout.write(`${JSON.stringify({ turns })}\n`)
