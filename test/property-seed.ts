/**
 * Property tests draw the same cases in every run, so that a change is judged by what it changed. PROPERTY_SEED=<number>
 * draws others: a search for faults, not a check of a change.
 */
import fc from 'fast-check'

fc.configureGlobal({ seed: Number(process.env.PROPERTY_SEED ?? 2026) })
