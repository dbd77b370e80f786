/** Writes a plan of variables in the language of a shell, so that its `eval` sets exactly those values. */

import type { EnvironmentPlan } from './environment-plan.js'

export const SHELLS = ['bash', 'zsh', 'fish', 'powershell', 'cmd', 'dotenv'] as const
export type Shell = (typeof SHELLS)[number]

interface Syntax {
  readonly set: (name: string, value: string) => string
  readonly unset: (name: string) => string
  readonly comment: (text: string) => string
  /** How a user applies the output. */
  readonly usage: string
}

const posixQuoted = (value: string) => `'${value.replaceAll("'", `'\\''`)}'`

/**
 * Every line ends in a semicolon, so that an `eval` without quotes works as well. What is said goes into the no-op
 * command: an interactive zsh takes a `#` in an `eval` for the name of a program.
 */
const posix: Syntax = {
  set: (name, value) => `export ${name}=${posixQuoted(value)};`,
  unset: (name) => `unset ${name};`,
  comment: (text) => `: ${posixQuoted(text)};`,
  usage: 'eval "$(vivavoce env)"',
}

const SYNTAX: Readonly<Record<Shell, Syntax>> = {
  bash: posix,
  zsh: posix,
  fish: {
    set: (name, value) => `set -gx ${name} '${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}';`,
    unset: (name) => `set -e ${name};`,
    comment: (text) => `# ${text}`,
    usage: 'vivavoce env --shell fish | source',
  },
  powershell: {
    set: (name, value) => `$env:${name} = '${value.replaceAll("'", "''")}'`,
    unset: (name) => `Remove-Item Env:${name} -ErrorAction SilentlyContinue`,
    comment: (text) => `# ${text}`,
    usage: 'vivavoce env --shell powershell | Out-String | Invoke-Expression',
  },
  cmd: {
    // Per cent signs are doubled as batch files need them.
    set: (name, value) => `set "${name}=${value.replaceAll('%', '%%')}"`,
    unset: (name) => `set "${name}="`,
    comment: (text) => `rem ${text}`,
    usage: 'vivavoce env --shell cmd > vivavoce-env.cmd && call vivavoce-env.cmd',
  },
  dotenv: {
    set: (name, value) => `${name}=${dotenvQuoted(value)}`,
    // There is no way to unset; the libraries take empty for unset.
    unset: (name) => `${name}=`,
    comment: (text) => `# ${text}`,
    usage: 'vivavoce env --shell dotenv > .env',
  },
}

/** Bare where every reader agrees on it (container tools keep quotes as part of the value). */
function dotenvQuoted(value: string): string {
  return /^[\w./:@,+=\\-]*$/.test(value)
    ? value
    : `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`
}

/** Throws for a value with a line break, which cmd and dotenv files can't hold. */
export function shellLines(shell: Shell, plan: EnvironmentPlan): string {
  const syntax = SYNTAX[shell]
  for (const [name, value] of plan.set) {
    if (/[\r\n\0]/.test(value))
      throw new Error(`${name} would hold a line break, which no shell line can carry.`)
  }
  const lines = [
    ...plan.set.map(([name, value]) => syntax.set(name, value)),
    ...plan.unset.map((name) => syntax.unset(name)),
    // Comments come last: what matters is read first.
    ...[...plan.notes, `Use: ${syntax.usage}`].map(syntax.comment),
  ]
  return `${lines.join('\n')}\n`
}
