/** Where one talks: the line of both voices, the one button, and text beside it. */

import { useEffect, useRef, useState } from 'react'
import { useReplay } from '../keep/replay-store'
import { heardOfModel } from '../session/conversation'
import { useSession } from '../session/session-store'
import { useText } from '../text'
import { DeviceMenu } from './device-menu'
import { Icon } from './icon'
import { Preview } from './preview'
import { ReplayBar } from './replay-bar'
import { ShowButtons } from './show-buttons'
import { VoiceLine } from './voice-line'

export function Dock() {
  const text = useText()
  const session = useSession()
  const [captions, setCaptions] = useState(false)
  const isOpen = session.status !== 'idle' && session.status !== 'ended'
  const manual = isOpen && session.hasMicrophone && session.inForce.manual === true
  const talking = isOpen && session.hasMicrophone
  const isReplay = useReplay((state) => state.name !== undefined)
  if (isReplay) {
    return (
      <div className="dock">
        <ReplayBar />
      </div>
    )
  }
  return (
    <div className="dock">
      {captions && <Captions />}
      <Preview />
      <VoiceLine live={isOpen} />
      <div className="dock-row">
        <div className="dock-side">
          <DeviceMenu />
          {talking && !manual && (
            <button
              type="button"
              className="icon-button"
              aria-pressed={session.muted}
              onClick={() => session.mute(!session.muted)}
            >
              <Icon name={session.muted ? 'muted' : 'microphone'} />
              <span className="visually-hidden">{text(session.muted ? 'unmute' : 'mute')}</span>
            </button>
          )}
        </div>
        {manual ? <HoldButton /> : <TalkButton talking={talking || session.status === 'connecting'} />}
        <div className="dock-side end">
          <button
            type="button"
            className="icon-button"
            aria-pressed={captions}
            onClick={() => setCaptions(!captions)}
          >
            <Icon name="captions" />
            <span className="visually-hidden">{text('captions')}</span>
          </button>
          {isOpen && (manual || !talking) && (
            <button type="button" className="quiet-button stop" onClick={() => void session.stop()}>
              <Icon name="stop" />
              {text('stop')}
            </button>
          )}
        </div>
      </div>
      <Composer />
    </div>
  )
}

function TalkButton({ talking }: { readonly talking: boolean }) {
  const text = useText()
  const { start, stop } = useSession.getState()
  return (
    <button
      type="button"
      className="talk-button"
      data-talking={talking || undefined}
      onClick={() => void (talking ? stop() : start({ microphone: true }))}
    >
      <Icon name={talking ? 'stop' : 'microphone'} />
      {text(talking ? 'stop' : 'talk')}
    </button>
  )
}

/** Pointer, finger, Space or Enter: held down means speaking. */
function HoldButton() {
  const text = useText()
  const pressing = useSession((state) => state.pressing)
  const { press } = useSession.getState()
  const isKey = ({ key }: React.KeyboardEvent) => key === ' ' || key === 'Enter'
  return (
    <button
      type="button"
      className="talk-button hold"
      aria-pressed={pressing}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId)
        press(true)
      }}
      onPointerUp={() => press(false)}
      onPointerCancel={() => press(false)}
      onKeyDown={(event) => {
        if (isKey(event) && !event.repeat) press(true)
      }}
      onKeyUp={(event) => {
        if (isKey(event)) press(false)
      }}
      onBlur={() => press(false)}
      onContextMenu={(event) => event.preventDefault()}
    >
      <Icon name="microphone" />
      {text('hold')}
    </button>
  )
}

function Composer() {
  const text = useText()
  const { sendText, speakFile, stopFile } = useSession.getState()
  const playingFile = useSession((state) => state.playingFile)
  const [draft, setDraft] = useState('')
  const file = useRef<HTMLInputElement>(null)
  const submit = () => {
    const words = draft.trim()
    if (words === '') return
    setDraft('')
    void sendText(words)
  }
  return (
    <form
      className="composer"
      onSubmit={(event) => {
        event.preventDefault()
        submit()
      }}
    >
      <input
        ref={file}
        type="file"
        accept="audio/*,.wav,.mp3,.m4a,.ogg,.flac"
        hidden
        onChange={(event) => {
          const chosen = event.target.files?.[0]
          event.target.value = ''
          if (chosen) void speakFile(chosen)
        }}
      />
      <button
        type="button"
        className="icon-button"
        onClick={() => (playingFile === undefined ? file.current?.click() : stopFile())}
      >
        <Icon name={playingFile === undefined ? 'file' : 'stop'} />
        <span className="visually-hidden">{text(playingFile === undefined ? 'addFile' : 'stopFile')}</span>
      </button>
      <ShowButtons />
      <textarea
        rows={1}
        value={draft}
        placeholder={text('write')}
        aria-label={text('write')}
        onChange={(event) => setDraft(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return
          event.preventDefault()
          submit()
        }}
      />
      <button type="submit" className="icon-button send" disabled={draft.trim() === ''}>
        <Icon name="send" />
        <span className="visually-hidden">{text('send')}</span>
      </button>
    </form>
  )
}

/** The words of the moment, large. */
function Captions() {
  const entries = useSession((state) => state.conversation.entries)
  const last = entries.findLast((entry) => entry.kind === 'user' || entry.kind === 'model')
  const box = useRef<HTMLParagraphElement>(null)
  const words =
    last?.kind === 'model' ? heardOfModel(last) : last?.kind === 'user' ? `${last.text}${last.interim}` : ''
  useEffect(() => {
    if (box.current && words) box.current.scrollTop = box.current.scrollHeight
  }, [words])
  return (
    <p ref={box} className="captions" data-who={last?.kind}>
      {words}
    </p>
  )
}
