/** The frame: header, three panes side by side, one at a time on a phone. */

import { useEffect, useState, useSyncExternalStore } from 'react'
import { Announcer } from './parts/announcer'
import { Conversation } from './parts/conversation'
import { Dock } from './parts/dock'
import { DropZone } from './parts/drop-zone'
import { Header } from './parts/header'
import { Problem } from './parts/problem'
import { Inspector } from './see/inspector'
import { useSession } from './session/session-store'
import { SetupPanel } from './setup/setup-panel'
import { useLanguage, useText } from './text'

const PANES = ['setUp', 'conversation', 'see'] as const

export function App() {
  const text = useText()
  const language = useLanguage((state) => state.language)
  const status = useSession((state) => state.status)
  const [pane, setPane] = useState<(typeof PANES)[number]>('conversation')
  const isPhone = useMedia('(max-width: 760px)')

  useEffect(() => {
    document.documentElement.lang = language
    document.body.dataset.status = status
    document.title = `${text('appName')} ${text('studio')}`
  }, [language, status, text])

  return (
    <div className="app" data-pane={pane}>
      <button
        type="button"
        className="skip"
        onClick={() => {
          setPane('conversation')
          document.getElementById('conversation')?.focus()
        }}
      >
        {text('skip')}
      </button>
      <Header />
      <main>
        <SetupPanel />
        <div id="conversation" className="stage" tabIndex={-1}>
          <DropZone>
            <Conversation />
            <Problem />
            <Dock />
          </DropZone>
        </div>
        <Inspector />
      </main>
      <nav className="panes" aria-label={text('studio')}>
        {/* Where two panes have room, one of them is always the conversation. */}
        {PANES.filter((name) => isPhone || name !== 'conversation').map((name) => (
          <button
            key={name}
            type="button"
            aria-current={isCurrent(name) ? 'page' : undefined}
            onClick={() => setPane(name)}
          >
            {text(name)}
          </button>
        ))}
      </nav>
      <Announcer />
    </div>
  )

  function isCurrent(name: (typeof PANES)[number]): boolean {
    return isPhone ? pane === name : (pane === 'see') === (name === 'see')
  }
}

function useMedia(query: string): boolean {
  return useSyncExternalStore(
    (changed) => {
      const list = matchMedia(query)
      list.addEventListener('change', changed)
      return () => list.removeEventListener('change', changed)
    },
    () => matchMedia(query).matches,
  )
}
