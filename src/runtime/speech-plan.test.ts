/**
 * The plan against a simulated voice and a simulated language model that share one processor: once a reply plays, it plays on, as long as nothing
 * becomes slower than the margin allows.
 */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createClauseText } from './clauses.js'
import { createSpeechPace, type SpeechPace } from './speech-pace.js'
import { clauseLimits, mayStart, type SpeechInHand } from './speech-plan.js'

const INAUDIBLE_SECONDS = 0.005

interface Machine {
  /** Seconds to make one second of speech, of which each clause has some for silence around it. */
  readonly secondsPerSecond: number
  readonly writtenLettersPerSecond: number
  /** Factors on what each step takes, used in turn. */
  readonly moods: readonly number[]
}

interface Outcome {
  readonly startedAt: number
  readonly underruns: number[]
  readonly clauses: string[]
  readonly longestRunSeconds: number
}

function speakOn(
  { secondsPerSecond, writtenLettersPerSecond, moods }: Machine,
  answer: string,
  pace: SpeechPace,
) {
  const text = createClauseText()
  const tokens = answer.match(/\s*\S{1,5}/g) ?? []
  const clauses: string[] = []
  const underruns: number[] = []
  let now = 0
  let madeSeconds = 0
  let inWorkLetters = 0
  let startedAt: number | undefined
  let longestRunSeconds = 0
  let step = 0
  const mood = () => moods[step++ % moods.length] ?? 1
  const inHand = (): SpeechInHand => ({
    leadSeconds: startedAt === undefined ? madeSeconds : Math.max(0, startedAt + madeSeconds - now),
    started: startedAt !== undefined,
    waiting: text.waiting,
    inWorkLetters,
    ended: text.ended,
  })
  const lookAgain = () => {
    if (startedAt === undefined && mayStart(inHand(), pace)) startedAt = now
  }
  for (;;) {
    const clause = text.take(clauseLimits(inHand(), pace))
    if (clause !== undefined) {
      clauses.push(clause)
      inWorkLetters = clause.length
      lookAgain()
      const audioSeconds = 0.25 + clause.length / 18
      const madeIn = secondsPerSecond * (audioSeconds + 0.7) * mood()
      longestRunSeconds = Math.max(longestRunSeconds, madeIn)
      now += madeIn
      // What is late is heard late: everything after it as well.
      if (startedAt !== undefined && now > startedAt + madeSeconds + INAUDIBLE_SECONDS) {
        underruns.push(now - startedAt - madeSeconds)
        startedAt = now - madeSeconds
      }
      inWorkLetters = 0
      madeSeconds += audioSeconds
      pace.noteSpoken({ letters: clause.length, audioSeconds, waitedSeconds: 0, madeSeconds: madeIn })
      lookAgain()
    } else if (tokens.length > 0) {
      const token = tokens.shift() ?? ''
      const seconds = (token.length / writtenLettersPerSecond) * mood()
      now += seconds
      text.push(token)
      pace.noteWritten(token.length, seconds)
      lookAgain()
    } else if (!text.ended) {
      text.end()
      lookAgain()
    } else break
  }
  return { startedAt: startedAt ?? now, underruns, clauses, longestRunSeconds } satisfies Outcome
}

/** What the calibration says of such a voice. */
const calibrated = (secondsPerSecond: number) => createSpeechPace(7 / (secondsPerSecond * 7.7))

const ANSWER =
  'The sky looks blue because the molecules of the air scatter the short waves of the light that comes from the sun much more than the ' +
  'long ones. At dusk the light takes a longer way, so more of the blue is lost, and what is left looks red or orange. '

describe('a reply', () => {
  const KOKORO = { secondsPerSecond: 0.48, writtenLettersPerSecond: 80, moods: [1] }
  const PIPER = { secondsPerSecond: 0.23, writtenLettersPerSecond: 80, moods: [1] }

  it.each([
    ['a light voice', PIPER, 1.6],
    ['a full voice on two cores', KOKORO, 3.2],
  ])('starts early and has no gap: %s', (_, machine, startsWithinSeconds) => {
    for (const answer of [ANSWER, ANSWER.repeat(3), `Sure, ${ANSWER}`, `No. ${ANSWER}`]) {
      const { underruns, startedAt, clauses } = speakOn(machine, answer, calibrated(machine.secondsPerSecond))
      expect(underruns, clauses.join('|')).toEqual([])
      expect(startedAt).toBeLessThan(startsWithinSeconds)
    }
  })

  it('is cut without a mark as seldom as the time allows: pieces of two words are misheard', () => {
    const machine = { secondsPerSecond: 0.15, writtenLettersPerSecond: 45, moods: [1] }
    const pace = calibrated(machine.secondsPerSecond)
    speakOn(machine, ANSWER, pace)
    const { clauses, underruns } = speakOn(machine, ANSWER, pace)
    expect(underruns).toEqual([])
    expect(clauses.filter((clause) => clause.length < 24 && !/[,.] $/.test(clause))).toEqual([
      'The sky looks ',
      'blue because ',
    ])
  })

  it('that is held back is cut as if it played: no sooner than it must be', () => {
    const speech = {
      started: false,
      waiting: 'because the molecules of the ',
      inWorkLetters: 0,
      ended: false,
    }
    const pace = calibrated(0.1)
    expect(clauseLimits({ ...speech, leadSeconds: 2 }, pace).urgent).toBe(false)
    // Too little to start with: the next clause makes it enough.
    expect(clauseLimits({ ...speech, leadSeconds: 0.5 }, pace).urgent).toBe(true)
  })

  it('of a voice that cannot keep up starts when the rest is made in time', () => {
    const machine = { secondsPerSecond: 1.1, writtenLettersPerSecond: 60, moods: [1] }
    const { underruns, startedAt } = speakOn(machine, ANSWER.slice(0, 140), calibrated(1.1))
    expect(underruns).toEqual([])
    expect(startedAt).toBeGreaterThan(2)
  })

  it('of a slow voice takes the processor for no longer than 3 s at once', () => {
    const endless = 'and on it goes with no end in sight whatever anybody may say to it '.repeat(8)
    const { longestRunSeconds } = speakOn(KOKORO, endless, calibrated(KOKORO.secondsPerSecond))
    expect(longestRunSeconds).toBeLessThan(3)
  })

  it('does not wait where nothing more comes, nor start with a word before anything follows', () => {
    const pace = calibrated(0.2)
    const opener = { leadSeconds: 0.4, started: false, waiting: '', inWorkLetters: 0, ended: false }
    expect(mayStart({ ...opener, leadSeconds: 0 }, pace)).toBe(false)
    expect(mayStart(opener, pace)).toBe(false)
    expect(mayStart({ ...opener, ended: true }, pace)).toBe(true)
    expect(mayStart({ ...opener, leadSeconds: 1.5 }, pace)).toBe(true)
    expect(mayStart({ ...opener, leadSeconds: 1.5 }, calibrated(1.2))).toBe(false)
  })
})

const word = fc.integer({ min: 1, max: 11 }).map((length) => 'abcdefghijk'.slice(0, length))
const sentence = fc
  .array(fc.tuple(word, fc.constantFrom('', '', '', '', ',')), { minLength: 4, maxLength: 30, size: 'max' })
  .map((words) => `${words.map(([letters, mark]) => letters + mark).join(' ')}. `)

describe('once it plays, a reply never runs dry', () => {
  const moods = fc.array(fc.double({ min: 0.97, max: 1.1, noNaN: true }), { minLength: 1, maxLength: 10 })

  it('of any length where voice and model together keep up', () => {
    fc.assert(
      fc.property(
        fc.array(sentence, { minLength: 1, maxLength: 12 }),
        fc.double({ min: 0.05, max: 0.45, noNaN: true }),
        fc.double({ min: 80, max: 300, noNaN: true }),
        moods,
        (sentences, secondsPerSecond, writtenLettersPerSecond, factors) => {
          const machine = { secondsPerSecond, writtenLettersPerSecond, moods: factors }
          const pace = calibrated(secondsPerSecond)
          // The first answer teaches how fast the model writes.
          speakOn(machine, ANSWER, pace)
          const { underruns, clauses } = speakOn(machine, sentences.join(''), pace)
          expect(underruns, clauses.join('|')).toEqual([])
        },
      ),
      { numRuns: 200 },
    )
  })

  it('of the usual length whatever the speed', () => {
    fc.assert(
      fc.property(
        fc.array(sentence, { minLength: 1, maxLength: 6 }).map((all) => all.join('').slice(0, 110)),
        fc.double({ min: 0.05, max: 3, noNaN: true }),
        fc.double({ min: 25, max: 300, noNaN: true }),
        moods,
        (answer, secondsPerSecond, writtenLettersPerSecond, factors) => {
          const machine = { secondsPerSecond, writtenLettersPerSecond, moods: factors }
          const pace = calibrated(secondsPerSecond)
          speakOn(machine, ANSWER, pace)
          const { underruns, clauses } = speakOn(machine, answer, pace)
          expect(underruns, clauses.join('|')).toEqual([])
        },
      ),
      { numRuns: 200 },
    )
  })
})

describe('the pace of speech', () => {
  it('follows what is measured, sooner when it becomes slower', () => {
    const slowed = createSpeechPace(4)
    const before = slowed.speakSeconds(60)
    const clause = { letters: 60, audioSeconds: 3.5, waitedSeconds: 0 }
    slowed.noteSpoken({ ...clause, madeSeconds: 2.5 })
    const after = slowed.speakSeconds(60)
    expect(after).toBeGreaterThan(1.4 * before)
    for (let turn = 0; turn < 20; turn++) slowed.noteSpoken({ ...clause, madeSeconds: 2.5 })
    expect(slowed.speakSeconds(60)).toBeCloseTo(2.5, 1)
    slowed.noteSpoken({ ...clause, madeSeconds: 0.9 })
    expect(slowed.speakSeconds(60)).toBeGreaterThan(2)
  })

  it('learns nothing from a clause that was remembered or was silent', () => {
    const pace = createSpeechPace(2)
    const before = pace.speakSeconds(60)
    pace.noteSpoken({ letters: 60, audioSeconds: 3.5, waitedSeconds: 0, madeSeconds: 0.002 })
    pace.noteSpoken({ letters: 60, audioSeconds: 0, waitedSeconds: 0, madeSeconds: 1 })
    expect(pace.speakSeconds(60)).toBeCloseTo(before, 1)
  })

  it('counts the wait for the processor once for each clause', () => {
    const pace = createSpeechPace(4)
    const short = pace.speakSeconds(12)
    const long = pace.speakSeconds(120)
    for (let turn = 0; turn < 20; turn++)
      pace.noteSpoken({ letters: 0, audioSeconds: 0, waitedSeconds: 1, madeSeconds: 0 })
    expect(pace.speakSeconds(12) - short).toBeCloseTo(1, 1)
    expect(pace.speakSeconds(120) - long).toBeCloseTo(1, 1)
  })
})
