/** The contract of every vision model, as the comments of the interface promise it. */
import { expect, it } from 'vitest'
import type {
  GenerationPart,
  LookOptions,
  LookPart,
  Picture,
  Sight,
  VisionModel,
} from '../../engine/index.js'
import {
  collect,
  describeEngine,
  expectAborted,
  type Make,
  neverAborted,
  rejection,
  type SuiteOptions,
} from './suite.js'

export interface VisionModelSuiteOptions extends SuiteOptions<VisionModel> {
  /** Whole pictures of the same scene, one in each format. */
  readonly pictures: readonly Picture[]
  /** Nothing of the others is left in it. */
  readonly other: Picture
  /** A picture with text that this engine must read. */
  readonly reads?: { readonly picture: Picture; readonly text: RegExp }
}

const MEDIUM: LookOptions = { detail: 'medium' }

export function testVisionModel(
  name: string,
  make: Make<VisionModel>,
  options: VisionModelSuiteOptions,
): void {
  const { pictures, other, reads } = options
  const [first] = pictures
  if (!first) throw new Error('the suite needs a picture')

  describeEngine(name, 'vision', make, options, (engine) => {
    const open = () => engine().open({ signal: neverAborted() })
    const sightOf = (parts: readonly LookPart[]): Sight => {
      const sights = parts.flatMap((part) => (part.type === 'sight' ? [part.sight] : []))
      expect(sights).toHaveLength(1)
      expect(parts.at(-1)?.type).toBe('sight')
      return sights[0]!
    }
    const see = async (view: ReturnType<typeof open>, picture: Picture) =>
      sightOf(await collect(view.look(picture, MEDIUM, neverAborted())))

    it('sees every format, in steps, and is never surer than sure', async () => {
      for (const picture of pictures) {
        const parts = await collect(open().look(picture, MEDIUM, neverAborted()))
        expect(parts.length).toBeGreaterThan(1)
        const { change, facts } = sightOf(parts)
        expect(change).toBe(1)
        for (const { text, confidence, box } of facts) {
          expect(text.trim()).not.toBe('')
          expect(confidence).toBeGreaterThanOrEqual(0)
          expect(confidence).toBeLessThanOrEqual(1)
          for (const side of Object.values(box ?? {})) {
            expect(side).toBeGreaterThanOrEqual(-0.01)
            expect(side).toBeLessThanOrEqual(1.01)
          }
        }
      }
    })

    it('sees the same in the same picture, and how much of it has changed', async () => {
      const view = open()
      const { facts } = await see(view, first)
      const again = await see(view, { ...first, bytes: first.bytes.slice() })
      expect(again.change).toBe(0)
      expect(again.facts).toEqual(facts)
      expect((await see(view, other)).change).toBeGreaterThan(0.9)
    })

    it('keeps the views of several sessions apart', async () => {
      const [one, two] = [open(), open()]
      await see(one, first)
      expect((await see(two, other)).change).toBe(1)
      expect((await see(one, first)).change).toBe(0)
    })

    it.each([
      ['nothing', new Uint8Array(0)],
      ['something else', new TextEncoder().encode('<svg xmlns="http://www.w3.org/2000/svg"/>')],
      ['a picture cut off at its half', first.bytes.subarray(0, first.bytes.length / 2)],
    ])('refuses %s, and goes on', async (_what, bytes) => {
      const view = open()
      const error = await rejection(collect(view.look({ ...first, bytes }, MEDIUM, neverAborted())))
      expect(error).toMatchObject({ name: 'EngineError', code: 'engine-refused' })
      expect((await see(view, first)).change).toBe(1)
    })

    it('stops at an abort', async () => {
      const abort = new AbortController()
      const view = open()
      const call = (async () => {
        for await (const _ of view.look(first, MEDIUM, abort.signal))
          abort.abort(new DOMException('enough', 'AbortError'))
      })()
      await expectAborted(call, abort.signal)
      await expectAborted(
        collect(view.look(first, MEDIUM, AbortSignal.abort())).then(() => undefined),
        AbortSignal.abort(),
      )
    })

    if (reads) {
      it('reads text', async () => {
        const { facts } = await see(open(), reads.picture)
        const text = facts.flatMap((fact) => (fact.kind === 'text' ? [fact.text] : [])).join('\n')
        expect(text).toMatch(reads.text)
      })
    }

    it('answers about pictures itself, or leaves it to the language model', async () => {
      const { languageModel } = engine()
      if (!languageModel) return
      const conversation = languageModel.open({ signal: neverAborted() })
      const messages = [{ role: 'user' as const, text: 'What is this?', pictures: [first, other] }]
      const parts: GenerationPart[] = await collect(
        conversation.generate({ system: '', messages }, { maxOutputTokens: 40 }, neverAborted()),
      )
      expect(parts.at(-1)?.type).toBe('end')
      expect(parts.some((part) => part.type === 'text' && part.text.trim() !== '')).toBe(true)
      conversation.close()
    })
  })
}
