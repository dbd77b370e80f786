/** The one error of configuration: every problem found, each a sentence that names the key, its origin and the cure. */

export class ConfigError extends Error {
  readonly problems: readonly string[]

  constructor(problems: readonly string[]) {
    super(problems.join('\n'))
    this.name = 'ConfigError'
    this.problems = problems
  }
}

/** A value as a message shows it: short, and never a secret. */
export function shown(value: unknown, secret: boolean): string {
  if (secret) return 'a value that is not shown'
  const text = JSON.stringify(value) ?? String(value)
  return text.length > 80 ? `${text.slice(0, 77)}…` : text
}
