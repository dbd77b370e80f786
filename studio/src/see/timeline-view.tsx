/** Turns as a strip to choose from, the chosen one drawn, and its stages as a table for those who read rather than see. */

import { useState } from 'react'
import { useReplay } from '../keep/replay-store'
import { useCanvas } from '../parts/use-canvas'
import { timeline } from '../session/instruments'
import { useSession } from '../session/session-store'
import { type Turn, voiceToVoiceMs } from '../session/timeline'
import { counted, duration, type Language, named, useLanguage, useText } from '../text'
import { drawTurn, heightOf } from './draw-turn'
import { durationOf, marksOf, stagesOf } from './stages'
import { useVersion } from './use-version'

export function TimelineView() {
  const text = useText()
  const language = useLanguage((state) => state.language)
  useVersion(timeline)
  const [chosen, setChosen] = useState<number>()
  const { turns } = timeline
  const playedMs = useReplay((state) => state.positionMs)
  if (turns.length === 0) {
    return (
      <div className="empty">
        <EmptyTurn />
        <p>{text('noTurns')}</p>
      </div>
    )
  }
  // A recording takes its reader along.
  const played = playedMs === undefined ? undefined : turns.findLast(({ startMs }) => startMs <= playedMs)
  const turn = turns.find(({ number }) => number === chosen) ?? played ?? turns.at(-1)!
  return (
    <div className="timeline">
      <ol className="turns" aria-label={text('turns')}>
        {turns.map((item) => {
          const wait = voiceToVoiceMs(item)
          return (
            <li key={item.number}>
              <button
                type="button"
                aria-pressed={item === turn}
                data-interrupted={item.interrupted || undefined}
                onClick={() => setChosen(item.number === turns.at(-1)!.number ? undefined : item.number)}
              >
                <span>{text('turn', item.number)}</span>
                <b>{wait === undefined ? '–' : duration(wait, language)}</b>
              </button>
            </li>
          )
        })}
      </ol>
      <TurnFigure turn={turn} />
    </div>
  )
}

/** What a turn looks like, before there is one: the user's voice, the wait, the model's. */
function EmptyTurn() {
  return (
    <svg className="empty-turn" viewBox="0 0 160 56" aria-hidden="true" focusable="false">
      <path className="brand-you" d="M8 28V22M16 28V14M24 28V8M32 28V16M40 28V11M48 28V20M56 28V24" />
      <path className="empty-wait" d="M60 10V5H92V10" />
      <path
        className="brand-model"
        d="M96 32V42M104 32V48M112 32V38M120 32V50M128 32V44M136 32V47M144 32V38M152 32V35"
      />
    </svg>
  )
}

function TurnFigure({ turn }: { readonly turn: Turn }) {
  const text = useText()
  const language = useLanguage((state) => state.language)
  const isLive = useSession((state) => state.status === 'live') && turn.endMs === undefined
  const cursorMs = useReplay((state) => state.positionMs)
  const stages = stagesOf(turn, timeline.serverOffsetMs)
  const marks = marksOf(turn, timeline.serverOffsetMs)
  const dropped = stages.some(({ spans }) => spans.some((span) => span.dropped))
  const wait = voiceToVoiceMs(turn)
  const waited = wait === undefined ? '' : duration(wait, language)
  const waitName = text(turn.written ? 'textToVoice' : 'voiceToVoice')
  const labels = Object.fromEntries(stages.map(({ name }) => [name, named(text, 'bar', name)]))
  const canvas = useCanvas(
    (context, size, colours) =>
      drawTurn(context, size, colours, timeline, {
        turn,
        stages,
        marks,
        labels,
        language,
        waitLabel: waited,
        nowMs: performance.now(),
        cursorMs,
      }),
    isLive,
  )
  return (
    <>
      <canvas
        ref={canvas}
        className="turn-canvas"
        style={{ height: heightOf(stages.length) }}
        role="img"
        aria-label={text('timelineOf', turn.number, waited ? `${waitName} ${waited}` : '')}
      />
      {marks.length > 0 && (
        <ul className="legend" aria-hidden="true">
          <li className="legend-soft">{text('mark.softEnd')}</li>
          <li className="legend-decided">{text('mark.turnDecided')}</li>
          {turn.interrupted && <li className="legend-cut">{text('mark.interrupted')}</li>}
          {dropped && <li className="legend-dropped">{text('bar.dropped')}</li>}
        </ul>
      )}
      <table className="figures">
        <caption className="visually-hidden">{text('turn', turn.number)}</caption>
        <tbody>
          <tr className="headline">
            <th scope="row">
              {waitName}
              <small>{text(turn.written ? 'textToVoiceHelp' : 'voiceToVoiceHelp')}</small>
            </th>
            <td>{waited || '–'}</td>
          </tr>
          {stages.map((stage) => (
            <tr key={stage.name}>
              <th scope="row">{named(text, 'bar', stage.name)}</th>
              <td>{duration(durationOf(stage), language)}</td>
            </tr>
          ))}
          <AddressRow turn={turn} />
          <ToneRows turn={turn} />
          {turn.tokens !== undefined && (
            <tr>
              <th scope="row">{text('tokensAnswer')}</th>
              <td>{counted(text, 'tokens', turn.tokens)}</td>
            </tr>
          )}
        </tbody>
      </table>
      {turn.record === undefined && isOver(turn) && <p className="help">{text('noRecord')}</p>}
    </>
  )
}

/** For so long that its record would be here. */
const isOver = ({ endMs }: Turn) => endMs !== undefined && performance.now() - endMs > 2000

/** Whether the model took it as said to it, and why, where proactive audio is on. */
function AddressRow({ turn }: { readonly turn: Turn }) {
  const text = useText()
  const language = useLanguage((state) => state.language)
  const address = turn.record?.address
  if (address === undefined) return null
  const why = address.why.map((cue) => named(text, 'cue', cue)).join(', ')
  return (
    <tr>
      <th scope="row">
        {text('forTheModel')}
        <small>{text('addressFigures', why, signed(address.lead, 1, language))}</small>
      </th>
      <td>{text(address.addressed ? 'addressed' : 'overheard')}</td>
    </tr>
  )
}

/** How the user sounded and what that changed about the answer's voice, where affective dialogue is on. */
function ToneRows({ turn }: { readonly turn: Turn }) {
  const text = useText()
  const language = useLanguage((state) => state.language)
  const { tone, manner } = turn.record ?? {}
  if (tone === undefined) return null
  return (
    <>
      <tr>
        <th scope="row">
          {text('toneHeard')}
          <small>
            {text('toneFigures', signed(tone.arousal, 2, language), signed(tone.valence, 2, language))}
          </small>
        </th>
        <td>{named(text, 'tone', tone.name)}</td>
      </tr>
      <tr>
        <th scope="row">{text('toneAnswered')}</th>
        <td>
          {manner === undefined
            ? text('asEver')
            : text(
                'mannerFigures',
                signed((manner.pace - 1) * 100, 0, language),
                signed(manner.pitchSemitones, 1, language),
                signed(manner.gainDb, 1, language),
              )}
        </td>
      </tr>
    </>
  )
}

function signed(value: number, digits: number, language: Language): string {
  return value.toLocaleString(language, { maximumFractionDigits: digits, signDisplay: 'exceptZero' })
}
