/** What models that hear are put through: a long question is a call of the timer, and its result is spoken of. */
import type { FunctionDeclaration } from '@google/genai'

export const TIMER: FunctionDeclaration = {
  name: 'set_timer',
  description: 'Sets a timer',
  parametersJsonSchema: { type: 'object' },
}
export const TIMER_ARGUMENTS = { minutes: 5 }

/** For servers that tell a test how long they heard somebody speak: they call for what lasts more than 2 s. */
export const timerEars = (ms: number) =>
  ms > 2_000 ? `call ${TIMER.name} ${JSON.stringify(TIMER_ARGUMENTS)}` : `speech of ${ms} ms`

/** A client's side of it. */
export function createTimer() {
  const set: unknown[] = []
  return {
    /** Arguments of the calls. */
    set,
    functions: [TIMER],
    carryOut: (_name: string, args: Record<string, unknown>) => {
      set.push(args)
      return { output: 'It runs.' }
    },
  }
}
