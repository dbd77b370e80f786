import { describe, expect, it } from 'vitest'
import {
  EngineError,
  type LanguageModel,
  type LookPart,
  type Picture,
  type Prompt,
  type VisionModel,
} from '../engine/index.js'
import { GREEN_PNG, RED_BLUE_JPEG } from '../testing/pictures.js'
import { type StartedSession, startSession } from '../testing/session-bench.js'

const SCRIPT = `rules:
  - match: { picture: png, contains: colour }
    reply: It is green.
  - match: { picture: none }
    reply: I see nothing.
  - match: { picture: any }
    reply: I see a picture.`
const TEXT = { generationConfig: { responseModalities: ['TEXT'] } }

const show = ({ session }: StartedSession, picture: Picture) =>
  session.receive({ type: 'realtime-input', picture: picture as never })
const ask = ({ session }: StartedSession, text: string) => session.receive({ type: 'realtime-input', text })
const said = ({ connection }: StartedSession) =>
  connection.sent
    .flatMap(({ message }) =>
      'serverContent' in message ? (message.serverContent.modelTurn?.parts ?? []) : [],
    )
    .map((part) => ('text' in part ? part.text : ''))
    .join('')

/** Keeps the prompts that are answered. */
function listening(llm: LanguageModel, prompts: Prompt[]): LanguageModel {
  return {
    ...llm,
    open(options) {
      const conversation = llm.open(options)
      return {
        ...conversation,
        generate(prompt, sampling, signal) {
          prompts.push(prompt)
          return conversation.generate(prompt, sampling, signal)
        },
      }
    },
  }
}

/** Eyes for a blind language model: words for each picture. */
function reader(look: (picture: Picture) => LookPart[]): VisionModel {
  return {
    info: { id: 'reader', kind: 'vision', languages: [], description: 'Reads.' },
    open: () => ({
      async *look(picture) {
        yield* look(picture)
      },
      close() {},
    }),
  }
}

describe('a session with pictures', () => {
  it('gives a model that sees the picture with the question', async () => {
    const started = startSession(TEXT, SCRIPT)
    ask(started, 'Which colour?')
    await started.clock.advance(100)
    show(started, RED_BLUE_JPEG)
    await started.clock.advance(2_000)
    show(started, GREEN_PNG)
    ask(started, 'Which colour?')
    await started.clock.advance(2_000)
    expect(said(started)).toBe('I see nothing.It is green.')
  })

  it('answers about pictures of the content', async () => {
    const started = startSession(TEXT, SCRIPT)
    started.session.receive({
      type: 'client-content',
      turns: [
        { role: 'picture', picture: RED_BLUE_JPEG as never },
        { role: 'user', text: 'What is this?' },
      ],
      turnComplete: true,
    })
    await started.clock.advance(2_000)
    expect(said(started)).toBe('I see a picture.')
  })

  it('tells a blind model what was seen, hedged where it is unsure', async () => {
    const seen: LookPart = {
      type: 'sight',
      sight: {
        change: 1,
        facts: [
          { kind: 'text', text: 'TOTAL 13.50', confidence: 0.99 },
          { kind: 'text', text: 'Tanx', confidence: 0.6 },
          { kind: 'colours', text: 'white', confidence: 0.8 },
        ],
      },
    }
    const vision = reader(() => [{ type: 'progress' }, seen])
    const prompts: Prompt[] = []
    const started = startSession(TEXT, '', {
      change: (set) => ({ ...set, vision, llm: listening(set.llm, prompts) }),
    })
    show(started, GREEN_PNG)
    ask(started, 'Total?')
    await started.clock.advance(2_000)
    const [note, question] = prompts[0]!.messages
    expect(note).toMatchObject({
      role: 'user',
      text: expect.stringMatching(
        /may be wrong.*perhaps: white\.\nText in it:\nTOTAL 13.50\nTanx \(unsure\)\]$/,
      ),
    })
    expect(question).toEqual({ role: 'user', text: 'Total?' })
  })

  it('answers all the same where the eyes fail, or take too long', async () => {
    const broken = reader(() => {
      throw new EngineError('engine-failed', 'blind')
    })
    const slow: VisionModel = {
      ...broken,
      open: () => ({
        async *look(_picture, _options, signal) {
          yield { type: 'progress' }
          await new Promise((_resolve, reject) =>
            signal.addEventListener('abort', () => reject(signal.reason)),
          )
        },
        close() {},
      }),
    }
    for (const vision of [broken, slow]) {
      const started = startSession(TEXT, '', { change: (set) => ({ ...set, vision }) })
      show(started, GREEN_PNG)
      ask(started, 'Hello?')
      await started.clock.advance(20_000)
      expect(said(started)).toBe('Hello?')
    }
  })
})
