/** The page around the conversation: one button and what was said. */

import { createRoot } from 'react-dom/client'
import { useConversation } from './use-conversation'

const SERVER = new URLSearchParams(location.search).get('server') ?? 'http://localhost:8484'
const LABELS = { off: 'Talk', opening: 'Opening…', on: 'Stop', reconnecting: 'Connection lost…' } as const

function App() {
  const { state, lines, problem, start, stop } = useConversation(SERVER)
  return (
    <main>
      <h1>Talk</h1>
      <button type="button" data-state={state} onClick={() => void (state === 'off' ? start() : stop())}>
        {LABELS[state]}
      </button>
      {problem && <p role="alert">{problem}</p>}
      <ol aria-live="polite">
        {lines.map(({ who, words }, index) => (
          <li key={index} className={who}>
            <b>{who === 'you' ? 'You' : 'Model'}</b> {words}
          </li>
        ))}
      </ol>
    </main>
  )
}

createRoot(document.getElementById('root')!).render(<App />)
