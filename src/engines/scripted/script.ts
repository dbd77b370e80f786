/**
 * The form of a script for the scripted engines: what may stand in the YAML file, with the sentences that editors
 * show. Knows nothing of files, YAML or how rules are carried out.
 */
import { z } from 'zod'

const delayMs = z.number().min(0).max(600_000)

export const delaysSchema = z
  .strictObject({
    recognizer: delayMs.optional().describe('Before the recogniser gives its transcript.'),
    firstToken: delayMs.optional().describe('Before the language model gives its first word.'),
    perToken: delayMs.optional().describe('Before each further word of the language model.'),
    firstAudio: delayMs.optional().describe('Before the first audio of each clause.'),
  })
  .describe('How long the engines take, in milliseconds. What is not stated takes no time.')

export const matchSchema = z
  .strictObject({
    text: z.string().min(1).optional().describe('The whole user message, ignoring case and outer spaces.'),
    contains: z.string().min(1).optional().describe('A part of the user message, ignoring case.'),
    regex: z
      .string()
      .min(1)
      .refine((source) => compileRegex(source) !== undefined, 'not a valid regular expression')
      .optional()
      .describe('A regular expression found in the user message, as `pattern` or `/pattern/flags`.'),
    turn: z.int().min(1).optional().describe('The n-th user turn of the conversation, counted from 1.'),
    audioMs: z
      .strictObject({ min: z.number().min(0).optional(), max: z.number().min(0).optional() })
      .optional()
      .describe('Length of the audible part of the speech, in milliseconds, both ends included.'),
    picture: z
      .string()
      .regex(/^(any|none|jpeg|png|webp|[0-9a-f]{8,64})$/, 'must be any, none, jpeg, png, webp or a SHA-256')
      .optional()
      .describe(
        'A picture that is shown with the message: any, none, its format, or its SHA-256 (8 digits or more).',
      ),
    toolResult: z
      .string()
      .min(1)
      .optional()
      .describe(
        'A function whose result the model answers now. Rules without it apply to what the user says only.',
      ),
    result: z
      .string()
      .min(1)
      .optional()
      .describe('A part of that result, as JSON text, ignoring case. Needs match.toolResult.'),
  })
  .describe('When the rule applies: all that is stated must hold. Nothing stated = always.')

export const failSchema = z.strictObject({
  engine: z.enum(['asr', 'llm', 'tts']).default('llm').describe('Which engine fails.'),
  code: z
    .enum(['engine-lost', 'engine-timeout', 'engine-refused', 'engine-failed'])
    .default('engine-lost')
    .describe('How it fails. A lost, slow or broken engine is tried again, a refusal is not.'),
  times: z
    .union([z.int().min(1), z.literal('always')], 'must be a whole number ≥ 1 or `always`')
    .default(1)
    .describe('How often, before it works again. 1 is healed by the retry, 2 is seen by the user.'),
  afterTokens: z
    .int()
    .min(0)
    .default(0)
    .describe('Words that the language model still gives before it fails.'),
})

export const toolCallSchema = z.strictObject({
  name: z.string().min(1).describe('The function, as the client declares it.'),
  args: z.record(z.string(), z.json()).default({}).describe('Its arguments.'),
})

const failureCode = failSchema.shape.code.unwrap()

export const ruleSchema = z
  .strictObject({
    match: matchSchema.default({}),
    transcript: z.string().optional().describe('What the recogniser hears. Empty = no words.'),
    reply: z.string().optional().describe('What the language model answers.'),
    delaysMs: delaysSchema.default({}),
    fail: z
      .preprocess(
        (value) => (failureCode.safeParse(value).success ? { code: value } : value),
        failSchema.optional(),
      )
      .describe('A failure. A code alone means: the language model, once.'),
    addressed: z
      .boolean()
      .optional()
      .describe(
        'What the language model says when it is asked, in a session with proactiveAudio, whether the words were said to it. ' +
          'Not stated = it cannot tell.',
      ),
    toolCalls: z
      .array(toolCallSchema)
      .min(1)
      .optional()
      .describe('Functions that the language model calls, after the reply if there is one.'),
  })
  .superRefine((rule, context) => {
    if (rule.match.result !== undefined && rule.match.toolResult === undefined) {
      context.addIssue({
        code: 'custom',
        path: ['match', 'result'],
        message: 'needs match.toolResult, the name of the function',
      })
    }
    if (rule.match.toolResult !== undefined && rule.transcript !== undefined) {
      context.addIssue({
        code: 'custom',
        path: ['transcript'],
        message: 'cannot depend on match.toolResult: speech is heard, results are not',
      })
    }
    const needsText = (['text', 'contains', 'regex', 'picture'] as const).find(
      (key) => rule.match[key] !== undefined,
    )
    if (needsText !== undefined && rule.transcript !== undefined) {
      context.addIssue({
        code: 'custom',
        path: ['transcript'],
        message: `cannot depend on match.${needsText}, which is only known after it was heard; use match.turn or match.audioMs`,
      })
    }
    const { min = 0, max = Number.POSITIVE_INFINITY } = rule.match.audioMs ?? {}
    if (min > max) {
      context.addIssue({ code: 'custom', path: ['match', 'audioMs'], message: 'min is larger than max' })
    }
  })

export const scriptSchema = z
  .strictObject({
    delaysMs: delaysSchema.default({}),
    rules: z
      .array(ruleSchema)
      .default([])
      .describe('For each thing to decide, the first rule that applies and states it decides.'),
  })
  .describe('A script for `vivavoce serve --engines scripted --script FILE`.')

export type Script = z.infer<typeof scriptSchema>
export type Rule = Script['rules'][number]
export type ToolCall = z.infer<typeof toolCallSchema>
export type Delays = z.infer<typeof delaysSchema>
export type Failure = z.infer<typeof failSchema>

/** JSON Schema of a script file, for editors; kept as `docs/scripted-engines.schema.json`. */
export function scriptJsonSchema(): Record<string, unknown> {
  return { title: 'Viva Voce script', ...z.toJSONSchema(scriptSchema, { io: 'input' }) }
}

/** `pattern` or `/pattern/flags`; undefined where it is no valid expression. */
export function compileRegex(source: string): RegExp | undefined {
  const written = /^\/(.+)\/([a-z]*)$/s.exec(source)
  try {
    // Flags g and y would make the expression remember its last match.
    return written === null ? new RegExp(source) : new RegExp(written[1]!, written[2]!.replace(/[gy]/g, ''))
  } catch {
    return undefined
  }
}
