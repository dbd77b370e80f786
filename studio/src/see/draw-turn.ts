/**
 * Draws one turn: both voices on one axis, marks of activity, the wait as a bracket, and a bar for each stage. Pure but
 * for the canvas.
 */

import type { Colours } from '../parts/use-canvas'
import { SLOT_MS, type Timeline, type Turn, voiceToVoiceMs } from '../session/timeline'
import type { Stage } from './stages'

export interface TurnDrawing {
  readonly turn: Turn
  readonly stages: readonly Stage[]
  readonly labels: Readonly<Record<string, string>>
  readonly waitLabel: string
  readonly nowMs: number
  /** Of the playback of a recording. */
  readonly cursorMs: number | undefined
}

const WAVE = 92
const AXIS = 20
const ROW = 22
const TOP = 26
/** Time shown before the turn and after it. */
const MARGIN_MS = 250

export const heightOf = (stages: number): number => TOP + WAVE + AXIS + Math.max(1, stages) * ROW + 8

type Scale = (ms: number) => number

export function drawTurn(
  context: CanvasRenderingContext2D,
  { width, height }: { readonly width: number; readonly height: number },
  colours: Colours,
  timeline: Timeline,
  drawing: TurnDrawing,
): void {
  const { turn, stages, nowMs } = drawing
  const fromMs = turn.startMs - MARGIN_MS
  const lastMs = Math.max(turn.endMs ?? nowMs, ...stages.map(({ endMs }) => endMs), turn.heardMs ?? 0)
  const toMs = Math.max(lastMs + MARGIN_MS, fromMs + 1500)
  const x: Scale = (ms) => ((ms - fromMs) / (toMs - fromMs)) * width
  context.font = '11px system-ui, sans-serif'
  context.textBaseline = 'middle'

  drawSpeech(context, timeline, colours, x, fromMs, toMs)
  drawWaves(context, timeline, colours, width, fromMs, toMs)
  drawAxis(context, colours, width, height, x, fromMs, toMs, turn.startMs)
  drawWait(context, colours, x, turn, drawing.waitLabel)
  for (const [index, stage] of stages.entries()) {
    drawStage(
      context,
      colours,
      width,
      x,
      stage,
      drawing.labels[stage.name] ?? stage.name,
      TOP + WAVE + AXIS + index * ROW,
    )
  }
  if (turn.interrupted && turn.endMs !== undefined) vertical(context, colours.live, x(turn.endMs), height, [])
  if (drawing.cursorMs !== undefined) vertical(context, colours.ink, x(drawing.cursorMs), height, [])
}

/** Where speech was heard, as a tint behind the voice. */
function drawSpeech(
  context: CanvasRenderingContext2D,
  timeline: Timeline,
  colours: Colours,
  x: Scale,
  fromMs: number,
  toMs: number,
): void {
  context.fillStyle = colours.you
  context.globalAlpha = 0.09
  for (const { startMs, endMs } of timeline.speech) {
    if (endMs < fromMs || startMs > toMs) continue
    context.fillRect(x(startMs), TOP, Math.max(1, x(endMs) - x(startMs)), WAVE / 2)
  }
  context.globalAlpha = 1
}

function drawWaves(
  context: CanvasRenderingContext2D,
  timeline: Timeline,
  colours: Colours,
  width: number,
  fromMs: number,
  toMs: number,
): void {
  const middle = TOP + WAVE / 2
  context.fillStyle = colours.line
  context.fillRect(0, middle - 0.5, width, 1)
  const step = 2
  for (const [track, colour, direction] of [
    [timeline.tracks.input, colours.you, -1],
    [timeline.tracks.output, colours.model, 1],
  ] as const) {
    context.fillStyle = colour
    for (let pixel = 0; pixel < width; pixel += step) {
      const start = fromMs + (pixel / width) * (toMs - fromMs) - timeline.originMs
      const end = fromMs + ((pixel + step) / width) * (toMs - fromMs) - timeline.originMs
      let peak = 0
      for (let slot = Math.floor(start / SLOT_MS); slot <= Math.floor(end / SLOT_MS); slot++) {
        if (slot >= 0) peak = Math.max(peak, track.at(slot))
      }
      const length = Math.sqrt(peak / 255) * (WAVE / 2 - 2)
      if (length < 0.5) continue
      context.fillRect(pixel, direction < 0 ? middle - length : middle + 1, step - 0.5, length)
    }
  }
}

/** Ticks a person can read: 100 ms to 30 s apart, counted from the start of the turn. */
function drawAxis(
  context: CanvasRenderingContext2D,
  colours: Colours,
  width: number,
  height: number,
  x: Scale,
  fromMs: number,
  toMs: number,
  zeroMs: number,
): void {
  const wanted = (toMs - fromMs) / Math.max(3, width / 80)
  const step = [100, 200, 500, 1000, 2000, 5000, 10_000, 30_000].find((ms) => ms >= wanted) ?? 60_000
  const y = TOP + WAVE + AXIS / 2
  for (let ms = Math.ceil((fromMs - zeroMs) / step) * step; zeroMs + ms <= toMs; ms += step) {
    const at = x(zeroMs + ms)
    context.fillStyle = colours.line
    context.fillRect(Math.round(at), TOP, 1, height - TOP)
    const label = `${(ms / 1000).toFixed(step < 1000 ? 1 : 0)} s`
    if (at + 30 > width) continue
    context.fillStyle = colours.quiet
    context.fillText(label, at + 4, y)
  }
}

/** From the user's last sound to the first of the answer: the figure that everybody feels. */
function drawWait(
  context: CanvasRenderingContext2D,
  colours: Colours,
  x: Scale,
  turn: Turn,
  label: string,
): void {
  if (voiceToVoiceMs(turn) === undefined || turn.askedMs === undefined || turn.heardMs === undefined) return
  const [from, to] = [x(turn.askedMs), x(turn.heardMs)]
  context.fillStyle = colours.mark
  context.globalAlpha = 0.14
  context.fillRect(from, TOP, to - from, WAVE)
  context.globalAlpha = 1
  context.strokeStyle = colours.mark
  context.lineWidth = 1.5
  context.beginPath()
  context.moveTo(from, TOP - 1)
  context.lineTo(from, TOP - 7)
  context.lineTo(to, TOP - 7)
  context.lineTo(to, TOP - 1)
  context.stroke()
  context.fillStyle = colours.ink
  context.font = '600 12px system-ui, sans-serif'
  const room = context.measureText(label).width
  context.fillText(
    label,
    Math.max(0, Math.min(x(turn.askedMs) + (to - from) / 2 - room / 2, context.canvas.clientWidth - room)),
    TOP - 17,
  )
  context.font = '11px system-ui, sans-serif'
}

function drawStage(
  context: CanvasRenderingContext2D,
  colours: Colours,
  width: number,
  x: Scale,
  stage: Stage,
  label: string,
  y: number,
): void {
  const from = x(stage.startMs)
  const to = Math.max(from + 2, x(stage.endMs))
  context.fillStyle = stage.name === 'answer' ? colours.model : colours.mark
  context.globalAlpha = 0.85
  context.beginPath()
  context.roundRect(from, y + 5, to - from, ROW - 10, 3)
  context.fill()
  context.globalAlpha = 1
  context.fillStyle = colours.ink
  const caption = `${label} · ${Math.round(stage.endMs - stage.startMs)} ms`
  const room = context.measureText(caption).width + 8
  const right = to + room < width
  const left = from - room > 0
  context.fillStyle = right || left ? colours.ink : colours.ground
  context.fillText(caption, right ? to + 6 : left ? from - room + 2 : from + 6, y + ROW / 2)
}

function vertical(
  context: CanvasRenderingContext2D,
  colour: string,
  x: number,
  height: number,
  dash: readonly number[],
): void {
  context.strokeStyle = colour
  context.lineWidth = 1.5
  context.setLineDash([...dash])
  context.beginPath()
  context.moveTo(x, TOP - 6)
  context.lineTo(x, height)
  context.stroke()
  context.setLineDash([])
}
