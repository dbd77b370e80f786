/**
 * Draws one turn: both voices on one axis, marks of activity, the wait as a bracket, and a bar for each stage. Pure but
 * for the canvas.
 */

import type { Colours } from '../parts/use-canvas'
import { SLOT_MS, type Timeline, type Turn, voiceToVoiceMs } from '../session/timeline'
import type { Mark, Span, Stage } from './stages'

export interface TurnDrawing {
  readonly turn: Turn
  readonly stages: readonly Stage[]
  readonly marks: readonly Mark[]
  readonly labels: Readonly<Record<string, string>>
  /** Numbers are written in it. */
  readonly language: string
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
  const spans = stages.flatMap((stage) => stage.spans)
  const lastMs = Math.max(turn.endMs ?? nowMs, ...spans.map(({ endMs }) => endMs), turn.heardMs ?? 0)
  const toMs = Math.max(lastMs + MARGIN_MS, fromMs + 1500)
  const x: Scale = (ms) => ((ms - fromMs) / (toMs - fromMs)) * width
  context.font = '11px system-ui, sans-serif'
  context.textBaseline = 'middle'

  drawSpeech(context, timeline, colours, x, fromMs, toMs)
  drawWaves(context, timeline, colours, width, fromMs, toMs)
  drawAxis(context, colours, width, height, x, fromMs, toMs, turn.startMs, drawing.language)
  drawWait(context, colours, x, turn, drawing.waitLabel)
  for (const mark of drawing.marks) drawMark(context, colours, x(mark.atMs), mark)
  for (const [index, stage] of stages.entries()) {
    const label = drawing.labels[stage.name] ?? stage.name
    drawStage(context, colours, width, x, stage, label, TOP + WAVE + AXIS + index * ROW)
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
  language: string,
): void {
  const wanted = (toMs - fromMs) / Math.max(3, width / 80)
  const step = [100, 200, 500, 1000, 2000, 5000, 10_000, 30_000].find((ms) => ms >= wanted) ?? 60_000
  const y = TOP + WAVE + AXIS / 2
  for (let ms = Math.ceil((fromMs - zeroMs) / step) * step; zeroMs + ms <= toMs; ms += step) {
    const at = x(zeroMs + ms)
    context.fillStyle = colours.line
    context.fillRect(Math.round(at), TOP, 1, height - TOP)
    // Not −0.
    const seconds = ((ms || 0) / 1000).toLocaleString(language, {
      minimumFractionDigits: step < 1000 ? 1 : 0,
    })
    const label = `${seconds} s`
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

/** At the foot of the waves: an open triangle may be the end, a full one is. */
function drawMark(context: CanvasRenderingContext2D, colours: Colours, x: number, { name }: Mark): void {
  const y = TOP + WAVE - 9
  context.beginPath()
  context.moveTo(x - 4, y + 8)
  context.lineTo(x, y)
  context.lineTo(x + 4, y + 8)
  context.closePath()
  context.lineWidth = 1.25
  const colour = name === 'softEnd' ? colours.quiet : name === 'turnDecided' ? colours.mark : colours.live
  context.strokeStyle = colour
  context.fillStyle = colour
  if (name !== 'softEnd' && name !== 'paused') context.fill()
  context.stroke()
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
  for (const span of stage.spans) drawSpan(context, colours[stage.colour], x, span, y)
  const last = stage.spans.findLast(({ dropped }) => !dropped) ?? stage.spans.at(-1)!
  const full = `${label} · ${Math.round(last.endMs - last.startMs)} ms`
  const from = x(Math.min(...stage.spans.map(({ startMs }) => startMs)))
  const to = Math.max(from + 2, x(Math.max(...stage.spans.map(({ endMs }) => endMs))))
  const lastFrom = x(last.startMs)
  const before = x(
    Math.max(...stage.spans.filter((span) => span.endMs <= last.startMs).map(({ endMs }) => endMs)),
  )
  // Behind the bars, between the last two, before them; without its figure, which the table has, where there is no room.
  const free = [full, label].flatMap((caption) => {
    const room = context.measureText(caption).width + 8
    if (to + room < width) return { caption, room, at: to + 6 }
    if (lastFrom - room > Math.max(0, before)) return { caption, room, at: lastFrom - room + 2 }
    return from - room > 0 ? { caption, room, at: from - room + 2 } : []
  })
  const room = context.measureText(label).width + 8
  const { caption, at, ...taken } = free[0] ?? { caption: label, room, at: Math.max(0, width - room) }
  // Between the lines of the axis, on a ground of its own.
  context.fillStyle = colours.ground
  context.globalAlpha = 0.8
  context.fillRect(at - 2, y + 3, taken.room - 4, ROW - 6)
  context.globalAlpha = 1
  context.fillStyle = colours.ink
  context.fillText(caption, at, y + ROW / 2)
}

function drawSpan(context: CanvasRenderingContext2D, colour: string, x: Scale, span: Span, y: number): void {
  const from = x(span.startMs)
  const length = Math.max(2, x(span.endMs) - from)
  context.beginPath()
  context.roundRect(from, y + 6, length, ROW - 12, Math.min(3, length / 2))
  if (span.dropped) {
    context.strokeStyle = colour
    context.lineWidth = 1.25
    context.setLineDash([3, 2])
    context.stroke()
    context.setLineDash([])
    return
  }
  context.fillStyle = colour
  context.globalAlpha = 0.85
  context.fill()
  context.globalAlpha = 1
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
