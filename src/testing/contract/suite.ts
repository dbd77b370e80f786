/** What all contract suites share: one engine per suite, skipping with a reason, checks of errors and aborts. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { EngineError, type EngineErrorCode, type EngineInfo, type EngineKind } from '../../engine/index.js'

/** What a suite is given may be closed after its last test. */
export type Made<Engine> = Engine & { close?(): unknown }
export type Make<Engine> = () => Made<Engine> | Promise<Made<Engine>>

export interface SuiteOptions<Engine> {
  /** Why this engine can't be tested here; printed in the name of the skipped suite. */
  readonly skip?: string | undefined
  /** Engines whose every call fails, and the code they must fail with. */
  readonly broken?: readonly {
    readonly what: string
    readonly make: Make<Engine>
    readonly code: EngineErrorCode
  }[]
}

/** Registers the tests of one engine; `engine()` is there once a test runs. */
export function describeEngine<Engine extends { readonly info: EngineInfo }>(
  name: string,
  kind: EngineKind,
  make: Make<Engine>,
  options: SuiteOptions<Engine>,
  tests: (engine: () => Engine) => void,
): void {
  if (options.skip !== undefined) {
    console.log(`skipped: ${kind} contract of ${name}: ${options.skip}`)
    describe.skip(`${kind} contract of ${name} (${options.skip})`, () => {
      it('was skipped', () => undefined)
    })
    return
  }
  describe(`${kind} contract: ${name}`, () => {
    let made: Made<Engine> | undefined
    beforeAll(async () => {
      made = await make()
    })
    afterAll(async () => {
      await made?.close?.()
    })
    const engine = () => {
      if (made === undefined) throw new Error('the engine was not made')
      return made
    }

    it('says what it is', () => {
      const { info } = engine()
      expect(info.kind).toBe(kind)
      expect(info.id).toMatch(/^\S+$/)
      expect(info.description.trim()).not.toBe('')
      for (const language of info.languages) expect(language).toMatch(/^[a-z]{2,3}$/)
    })

    tests(engine)
  })
}

/** Runs `call` against every broken engine and expects its code and a message for people. */
export function describeBroken<Engine>(
  options: SuiteOptions<Engine>,
  call: (engine: Engine) => Promise<unknown>,
): void {
  if (options.broken === undefined || options.broken.length === 0) return
  it.each(options.broken)('fails with $code: $what', async ({ make, code }) => {
    const engine = await make()
    try {
      const error = await rejection(call(engine))
      expect(error).toBeInstanceOf(EngineError)
      expect((error as EngineError).code).toBe(code)
      expect((error as EngineError).message.length).toBeGreaterThan(10)
    } finally {
      await engine.close?.()
    }
  })
}

export function neverAborted(): AbortSignal {
  return new AbortController().signal
}

export async function collect<T>(iterable: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = []
  for await (const item of iterable) items.push(item)
  return items
}

/** What the promise rejects with; undefined when it resolves. */
export async function rejection(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise
    return undefined
  } catch (error) {
    return error
  }
}

/** An aborted call may end quietly or reject with the signal's reason or an `AbortError`; nothing else. */
export async function expectAborted(call: Promise<unknown>, signal: AbortSignal): Promise<void> {
  const error = await rejection(call)
  if (error === undefined || error === signal.reason) return
  expect((error as Error).name).toBe('AbortError')
}
