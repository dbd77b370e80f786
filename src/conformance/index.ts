/** The conformance suite: the rules of PROTOCOL.md that can be tested from outside, against any Live API server. */

export type { Check, CheckContext } from './check.js'
export { CHECKS, type CheckResult, type ConformanceOptions, runConformance } from './run.js'
