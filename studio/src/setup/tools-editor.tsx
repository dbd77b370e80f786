/** Function declarations as JSON, checked as they are written, and canned answers for those who want none by hand. */

import { useState } from 'react'
import { parseObject } from '../parts/tool-call'
import { cannedAnswers } from '../session/session-store'
import { useReason, useText } from '../text'
import type { FieldValue } from './fields'
import { refusalOf } from './offers'

const EXAMPLE = JSON.stringify(
  [
    {
      name: 'get_weather',
      description: 'The weather at a place.',
      parameters: {
        type: 'OBJECT',
        properties: { place: { type: 'STRING', description: 'A city.' } },
        required: ['place'],
      },
    },
  ],
  null,
  2,
)

export function ToolsEditor(props: {
  readonly common: { readonly id: string; readonly name: string }
  readonly value: string
  readonly change: (value: FieldValue | undefined) => void
}) {
  const text = useText()
  const reason = useReason()
  const { value, change } = props
  const { names, problem } = declared(value)
  return (
    <>
      <textarea
        {...props.common}
        className="code"
        rows={value === '' ? 3 : 10}
        spellCheck={false}
        value={value}
        placeholder="[]"
        aria-invalid={problem !== undefined}
        onChange={(event) => change(event.target.value || undefined)}
      />
      {problem && <p className="field-problem">{reason(problem)}</p>}
      <div className="editor-actions">
        {value === '' ? (
          <button type="button" className="small-button" onClick={() => change(EXAMPLE)}>
            {text('exampleTool')}
          </button>
        ) : (
          <button
            type="button"
            className="small-button"
            disabled={problem !== undefined}
            onClick={() => change(JSON.stringify(JSON.parse(value), null, 2))}
          >
            {text('formatJson')}
          </button>
        )}
      </div>
      {names.map((name) => (
        <CannedAnswer key={name} name={name} />
      ))}
    </>
  )
}

function CannedAnswer({ name }: { readonly name: string }) {
  const text = useText()
  const [source, setSource] = useState(JSON.stringify(cannedAnswers.get(name) ?? { output: 'done' }))
  const [on, setOn] = useState(cannedAnswers.has(name))
  const parsed = parseObject(source)
  const apply = (nextOn: boolean, nextSource: string) => {
    const answer = parseObject(nextSource)
    if (nextOn && typeof answer !== 'string') cannedAnswers.set(name, answer)
    else cannedAnswers.delete(name)
    setOn(nextOn)
    setSource(nextSource)
  }
  return (
    <div className="canned">
      <label className="toggle">
        <input type="checkbox" checked={on} onChange={(event) => apply(event.target.checked, source)} />
        <span>
          <code>{name}</code> · {text('canned')}
        </span>
      </label>
      {on && (
        <>
          <textarea
            className="code"
            rows={2}
            spellCheck={false}
            aria-label={`${name}: ${text('answer')}`}
            value={source}
            aria-invalid={typeof parsed === 'string'}
            onChange={(event) => apply(true, event.target.value)}
          />
          {typeof parsed === 'string' && <p className="field-problem">{text('notJson', parsed)}</p>}
        </>
      )}
      {!on && <p className="help">{text('cannedHelp')}</p>}
    </div>
  )
}

/** Names for canned answers, and what the server would say about the declarations. */
function declared(source: string): {
  readonly names: readonly string[]
  readonly problem: string | undefined
} {
  if (source.trim() === '') return { names: [], problem: undefined }
  try {
    const parsed: unknown = JSON.parse(source)
    const list: readonly unknown[] = Array.isArray(parsed) ? parsed : [parsed]
    const functions = list.flatMap((item) => {
      const declarations = (item as { functionDeclarations?: unknown[] } | null)?.functionDeclarations
      return declarations ?? [item]
    })
    const names = functions.flatMap((item) => {
      const name = (item as { name?: unknown } | null)?.name
      return typeof name === 'string' && name !== '' ? [name] : []
    })
    const tools = functions.length === list.length ? [{ functionDeclarations: list }] : list
    return { names, problem: refusalOf({ setup: { model: 'models/gemini-live-2.5-flash', tools } }) }
  } catch (error) {
    return { names: [], problem: (error as Error).message }
  }
}
