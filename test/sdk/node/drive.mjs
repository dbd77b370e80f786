/**
 * Drives a Live API server through @google/genai and prints what it received in each scenario as a line of JSON.
 * Usage: drive.mjs <pcm file> <scenario>…, all at once. The server comes from the environment alone, as in a user's program.
 */
import { readFileSync } from 'node:fs'
import { GoogleGenAI } from '@google/genai'
import { runScenario } from './scenarios.mjs'

const [file, ...scenarios] = process.argv.slice(2)

const clientFor = (scenario) =>
  scenario.startsWith('vertex')
    ? new GoogleGenAI({
        vertexai: true,
        project: process.env.GOOGLE_CLOUD_PROJECT,
        location: process.env.GOOGLE_CLOUD_LOCATION,
      })
    : new GoogleGenAI({ apiKey: 'any-key' })

const pcm = readFileSync(file)
await Promise.all(
  scenarios.map(async (scenario) => {
    const outcome = await runScenario(scenario, { client: clientFor(scenario), pcm })
    process.stdout.write(`${JSON.stringify({ scenario, ...outcome })}\n`)
  }),
)
// A conversation that failed may have left its connection open.
process.exit()
