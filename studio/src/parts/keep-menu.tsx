/** Record, save, open, export. */

import { useRef, useState } from 'react'
import { useSession } from '../session/session-store'
import { useText } from '../text'
import { Menu } from './menu'

const actions = () => import('../keep/keep-actions')

export function KeepMenu() {
  const text = useText()
  const recording = useSession((state) => state.recording)
  const isEmpty = useSession((state) => state.conversation.entries.length === 0)
  const record = useSession((state) => state.record)
  const [problem, setProblem] = useState('')
  const input = useRef<HTMLInputElement>(null)
  const names = { user: text('you'), model: text('model') }
  const open = async (file: File) => {
    try {
      await (await actions()).openSession(file)
      setProblem('')
    } catch {
      setProblem(text('notASession', file.name))
    }
  }
  const sound = async () => {
    const wasSaved = await (await actions()).exportSound()
    setProblem(wasSaved ? '' : text('nothingRecorded'))
  }
  const transcript = async (kind: 'txt' | 'srt' | 'json') => (await actions()).exportTranscript(kind, names)
  return (
    <Menu
      align="end"
      className="quiet-button"
      label={
        <>
          <span className="record-dot" data-on={recording || undefined} />
          {text(recording ? 'recording' : 'keep')}
        </>
      }
    >
      <label className="toggle">
        <input type="checkbox" checked={recording} onChange={(event) => record(event.target.checked)} />
        <span>{text('record')}</span>
      </label>
      <p className="help">{text('recordHelp')}</p>
      <ul className="menu-list">
        <Item disabled={isEmpty} run={async () => (await actions()).saveSession()}>
          {text('saveSession')}
        </Item>
        <Item run={() => input.current?.click()}>{text('openSession')}</Item>
        <Item disabled={isEmpty} run={() => transcript('txt')}>
          {text('exportText')}
        </Item>
        <Item disabled={isEmpty} run={() => transcript('srt')}>
          {text('exportSrt')}
        </Item>
        <Item disabled={isEmpty} run={() => transcript('json')}>
          {text('exportJson')}
        </Item>
        <Item disabled={isEmpty} run={sound}>
          {text('exportWav')}
        </Item>
      </ul>
      <p className="field-problem" role="status">
        {problem}
      </p>
      <input
        ref={input}
        type="file"
        accept=".zip"
        hidden
        aria-label={text('openSession')}
        onChange={(event) => {
          const file = event.target.files?.[0]
          event.target.value = ''
          if (file) void open(file)
        }}
      />
    </Menu>
  )
}

function Item(props: {
  readonly run: () => unknown
  readonly disabled?: boolean
  readonly children: React.ReactNode
}) {
  return (
    <li>
      <button type="button" disabled={props.disabled} onClick={() => void props.run()}>
        {props.children}
      </button>
    </li>
  )
}
