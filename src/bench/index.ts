/** Benchmarks of a running server, measured from the client's side. */

export { type LatencyResult, measureLatency } from './latency.js'
export { type Question, readQuestion } from './question.js'
export { latencyTable, systemPromptTable, writeResult } from './report.js'
export { serverFacts } from './server-facts.js'
export { measureSystemPrompt, type SystemPromptResult } from './system-prompt.js'
