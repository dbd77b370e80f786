/** The last seconds of both voices on one line: the user's above it, the model's below. Drawn outside React. */

import { timeline } from '../session/instruments'
import { SLOT_MS } from '../session/timeline'
import { useText } from '../text'
import { type Draw, STEP_MS, useCanvas } from './use-canvas'

const BAR = 3
const GAP = 2
/** A new bar in each step of the drawing: 25 a second move calmly. */
const SLOTS_PER_BAR = STEP_MS / SLOT_MS

const draw: Draw = (context, { width, height }, colours) => {
  const middle = Math.round(height / 2)
  const { input, output } = timeline.tracks
  const nowSlot = Math.floor((performance.now() - timeline.originMs) / SLOT_MS)
  // Bars stay on their slots, so that they move without flickering; the one in progress is not heard to its end yet.
  const lastBar = Math.floor(nowSlot / SLOTS_PER_BAR) - 1
  const bars = Math.ceil(width / (BAR + GAP))
  for (let index = 0; index < bars; index++) {
    const bar = lastBar - index
    const x = width - (index + 1) * (BAR + GAP)
    const fade = 1 - (index / bars) ** 3
    context.globalAlpha = fade
    const up = peak(input, bar) * (middle - 2)
    if (up > 0.5) column(context, colours.you, x, middle - 1 - up, up)
    const down = peak(output, bar) * (middle - 2)
    if (down > 0.5) column(context, colours.model, x, middle + 1, down)
    // Silence is a row of dots, so that the line is there before anybody has spoken.
    if (up <= 0.5 && down <= 0.5) column(context, colours.line, x, middle - BAR / 2, BAR)
  }
  context.globalAlpha = 1
}

function peak(track: { at(slot: number): number }, bar: number): number {
  let value = 0
  for (let slot = 0; slot < SLOTS_PER_BAR; slot++)
    value = Math.max(value, track.at(bar * SLOTS_PER_BAR + slot))
  // Ears hear loudness by its root: quiet speech is to be seen as well.
  return Math.sqrt(value / 255)
}

function column(context: CanvasRenderingContext2D, colour: string, x: number, y: number, height: number) {
  context.fillStyle = colour
  context.beginPath()
  context.roundRect(x, y, BAR, height, BAR / 2)
  context.fill()
}

export function VoiceLine({ live }: { readonly live: boolean }) {
  const text = useText()
  const canvas = useCanvas(draw, live)
  return <canvas ref={canvas} className="voice-line" role="img" aria-label={text('levels')} />
}
