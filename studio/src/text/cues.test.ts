/** Everything that can speak for or against an addressee has words in the timeline. */
import { describe, expect, it } from 'vitest'
import type { AddressCue } from '../../../src/core/address-verdict'
import { en } from './en'

const CUES: Readonly<Record<AddressCue, true>> = {
  called: true,
  mentioned: true,
  'other-called': true,
  question: true,
  request: true,
  'second-person': true,
  thanks: true,
  'about-others': true,
  broadcast: true,
  'to-oneself': true,
  'first-words': true,
  running: true,
  resting: true,
  answer: true,
  aside: true,
  distant: true,
  'other-voice': true,
  'plain-statement': true,
  phrasing: true,
  length: true,
  expected: true,
  vote: true,
  instruction: true,
  'direct-question': true,
  echo: true,
  seen: true,
}

describe('cues', () => {
  it('have words, and no words are left over', () => {
    const worded = Object.keys(en).flatMap((key) =>
      key.startsWith('cue.') ? [key.slice('cue.'.length)] : [],
    )
    expect(worded.toSorted()).toEqual(Object.keys(CUES).toSorted())
  })
})
