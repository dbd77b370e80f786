/** A function that the model called: its arguments, and a form to answer by hand. */

import { useState } from 'react'
import type { Entry } from '../session/conversation'
import { useSession } from '../session/session-store'
import { useText } from '../text'

const STATE_TEXTS = { waiting: 'callWaiting', answered: 'callAnswered', cancelled: 'callCancelled' } as const

export function ToolCall({ call }: { readonly call: Extract<Entry, { kind: 'call' }> }) {
  const text = useText()
  const answerCall = useSession((state) => state.answerCall)
  const [answer, setAnswer] = useState('{ "output": "" }')
  const [problem, setProblem] = useState('')
  const send = () => {
    const parsed = parseObject(answer)
    if (typeof parsed === 'string') return setProblem(text('notJson', parsed))
    setProblem('')
    answerCall(call.callId, call.name, parsed)
  }
  return (
    <div className="call-card" data-state={call.state}>
      <p className="call-head">
        <b>{text('callOf', call.name)}</b> <span>{text(STATE_TEXTS[call.state])}</span>
      </p>
      <span className="visually-hidden">{text('arguments')}</span>
      <pre>{JSON.stringify(call.args, null, 2)}</pre>
      {call.response !== undefined && (
        <>
          <span className="visually-hidden">{text('answer')}</span>
          <pre className="call-response">{JSON.stringify(call.response, null, 2)}</pre>
        </>
      )}
      {call.state === 'waiting' && (
        <form
          onSubmit={(event) => {
            event.preventDefault()
            send()
          }}
        >
          <label>
            <span className="label">{text('answer')}</span>
            <textarea
              className="code"
              rows={2}
              spellCheck={false}
              value={answer}
              onChange={(event) => {
                setAnswer(event.target.value)
                setProblem('')
              }}
              aria-invalid={problem !== ''}
            />
          </label>
          {problem && <p className="field-problem">{problem}</p>}
          <button type="submit" className="small-button">
            {text('answerCall')}
          </button>
        </form>
      )}
    </div>
  )
}

/** The object, or what is wrong with the text. */
export function parseObject(source: string): Record<string, unknown> | string {
  try {
    const value: unknown = JSON.parse(source)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return value as Record<string, unknown>
    }
    return source.slice(0, 20)
  } catch (error) {
    return (error as Error).message
  }
}
