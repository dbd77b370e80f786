/** Every rule of PROTOCOL.md is proved by a test that cites it, and no test cites a rule that is not there. */

import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

import ts from 'typescript'
import { describe, expect, it } from 'vitest'

import { CHECKS } from '../src/conformance/index.js'
import { REQUIREMENTS } from './requirements.js'

const root = resolve(import.meta.dirname, '..')
const RUNNERS = /^(it|test|describe)\b/
const CITATION = /\[([A-Z]+-\d+)\]/g

/** Ids in the titles of tests: string arguments of it, test and describe, and of their `each` and `skipIf` forms. */
function citations(file: string): string[] {
  const tree = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true)
  const found: string[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && RUNNERS.test(node.expression.getText(tree))) {
      const [title] = node.arguments
      if (title && (ts.isStringLiteralLike(title) || ts.isTemplateExpression(title))) {
        found.push(...[...title.getText(tree).matchAll(CITATION)].map((match) => match[1]!))
      }
    }
    ts.forEachChild(node, visit)
  }
  visit(tree)
  return found
}

function testFiles(): string[] {
  return ['src', 'test'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.test.ts'))
      .map((path) => join(root, folder, path)),
  )
}

// The suite's checks are the titles of test/conformance/suite.test.ts, which runs them all.
const cited = new Map<string, string>(CHECKS.map(({ rule }) => [rule, 'the conformance suite']))
for (const file of testFiles()) for (const id of citations(file)) cited.set(id, file)

describe('the rules', () => {
  it('are each proved by a test', () => {
    expect([...REQUIREMENTS.keys()].filter((id) => !cited.has(id))).toEqual([])
  })

  it('are all there that tests cite', () => {
    expect([...cited].filter(([id]) => !REQUIREMENTS.has(id))).toEqual([])
  })

  it('are marked where the conformance suite checks them', () => {
    const marked = [...REQUIREMENTS].filter(([, { conformance }]) => conformance).map(([id]) => id)
    expect(marked.sort()).toEqual(CHECKS.map(({ rule }) => rule).sort())
  })
})
