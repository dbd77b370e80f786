import { describe, expect, it } from 'vitest'
import { CONFIG, type Given } from '../testing/session-table.js'
import type { Effect } from './effects.js'
import type { SessionEvent } from './events.js'
import { openSession, reduce } from './session.js'

const VISION = { tells: 'words', coverage: 'all', pictureTokens: 258 } as const
const PROACTIVE = { video: true }

/** A session with a camera; `fulfils` is what the language model says of what is seen. */
function watching(fulfils: (seen: string) => number, config: object = {}) {
  let [session] = openSession({ ...CONFIG, vision: VISION, proactive: PROACTIVE, ...config })
  let at = 0
  let pictures = 0
  const feed = (event: Given): Effect[] => {
    at += 4_000
    const [next, effects] = reduce(session, { ...event, at } as SessionEvent)
    session = next
    return [...effects]
  }
  const finish = (effects: readonly Effect[]) => {
    const started = effects.find((effect) => effect.type === 'start-response')
    if (!started) return undefined
    const { response } = started
    feed({ type: 'response-output', response, text: 'Sure.', audioMs: 0 })
    feed({ type: 'response-generated', response, promptTokens: 1, outputTokens: 1 })
    return started.prompt.messages.at(-1)
  }
  return {
    write: (text: string, language = 'en') => finish(feed({ type: 'realtime-text', text, language })),
    /** What the model was asked of it, and what it then spoke about, if it did. */
    show(words: string) {
      const picture = `p${++pictures}`
      feed({ type: 'picture', picture })
      const told = feed({ type: 'sight', picture, words, change: 1 })
      const asked = told.find((effect) => effect.type === 'ask-address')
      if (!asked) return { asked: false, spoken: undefined }
      const lead = fulfils(words)
      const spoken = finish(feed({ type: 'address-vote', question: asked.question, lead }))
      return { asked: true, spoken: spoken && 'text' in spoken ? spoken.text : undefined }
    },
  }
}

const complete = (seen: string) => (seen.includes('complete') ? 5 : -5)

describe('proactive video', () => {
  it('[PRO-7] speaks of itself once what the user wished to be told of is seen, and once only', () => {
    const { write, show } = watching(complete)
    write('Tell me when the download is finished.')
    expect(show('Downloading 43 %')).toEqual({ asked: true, spoken: undefined })
    expect(show('Download complete')).toEqual({
      asked: true,
      spoken:
        '[The user asked: "Tell me when the download is finished." It can be seen now. Tell them so in one sentence.]',
    })
    expect(show('Download complete. Open file?')).toEqual({ asked: false, spoken: undefined })
  })

  it('says so in the language of the wish', () => {
    const { write, show } = watching(() => 5)
    write('Avísame si sale un error.', 'es')
    expect(show('Error 404').spoken).toBe(
      '[El usuario pidió: "Avísame si sale un error." Ya se ve. Díselo ahora en una frase.]',
    )
  })

  it('asks nothing where nobody wished for anything, and where it was not asked for', () => {
    const { write, show } = watching(() => 9)
    write('What do you see?')
    expect(show('Download complete')).toEqual({ asked: false, spoken: undefined })
    const off = watching(() => 9, { proactive: { ...PROACTIVE, video: false } })
    off.write('Tell me when the download is finished.')
    expect(off.show('Download complete').asked).toBe(false)
  })

  it('a wish in the instruction counts for every new sight until it is fulfilled', () => {
    const { show } = watching(complete, { system: 'Warn me when the download is complete.' })
    expect(show('Downloading').spoken).toBeUndefined()
    expect(show('Download complete').spoken).toContain('It can be seen now.')
  })

  it('is not sure: stays silent', () => {
    const { write, show } = watching(() => 2)
    write('Tell me when the download is finished.')
    expect(show('Download complete')).toEqual({ asked: true, spoken: undefined })
  })
})
