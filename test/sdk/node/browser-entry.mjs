/** What a page needs of a bundle to run the scenarios. */
export { GoogleGenAI } from '@google/genai'
export { runScenario } from './scenarios.mjs'
