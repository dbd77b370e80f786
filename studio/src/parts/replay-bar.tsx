/** Play and scrub through a session file that was opened. */

import { useReplay } from '../keep/replay-store'
import { useSession } from '../session/session-store'
import { duration, useLanguage, useText } from '../text'
import { Icon } from './icon'

export function ReplayBar() {
  const text = useText()
  const language = useLanguage((state) => state.language)
  const { name, durationMs, positionMs = 0, playing, play, pause, seek, close } = useReplay()
  const clear = useSession((state) => state.clear)
  return (
    <div className="replay">
      <p>{text('replayOf', name ?? '')}</p>
      <div className="replay-row">
        <button type="button" className="icon-button" onClick={playing ? pause : play}>
          <Icon name={playing ? 'pause' : 'play'} />
          <span className="visually-hidden">{text(playing ? 'pause' : 'play')}</span>
        </button>
        <input
          type="range"
          min={0}
          max={Math.ceil(durationMs)}
          step={20}
          value={positionMs}
          aria-label={text('position')}
          aria-valuetext={duration(positionMs, language)}
          onChange={(event) => seek(Number(event.target.value))}
        />
        <span className="replay-time">
          {duration(positionMs, language)} / {duration(durationMs, language)}
        </span>
        <button
          type="button"
          className="quiet-button"
          onClick={() => {
            close()
            clear()
          }}
        >
          {text('leaveReplay')}
        </button>
      </div>
    </div>
  )
}
