/** A turn as it might have been, for tests of what is made of it. */
import { createTurnTimeline, type TurnRecord } from '../telemetry/index.js'

export function recordOf(session = 's'): TurnRecord {
  const timeline = createTurnTimeline()
  timeline.mark('speechStart', 100)
  timeline.mark('speechEnd', 900)
  timeline.mark('turnDecided', 1_400)
  timeline.mark('responseStarted', 1_400)
  timeline.mark('firstAudio', 2_100)
  timeline.mark('underrun', 3_000, 250)
  timeline.mark('turnComplete', 4_000)
  const { marks, events, revisions } = timeline
  return {
    session,
    turn: 1,
    outcome: 'complete',
    pacing: 'paced',
    inputAudioMs: 800,
    outputAudioMs: 1_500,
    revisions,
    marks,
    events,
  }
}
