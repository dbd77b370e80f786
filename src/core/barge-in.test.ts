/** The user speaks while the model is heard: stopped at once, then decided by the words. Events in, effects out. */
import { describe, expect, it } from 'vitest'
import {
  answering,
  frames,
  type Given,
  generated,
  merged,
  output,
  overAnswer as over,
  play,
  spoken,
  timeUp,
  transcript,
  wordsOver as words,
} from '../testing/session-table.js'
import { judgeSpeech } from './spoken-over.js'

describe('speech over the model', () => {
  const onset = frames(6_000, 6_480, 0.9)

  it('stops output with the onset and ends it with the first words of its own', () => {
    const { said } = play([
      ...answering,
      ...onset,
      words(6_256, 'Wait, stop', 6_500),
      ...frames(6_496, 6_960, 0.9),
      ...frames(6_976, 7_600, 0.01),
      transcript(3, 'Wait, stop.'),
    ])
    expect(said.slice(4)).toEqual([
      'answer 2: u:Tell me.',
      'open 3',
      'pause 2',
      'cancel 2',
      'interrupted',
      'turnComplete',
      'settle 3',
      'close 3',
      'heard "Wait, stop."',
      'answer 4: u:Tell me. | m:Well, it is | u:Wait, stop.',
    ])
  })

  it('is ended by words that are plainly likelier than any sign of listening, in doubt as they are', () => {
    const heard = (lead?: number) => over([...onset, words(6_256, 'Which cable?', 6_500, -0.6, lead)])
    expect(heard(7.5)).toContain('interrupted')
    expect(heard(2)).not.toContain('interrupted')
    expect(heard()).not.toContain('interrupted')
  })

  it('is ended at its pause by what leads over signs of listening, and goes on for what does not', () => {
    const ended = (text: string, lead: number) =>
      over([
        ...frames(6_000, 6_240, 0.9),
        ...frames(6_240, 6_400, 0.01),
        words(6_336, text, 6_480, -0.6, lead),
      ])
    expect(ended('Que tintaosa.', 4.2)).toContain('interrupted')
    expect(ended("Okay, I'm hum right.", 0.1)).toContain('go on 2')
  })

  it('is not ended by a first guess of one word: a sign of listening begins like any', () => {
    const guess = words(6_256, 'Why', 6_400)
    const short = [...frames(6_000, 6_240, 0.9), ...frames(6_240, 6_400, 0.01), words(6_336, 'Right.', 6_480)]
    expect(over(merged(guess, ...short))).toEqual(['open 3', 'pause 2', 'settle 3', 'go on 2'])
    expect(over([...onset, words(6_256, 'Stop.', 6_400)])).toContain('interrupted')
    expect(over([...onset, words(6_256, 'Espera', 6_400)])).toContain('interrupted')
    // It may still be one after 500 ms, and is waited for once more.
    const longer = merged(guess, ...frames(6_000, 6_992, 0.9), timeUp(6_596))
    expect(over(longer)).toEqual(['open 3', 'pause 2'])
    expect(over([...longer, timeUp(6_896)])).toEqual([
      'open 3',
      'pause 2',
      'cancel 2',
      'interrupted',
      'turnComplete',
    ])
    // A worse guess does not take it back.
    expect(over(merged(...longer, words(6_608, '', 6_830), timeUp(6_896)))).toContain('interrupted')
  })

  it('is not ended by a sign of listening that is heard as something else a moment later, but by what goes on after it', () => {
    const heard = (second: string, sureness: number) =>
      over(
        merged(
          ...frames(6_000, 6_640, 0.9),
          words(6_352, 'Right', 6_570, -0.5),
          timeUp(6_596),
          ...frames(6_640, 6_720, 0.01),
          words(6_704, second, 6_900, sureness),
        ),
      )
    expect(heard('writer', -0.72)).toEqual(['open 3', 'pause 2', 'settle 3', 'go on 2'])
    for (const [second, sureness] of [
      ['Right, stop', -0.6],
      ['Right, why?', -0.6],
      ['Right, Paris', -0.3],
      ['Right, and where is', -0.6],
    ] as const)
      expect(heard(second, sureness)).toContain('interrupted')
  })

  it('keeps the client silent where more than a sign of listening is heard, in doubt as it is', () => {
    const begun = merged(
      ...frames(6_000, 7_008, 0.9),
      words(6_352, 'Okay.', 6_570, -0.28),
      timeUp(6_596),
      words(6_608, 'Okay, but-', 6_826, -0.45),
      timeUp(6_896),
    )
    expect(over(begun)).toEqual(['open 3', 'pause 2'])
    const meant = words(6_864, 'Okay, but who invented it?', 7_082, -0.27)
    expect(over(merged(...begun, meant)).slice(0, 4)).toEqual([
      'open 3',
      'pause 2',
      'cancel 2',
      'interrupted',
    ])
    expect(over(merged(...begun, timeUp(7_196), ...frames(7_008, 7_500, 0.9), timeUp(7_496))).at(-1)).toBe(
      'go on 2',
    )
  })

  it('is not ended by a word more than the sign of listening, no surer and of hardly more sound', () => {
    const heard = (signMs: number, text: string, sureness?: number) =>
      over(
        merged(
          ...frames(6_000, 6_736, 0.9),
          words(signMs, 'Right, I see.', signMs + 200, sureness && -0.13),
          timeUp(6_596),
          ...frames(6_736, 6_816, 0.01),
          words(6_800, text, 7_000, sureness),
        ),
      )
    expect(heard(6_608, 'Right, icing on.', -0.2)).toEqual(['open 3', 'pause 2', 'settle 3', 'go on 2'])
    for (const [signMs, text, sureness] of [
      [6_608, 'Right, icing on.', -0.05],
      [6_608, 'Right, icing on.', undefined],
      [6_608, 'Right, icing on it now.', -0.2],
      [6_608, 'Right, I see. Why?', -0.2],
      [6_352, 'Right, icing on.', -0.2],
    ] as const)
      expect(heard(signMs, text, sureness)).toContain('interrupted')
    // While it goes on the next guess is waited for, and the client is silent.
    const onwards = merged(
      ...frames(6_000, 7_296, 0.9),
      words(6_352, 'Okay', 6_570, -0.3),
      timeUp(6_596),
      words(6_608, 'Okay, sir', 6_820, -0.39),
      timeUp(6_896),
    )
    expect(over(onwards)).toEqual(['open 3', 'pause 2'])
    // Signs alone that go on are listened to for a while.
    const signs = [...onwards, words(6_864, 'Okay, okay', 7_080, -0.42), timeUp(7_196)]
    expect(over(signs)).toEqual(['open 3', 'pause 2'])
    expect(over([...signs, timeUp(7_496)])).toEqual(['open 3', 'pause 2', 'go on 2'])
    expect(over([...onwards, words(6_864, 'Okay, sir, wait', 7_080, -0.42)])).toContain('interrupted')
  })

  it('is ended by two words at once where they were understood well, else by the next guess', () => {
    const first = (text: string, sureness: number) => [...onset, words(6_256, text, 6_500, sureness)]
    expect(over(first('Hold on', -0.3))).toContain('interrupted')
    expect(over(first('Hold an', -0.72))).toEqual(['open 3', 'pause 2'])
    const then = (text: string, sureness: number) =>
      over(
        merged(
          ...first('Hold an', -0.72),
          ...frames(6_496, 6_720, 0.9),
          timeUp(6_596),
          words(6_512, text, 6_720, sureness),
        ),
      )
    expect(then('Hold an answer', -0.3)).toContain('interrupted')
    // "Are you okay?" for "Ah, okay": what is hardly understood may be a sign of listening yet.
    expect(then('Hold an answer', -0.5)).toEqual(['open 3', 'pause 2'])
  })

  it('is ended by words that were hardly understood where they go on for longer than any sign of listening, and not before', () => {
    const doubtful = merged(
      ...frames(6_000, 7_600, 0.9),
      words(6_256, 'Caja', 6_400, -0.9),
      timeUp(6_596),
      words(6_512, 'Caja Kempi', 6_700, -0.6),
      timeUp(6_896),
      words(6_768, 'Caja Kempi es', 6_960, -0.6),
      timeUp(7_196),
    )
    expect(over(doubtful)).toEqual(['open 3', 'pause 2'])
    expect(over(merged(...doubtful, timeUp(7_496)))).toContain('interrupted')
    expect(over(merged(...doubtful, words(7_024, 'Ah, ya, okey', 7_240, -0.5)))).not.toContain('interrupted')
  })

  it('[INT-6] that pauses behind its first words keeps the client silent until the words of the pause are there', () => {
    const begun = (first: string) =>
      merged(
        ...frames(6_000, 6_480, 0.9),
        words(6_352, first, 6_570, -0.66),
        timeUp(6_596),
        ...frames(6_480, 6_640, 0.01),
        timeUp(6_896),
      )
    const excuse = begun('Excuse my')
    const waits = ['open 3', 'pause 2', 'settle 3']
    const ends = ['cancel 2', 'interrupted', 'turnComplete']
    expect(over(excuse)).toEqual(waits)
    const whole = words(6_544, 'Excuse me.', 6_910, -0.57)
    expect(over([...excuse, whole])).toEqual([...waits, ...ends, expect.stringMatching(/^think 4/)])
    // Where it is misheard the answer goes on, and goes on at once where nothing was understood.
    expect(over([...excuse, words(6_544, 'Mm-hm.', 6_910)])).toEqual([...waits, 'go on 2'])
    expect(over(begun(''))).toEqual([...waits, 'go on 2'])
    // Of words in doubt the pause tells as well ("Quer aceitar dia?" for "¿Qué aceite lleva?"): the answer was heard again for a moment before it ended.
    const doubtful = merged(
      ...frames(6_000, 6_480, 0.9),
      words(6_352, 'En la lluna', 6_570, -1.1),
      timeUp(6_596),
      ...frames(6_480, 6_640, 0.01),
      timeUp(6_896),
    )
    expect(over(doubtful)).toEqual(waits)
    const understood = words(6_544, '¿En ayunas?', 6_910, -0.3)
    expect(over([...doubtful, understood])).toEqual([...waits, ...ends, expect.stringMatching(/^think 4/)])
    expect(over([...doubtful, words(6_544, 'Enjuna.', 6_910, -1.1)])).toEqual([...waits, 'go on 2'])
    // It speaks on before they are: then its next words are waited for as any.
    const on = [
      ...excuse,
      ...frames(6_640, 7_296, 0.9),
      words(6_544, 'Excuse my', 7_000, -0.57),
      timeUp(7_196),
    ]
    expect(over(on)).toEqual([...waits, 'resume 3'])
    expect(over([...on, ...[7_496, 7_796, 8_096].map(timeUp)])).toEqual([...waits, 'resume 3', ...ends])
  })

  it('is not ended by words that the recogniser is not sure of, while they are few', () => {
    const hum = merged(
      ...frames(6_000, 6_640, 0.9),
      words(6_352, 'Same man', 6_570, -0.95),
      timeUp(6_596),
      ...frames(6_640, 6_720, 0.01),
      words(6_704, 'Same M', 6_900, -1.1),
    )
    expect(over(hum)).toEqual(['open 3', 'pause 2', 'settle 3', 'go on 2'])
    // Sound that is still in doubt goes unheeded, until there are words.
    const on = merged(
      ...frames(6_000, 7_000, 0.9),
      words(6_352, 'Same', 6_570, -0.95),
      timeUp(6_596),
      timeUp(6_896),
    )
    expect(over(on)).toEqual(['open 3', 'pause 2'])
    expect(over([...on, timeUp(7_196), timeUp(7_496)])).toEqual(['open 3', 'pause 2', 'go on 2'])
    const meant = words(6_864, 'Say more of this town', 7_100, -0.4)
    expect(over([...on, meant])).toEqual(['open 3', 'pause 2', 'cancel 2', 'interrupted', 'turnComplete'])
    expect(over([...on, timeUp(7_196), timeUp(7_496), { ...meant, at: 7_500 }])).toContain('interrupted')
  })

  it('keeps the client silent where words in doubt are followed by none, and it goes on', () => {
    const begun = merged(
      ...frames(6_000, 7_300, 0.9),
      words(6_352, 'Lea me va', 6_570, -1.1),
      timeUp(6_596),
      words(6_608, '', 6_820),
      timeUp(6_896),
    )
    expect(over(begun)).toEqual(['open 3', 'pause 2'])
    expect(over([...begun, timeUp(7_196), timeUp(7_496)])).toEqual(['open 3', 'pause 2', 'go on 2'])
  })

  it('in a noise that leaves all words in doubt ends it once it is longer than any sign of listening', () => {
    const noisy = merged(
      ...frames(6_000, 7_400, 0.9),
      words(6_352, 'Could', 6_570, -1),
      timeUp(6_596),
      timeUp(6_896),
    )
    expect(over([...noisy, words(7_248, 'Could you tell me', 7_400, -1)])).toContain('interrupted')
  })

  it.each([
    ['a sign of listening', 'Mm-hmm.'],
    ['a cough', ''],
    ['an echo', 'It is long.'],
  ])('goes on after %s, which nobody answers', (_what, text) => {
    const events = [...frames(6_000, 6_240, 0.9), ...frames(6_240, 6_400, 0.01), words(6_336, text, 6_480)]
    const { said, session } = play([...answering, ...events, ...frames(6_400, 7_600, 0.01)])
    expect(said.slice(5)).toEqual(['open 3', 'pause 2', 'settle 3', 'go on 2', 'finish 3'])
    expect(session).toMatchObject({ turn: undefined, output: { phase: 'responding', response: 2 } })
    expect(session.overlap).toBeUndefined()
  })

  it.each(['', 'Yeah'])(
    '[INT-6] that begins as %j and goes on is waited for once more after 500 ms',
    (first) => {
      const begun = merged(...frames(6_000, 6_992, 0.9), words(6_256, first, 6_500), timeUp(6_596))
      const waits = ['open 3', 'pause 2']
      const goesOn = [...waits, 'go on 2']
      expect(over(begun)).toEqual(waits)
      const twice = [...begun, timeUp(6_896)]
      if (first === '') expect(over(twice)).toEqual(goesOn)
      else {
        // "Right, right, so which bus …"
        expect(over([...twice, timeUp(7_196)])).toEqual(waits)
        expect(over([...twice, timeUp(7_196), timeUp(7_496)])).toEqual(goesOn)
      }
      const meant = words(6_608, 'How much does it cost?', 6_800)
      expect(over(merged(...begun, meant)).slice(0, 4)).toEqual([...waits, 'cancel 2', 'interrupted'])
    },
  )

  it('[INT-6] is decided after 500 ms unless it goes on: sound without words goes unheeded, speech without words yet does not', () => {
    // Its words are late: once more they are waited for.
    expect(over([...onset, timeUp(6_596)])).toEqual(['open 3', 'pause 2'])
    expect(over([...onset, timeUp(6_596), timeUp(6_896)]).slice(0, 4)).toEqual([
      'open 3',
      'pause 2',
      'cancel 2',
      'interrupted',
    ])
    const short = [...frames(6_000, 6_120, 0.9), ...frames(6_120, 6_300, 0.01), timeUp(6_596)]
    expect(over(short)).toEqual(['open 3', 'pause 2', 'settle 3', 'go on 2'])
  })

  it('interrupts later as well: "yeah" was only the beginning', () => {
    const events = merged(
      ...frames(6_000, 7_400, 0.9),
      words(6_256, 'Yeah', 6_500),
      timeUp(6_596),
      timeUp(6_896),
      timeUp(7_196),
      timeUp(7_496),
      ...frames(7_400, 7_600, 0.9),
      words(7_296, 'Yeah, but I', 7_560),
    )
    expect(over(events)).toEqual(['open 3', 'pause 2', 'go on 2', 'cancel 2', 'interrupted', 'turnComplete'])
  })

  it('asks for the words early, and again while it goes on', () => {
    const asked = (events: readonly Given[]) => {
      const positions = new Set<number>()
      for (let toMs = 6_128; toMs <= 8_000; toMs += 32)
        positions.add(
          play([...answering, ...merged(...frames(6_000, toMs, 0.9), ...events)]).session.overlap!.askMs,
        )
      return [...positions]
    }
    // After 350 ms, and often in the first second.
    expect(asked([])).toEqual([6_352, 6_608, 6_864, 7_120, 7_760, 8_400])
  })

  it('without words in time for its end is decided by its transcript', () => {
    const events = [...frames(6_000, 6_240, 0.9), ...frames(6_240, 6_900, 0.01), timeUp(6_900)]
    expect(over([...events, transcript(3, 'Okay.')])).toEqual([
      'open 3',
      'pause 2',
      'settle 3',
      'close 3',
      'go on 2',
    ])
    expect(over([...events, transcript(3, 'No, stop.')]).slice(4)).toEqual([
      'go on 2',
      'cancel 2',
      'interrupted',
      'turnComplete',
      'heard "No, stop."',
      'answer 4: u:Tell me. | m:Well, it is long. | u:No, stop.',
    ])
  })

  it('that cannot be recognised is let go, and the answer goes on', () => {
    const failed: Given = { type: 'transcript-failed', activity: 3, retryable: false }
    const events = [...frames(6_000, 6_240, 0.9), ...frames(6_240, 6_900, 0.01)]
    expect(over([...events, failed])).toEqual(['open 3', 'pause 2', 'settle 3', 'close 3', 'go on 2'])
  })

  it('is a turn as any other once the answer is over', () => {
    const { said } = play([
      ...answering,
      { ...generated(2), at: 3_000 },
      ...frames(9_500, 9_980, 0.9),
      { type: 'timer', timer: 'playout', at: 10_000 },
      ...frames(9_984, 10_600, 0.01),
      transcript(3, 'Okay.'),
    ])
    expect(said.slice(5)).toEqual([
      'generationComplete',
      'open 3',
      'pause 2',
      'turnComplete',
      'settle 3',
      'close 3',
      'heard "Okay."',
      'answer 4: u:Tell me. | m:Well, it is long. | u:Okay.',
    ])
  })

  it('[INT-3] is not for sessions with NO_INTERRUPTION: what was said is answered afterwards', () => {
    const { said } = play(
      [
        ...answering,
        ...frames(3_000, 3_960, 0.9),
        ...frames(3_960, 4_600, 0.01),
        transcript(3, 'And then?'),
        { ...generated(2), at: 6_000 },
        { type: 'timer', timer: 'playout', at: 10_000 },
      ],
      { interruptible: false },
    )
    expect(said.slice(5)).toEqual([
      'open 3',
      'settle 3',
      'close 3',
      'heard "And then?"',
      'generationComplete',
      'turnComplete',
      'answer 4: u:Tell me. | m:Well, it is long. | u:And then?',
    ])
  })

  it('before anything was heard withdraws the answer at once', () => {
    const { said } = play([...spoken, transcript(1, 'Tell me.'), ...frames(2_000, 2_200, 0.9)])
    expect(said.slice(4)).toEqual(['answer 2: u:Tell me.', 'cancel 2', 'open 3'])
  })

  it('leaves nothing of a cancelled answer: late results are dropped', () => {
    const stopped = [...onset, words(6_256, 'Wait, stop', 6_500)]
    expect(over([...stopped, output(2, 'more'), generated(2)]).at(-1)).toBe('turnComplete')
  })
})

describe('what is said over the model', () => {
  const quiet = { played: 'The capital of France is Paris, a city on the Seine.', wasAsked: false }
  it.each([
    ['', 'noise'],
    ['...', 'noise'],
    ['Mm-hmm.', 'backchannel'],
    ['Mhm.', 'backchannel'],
    ['Um-hm.', 'backchannel'],
    ['Uh-huh, yeah.', 'backchannel'],
    ['Oh, I see.', 'backchannel'],
    ['OK.', 'backchannel'],
    ['Ajá, sí.', 'backchannel'],
    ['Vale.', 'backchannel'],
    ['Okay, that makes sense.', 'backchannel'],
    ['Ya, claro que sí.', 'backchannel'],
    ['Stop.', 'words'],
    ['No.', 'words'],
    ['Yeah, but what about Rome?', 'words'],
    ['Okay, stop now please.', 'words'],
    ['Paris?', 'words'],
    ['Sí, pero espera.', 'words'],
    ['capital of France is', 'echo'],
    ['Capitol of France his Paris', 'echo'],
    ['The cápital', 'echo'],
    ['Tell me of France and Spain instead', 'words'],
  ] as const)('%j is %s', (text, verdict) => {
    expect(judgeSpeech(text, quiet)).toBe(verdict)
  })

  it('is in doubt where it was one or two words that were not understood well, unless it is an order', () => {
    const brief = { ...quiet, isWhole: true, speechMs: 700, sureness: -0.65 }
    expect(judgeSpeech('Soul wall.', brief)).toBe('unsure')
    expect(judgeSpeech('Soul wall.', { ...brief, sureness: -0.5 })).toBe('words')
    expect(judgeSpeech('Soul wall', { ...brief, isWhole: false })).toBe('words')
    // Nobody says that to show that they listen.
    expect(judgeSpeech('Chiton.', brief)).toBe('words')
    expect(judgeSpeech('Conquiene.', brief)).toBe('words')
    expect(judgeSpeech('Puedes.', { ...brief, sureness: -1 })).toBe('words')
    expect(judgeSpeech('A que hora?', { ...brief, sureness: -0.95 })).toBe('words')
    expect(judgeSpeech('Clados.', { ...brief, sureness: -1 })).toBe('unsure')
    expect(judgeSpeech('Quiepe, no.', { ...brief, sureness: -1 })).toBe('unsure')
    expect(judgeSpeech('Soul walls of it.', brief)).toBe('words')
    expect(judgeSpeech('Para allá.', { ...brief, sureness: -1.2 })).toBe('words')
  })

  it('is an answer where the model has just asked', () => {
    expect(judgeSpeech('Yes.', { played: 'Shall I go on?', wasAsked: true })).toBe('words')
  })
})
