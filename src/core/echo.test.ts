/** What of the sound over the model is its own speech out of a loudspeaker. Events in, effects out. */
import { describe, expect, it } from 'vitest'
import {
  echoOver,
  frames,
  type Given,
  merged,
  output,
  play,
  spoken,
  timeUp,
  transcript,
  wordsOver as words,
} from '../testing/session-table.js'
import { judgeSpeech } from './spoken-over.js'

describe('a long echo of the model', () => {
  const answer = {
    ...output(2, 'The small old house was built by a family of sailors in the spring. ', 8_000),
    at: 2_000,
  }
  const echo = (events: readonly Given[]) =>
    play([
      ...spoken,
      transcript(1, 'Tell me.'),
      answer,
      ...merged(...frames(6_000, 9_600, 0.9), ...events),
    ]).said.slice(5)
  const back = words(7_200, 'The small old house was built by a', 7_400)

  it('goes on though its end is misheard once', () => {
    const guess = words(7_840, 'house was built by a famous man who never', 8_040)
    const again = words(8_480, 'was built by a family of sailors in', 8_680)
    expect(echo([back, guess, again, { ...guess, toMs: 9_120, at: 9_320 } as Given])).not.toContain(
      'interrupted',
    )
  })

  it('does not hide the user: what is not of it twice, or an order, ends the answer', () => {
    const user = words(7_840, 'a family tell me what it costs today please', 8_040)
    expect(echo([back, user])).not.toContain('interrupted')
    expect(echo([back, user, words(8_480, 'tell me what it costs today please and how', 8_680)])).toContain(
      'interrupted',
    )
    expect(echo([back, words(7_840, 'Stop please', 8_040)])).toContain('interrupted')
  })
})

describe('the beginning of an echo', () => {
  const answer = {
    ...output(2, 'It costs much less in the spring, and much more in June. ', 8_000),
    at: 2_000,
  }
  const heard = (...events: readonly Given[]) =>
    play([
      ...spoken,
      transcript(1, 'Tell me.'),
      answer,
      ...merged(
        ...frames(6_000, 7_600, 0.9),
        timeUp(6_596),
        timeUp(6_896),
        timeUp(7_196),
        timeUp(7_496),
        ...events,
      ),
    ]).said.slice(5)
  const user = [words(6_300, 'How much', 6_500, -0.5), words(7_000, 'How much is it now?', 7_180)]
  const echo = words(6_700, 'It costs much less in', 6_850)

  it('is in doubt where the model was never heard back: the client stays silent until more words are there', () => {
    expect(heard(...user).slice(0, 4)).toEqual(['open 3', 'pause 2', 'cancel 2', 'interrupted'])
  })

  it('is not made of one word in two where these were understood well', () => {
    expect(heard(words(6_300, 'How much', 6_500, -0.2))).toContain('interrupted')
    expect(heard(words(6_300, 'Much less', 6_500, -0.2))).not.toContain('interrupted')
  })

  it('is waited for until the usual limit', () => {
    expect(heard(user[0]!)).toEqual(['open 3', 'pause 2', 'go on 2'])
  })

  it('is an echo at once where four words and more of it were', () => {
    const later = [...frames(7_600, 8_400, 0.01), ...frames(8_400, 9_600, 0.9)]
    const again: Given = { ...words(8_700, 'much more', 8_900), activity: 4, audioMs: 600 } as Given
    const limits = [timeUp(8_996), timeUp(9_296)]
    const { said, session } = play([
      ...spoken,
      transcript(1, 'Tell me.'),
      answer,
      ...merged(...frames(6_000, 7_600, 0.9), echo, ...later, again, ...limits),
    ])
    expect(session.echoes).toBe(true)
    expect(said.slice(-2)).toEqual(['pause 2', 'go on 2'])
  })
})

describe('an echo of the model', () => {
  const played =
    'It was built in nineteen hundred and two by a family of sailors. Nobody lives there today. The garden is open in spring. The code is zero zero zero eight, room two.'
  it.each([
    ['misheard at first', 'It might', 'echo'],
    ['misheard and cut off', 'family or sailing no', 'echo'],
    ['in other digits', '0.008. Room 2', 'echo'],
    ['in a number that is written otherwise', 'the code is 008 room too', 'echo'],
    ['for as long as it speaks', 'It was built in 1902 by a family of sailors nobody lives there', 'echo'],
    [
      'with the user after it',
      'built by a family of sailors nobody lives there today stop please what does it cost',
      'words',
    ],
  ] as const)('%s', (_what, text, verdict) => {
    expect(judgeSpeech(text, { played, wasAsked: false })).toBe(verdict)
  })

  it('is not what has one word of two in common with it, once no more will come, and never an order that it did not give', () => {
    const over = { played: 'It stands on a hill, and nobody lives there.', wasAsked: false }
    expect(judgeSpeech('Hang on.', over)).toBe('echo')
    expect(judgeSpeech('Hang on.', { ...over, isWhole: true })).toBe('words')
    expect(judgeSpeech('Wait and', over)).toBe('words')
  })

  it('has three words of it in a row where the sound is not the model’s', () => {
    const over = {
      played: 'It will stand on the hill, and the town is below.',
      wasAsked: false,
      sureness: -0.5,
    }
    // Any answer has such words.
    expect(judgeSpeech('Will the pharmacy on the', over)).toBe('echo')
    expect(judgeSpeech('Will the pharmacy on the', { ...over, isUnlike: true })).toBe('words')
    // What a client's echo cancellation has left of it is unlike it as well.
    expect(judgeSpeech('stand on the hill and a', { ...over, isUnlike: true })).toBe('echo')
    expect(judgeSpeech('on the', { ...over, isUnlike: true })).toBe('echo')
  })

  it('is so in a conversation: by its sound the user is told from the model', () => {
    const said = { ...output(2, 'It will stand on the hill, and the town is below. ', 8_000), at: 2_000 }
    const heard = (share: number) =>
      play([
        ...spoken,
        transcript(1, 'Tell me.'),
        said,
        ...merged(
          ...frames(6_000, 7_200, 0.9),
          echoOver(6_288, share),
          timeUp(6_596),
          words(6_864, 'Will the pharmacy on the', 7_080, -0.54),
        ),
      ]).said.slice(5)
    expect(heard(0.1)).toContain('interrupted')
    expect(heard(0.9)).not.toContain('interrupted')
  })
})
