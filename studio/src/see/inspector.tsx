/** The instruments, as tabs: timeline, wire log, figures of the session. */

import { useState } from 'react'
import { useText } from '../text'
import { SessionView } from './session-view'
import { TimelineView } from './timeline-view'
import { WireView } from './wire-view'

const TABS = [
  ['timeline', TimelineView],
  ['wire', WireView],
  ['session', SessionView],
] as const

export function Inspector() {
  const text = useText()
  const [chosen, setChosen] = useState(0)
  const View = TABS[chosen]![1]
  const move = (event: React.KeyboardEvent) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
    if (step === undefined) return
    event.preventDefault()
    const next = (chosen + step + TABS.length) % TABS.length
    setChosen(next)
    document.getElementById(`tab-${TABS[next]![0]}`)?.focus()
  }
  return (
    <section className="inspector" aria-label={text('see')}>
      <div className="tabs" role="tablist" aria-label={text('see')} onKeyDown={move}>
        {TABS.map(([name], index) => (
          <button
            key={name}
            id={`tab-${name}`}
            type="button"
            role="tab"
            aria-selected={index === chosen}
            aria-controls="tab-panel"
            tabIndex={index === chosen ? 0 : -1}
            onClick={() => setChosen(index)}
          >
            {text(name)}
          </button>
        ))}
      </div>
      <div id="tab-panel" className="tab-panel" role="tabpanel" aria-labelledby={`tab-${TABS[chosen]![0]}`}>
        <View />
      </div>
    </section>
  )
}
