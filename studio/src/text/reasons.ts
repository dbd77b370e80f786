/**
 * The server's reasons in the language of the page. It says them in English over the wire; those of its own catalogue
 * are recognised by their templates, whatever else comes is shown as it is.
 */

import { CLOSE_CATALOGUE, type CloseId } from 'vivavoce/protocol'
import { PROBLEMS_ES, REASONS_ES } from './reasons-es'
import type { Language } from './words'

const PLACE = /\{([a-zA-Z]+)\}/g
/** What is not just any text. */
const FORMS: Readonly<Record<string, string>> = {
  field: '\\S+',
  names: '[A-Z_]+(?:(?:, | or )[A-Z_]+)*',
}

type Values = Readonly<Record<string, string>>

const TEMPLATES = Object.entries(CLOSE_CATALOGUE)
  // "{field} {problem}" would match nearly everything: the others come first.
  .toSorted(([, a], [, b]) => b.reason.length - a.reason.length)
  .map(([id, { reason }]) => [REASONS_ES[id as CloseId], patternOf(reason)] as const)
const PROBLEMS = PROBLEMS_ES.map(([english, spanish]) => [spanish, patternOf(english)] as const)

export function reasonIn(language: Language, reason: string): string {
  return language === 'en' ? reason : (translated(TEMPLATES, reason, ofField) ?? reason)
}

/** Undefined where the problem has no words: half a sentence in each language helps nobody. */
function ofField(values: Values): Values | undefined {
  if (values.problem === undefined) return values
  const problem = translated(PROBLEMS, values.problem, ({ names, ...rest }) =>
    names === undefined ? rest : { ...rest, names: names.replaceAll(' or ', ' o ') },
  )
  return problem === undefined ? undefined : { ...values, problem }
}

function translated(
  templates: readonly (readonly [template: string, pattern: RegExp])[],
  source: string,
  adapt: (values: Values) => Values | undefined = (values) => values,
): string | undefined {
  for (const [template, pattern] of templates) {
    const groups = pattern.exec(source)
    const values = groups && adapt({ ...groups.groups })
    if (values) return template.replace(PLACE, (place, name: string) => values[name] ?? place)
  }
  return undefined
}

/** A template as a pattern with a group for each of its values; names of fields and models are one word. */
function patternOf(template: string): RegExp {
  const parts = template.split(/\{([a-zA-Z]+)\}/)
  const source = parts.map((part, index) =>
    index % 2 === 1 ? `(?<${part}>${FORMS[part] ?? '.*'})` : part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'),
  )
  return new RegExp(`^${source.join('')}$`, 's')
}
