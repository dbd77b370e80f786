/** Copies a text and says so. */

import { type ReactNode, useEffect, useState } from 'react'
import { useText } from '../text'
import { Icon } from './icon'

export function CopyButton(props: {
  readonly value: () => string
  readonly className: string
  readonly children: ReactNode
}) {
  const text = useText()
  const [state, setState] = useState<'ready' | 'copied' | 'failed'>('ready')
  useEffect(() => {
    if (state === 'ready') return
    const timer = setTimeout(() => setState('ready'), 2000)
    return () => clearTimeout(timer)
  }, [state])
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(props.value())
      setState('copied')
    } catch {
      setState('failed')
    }
  }
  return (
    <button type="button" className={props.className} onClick={() => void copy()}>
      <Icon name={state === 'copied' ? 'check' : 'copy'} />
      <span aria-live="polite">
        {state === 'ready' ? props.children : text(state === 'copied' ? 'copied' : 'copyFailed')}
      </span>
    </button>
  )
}
