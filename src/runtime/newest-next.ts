/** Runs one question at a time; of those that come meanwhile the newest is next, and the others never are. */
export interface NewestNext<Question> {
  ask(question: Question): void
  readonly running: boolean
}

/** `run` does not reject. */
export function createNewestNext<Question>(run: (question: Question) => Promise<void>): NewestNext<Question> {
  let running = false
  let next: { readonly question: Question } | undefined

  async function start(question: Question): Promise<void> {
    running = true
    await run(question)
    running = false
    const waiting = next
    next = undefined
    if (waiting) void start(waiting.question)
  }

  return {
    ask(question) {
      if (running) next = { question }
      else void start(question)
    },
    get running() {
      return running
    },
  }
}
