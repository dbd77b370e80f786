/**
 * Prints how well it is told who is addressed:
 *
 *   node --import tsx test/models/addressee/measure.ts --half practice|drill|report|generated|fresh|unseen|situations|household|blind|blind-2|blind-3|blind-4|blind-5|blind-6 [--without-model] [--show] [--out result.json]
 *
 * By text, taken through the session core with the embedded language model's votes. Nothing is tuned on the report half. `--without-model`: words and
 * dialogue alone. The default model is asked about instructions, and how likely the words are; `--ask` has it asked its opinion of everything that is open, instead. It is waited for however long it takes. `--latency` measures votes on
 * instructions and likelihoods (`--wishes`: whether what is seen is what was wished for): from the last words to the vote, where most of the words had been voted on (quiet machine!).
 */
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import type { SessionPrompt } from '../../../src/core/index.js'
import {
  ADDRESS_ANSWERS,
  addressPrompt,
  amongPrompt,
  exchangePrompt,
  wishPrompt,
} from '../../../src/core/index.js'
import type { Conversation, Prompt } from '../../../src/engine/index.js'
import { foreseen, openDefaultModel } from './default-model.js'
import {
  figuresOf,
  type Half,
  judgeUtterance,
  type Outcome,
  readFrozenSet,
  type Utterance,
} from './frozen-set.js'
import { WISHES } from './wishes.js'

const { values: flags } = parseArgs({
  options: {
    half: { type: 'string', default: 'practice' },
    'without-model': { type: 'boolean', default: false },
    ask: { type: 'boolean', default: false },
    show: { type: 'boolean', default: false },
    latency: { type: 'boolean', default: false },
    wishes: { type: 'boolean', default: false },
    out: { type: 'string' },
    threads: { type: 'string', default: '2' },
  },
})
const never = new AbortController().signal
const items = readFrozenSet(flags.half as Half)
const model = flags['without-model'] ? undefined : await openDefaultModel(Number(flags.threads))
const conversation = model?.open({ signal: never })
/** As in the product: what comes before the words stays read in both. */
const others = model?.open({ signal: never })

async function lead(prompt: SessionPrompt, answers: readonly string[]): Promise<number> {
  if (!conversation) return 0
  for await (const part of conversation.weigh(prompt as Prompt, answers, never)) {
    if (part.type === 'weights') return part.weights[0]! - part.weights[1]!
  }
  return 0
}

if (flags.wishes) await measureWishes()
else if (flags.latency) await measureLatency(conversation!)
else await measure()
await model?.close()

async function measure(): Promise<void> {
  const results: { item: Utterance; outcome: Outcome }[] = []
  for (const item of items) {
    const outcome = await judgeUtterance(
      item,
      (asked) =>
        asked.type === 'ask-address'
          ? lead(asked.prompt, asked.answers)
          : foreseen(conversation!, others!, asked),
      flags.ask ? { asks: 'opinion' } : conversation ? { asks: 'likelihood' } : {},
    )
    results.push({ item, outcome })
    if (flags.show && outcome.addressed !== item.addressed)
      console.log(
        `${item.id} ${item.language} ${item.kind}: ${item.text}\n    ${outcome.lead.toFixed(1)} ${outcome.why.join(', ')}`,
      )
  }
  const of = (test: (item: Utterance) => boolean) => figuresOf(results.filter(({ item }) => test(item)))
  const kinds = [...new Set(items.map(({ kind }) => kind))]
  const figures = {
    half: flags.half,
    model: conversation ? 'qwen2.5-coder-1.5b' : 'none',
    all: of(() => true),
    english: of(({ language }) => language === 'en'),
    spanish: of(({ language }) => language === 'es'),
    rightByKind: Object.fromEntries(
      kinds.map((kind) => {
        const ofKind = results.filter(({ item }) => item.kind === kind)
        const right = ofKind.filter(({ item, outcome }) => item.addressed === outcome.addressed).length
        return [kind, `${right} of ${ofKind.length}`]
      }),
    ),
  }
  console.log(JSON.stringify(figures, null, 2))
  if (flags.out) {
    const outcomes = results.map(({ item, outcome }) => ({ id: item.id, ...outcome }))
    writeFileSync(flags.out, `${JSON.stringify({ ...figures, outcomes }, null, 2)}\n`)
  }
}

async function measureWishes(): Promise<void> {
  for (const [wish, seen, fulfilled] of WISHES) {
    const vote = await lead(wishPrompt(wish, seen), ADDRESS_ANSWERS)
    console.log(`${vote.toFixed(1).padStart(5)} ${fulfilled ? 'fulfilled' : 'not yet  '} ${wish} | ${seen}`)
  }
}

/** As in a session: what comes before the words is read ahead, of instructions then most of the words, then all of them. */
async function measureLatency(conversation: Conversation): Promise<void> {
  const votes: number[] = []
  const likelihoods: number[] = []
  for (const { kind, language, system, text, before } of items) {
    const [lastHeard, lastWords] = before.at(-1) ?? ['', '']
    if (kind === 'instructed') {
      await readAhead(addressPrompt('', undefined, system))
      const words = text.split(' ')
      if (words.length > 3)
        await lead(addressPrompt('', words.slice(0, -2).join(' '), system), ADDRESS_ANSWERS)
      votes.push(await msOf(() => lead(addressPrompt('', text, system), ADDRESS_ANSWERS)))
    } else if (lastWords !== '' && likelihoods.length < MOST_TIMED) {
      const exchange = { system, lastHeard, lastWords }
      await readAhead(exchangePrompt(exchange))
      const asked = { exchange: exchangePrompt(exchange, text), among: amongPrompt(language, text) }
      likelihoods.push(await msOf(() => foreseen(conversation, others!, asked)))
    }
  }
  for (const [name, times] of Object.entries({ votes, likelihoods })) {
    times.sort((a, b) => a - b)
    const at = (share: number) => Math.round(times[Math.floor(share * (times.length - 1))] ?? 0)
    console.log(JSON.stringify({ [name]: times.length, p50Ms: at(0.5), p90Ms: at(0.9) }))
  }

  async function readAhead(prompt: SessionPrompt): Promise<void> {
    for await (const _ of conversation.prefill(prompt as Prompt, never));
  }
}

const MOST_TIMED = 50

async function msOf(run: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now()
  await run()
  return performance.now() - startedAt
}
