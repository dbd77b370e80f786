/**
 * A canvas that is as sharp as the screen and as large as its box, drawn at most once a frame. `draw` reads what it
 * needs outside React; with `animate` it is called in each step of time, else when something it depends on has changed.
 */

import { type RefObject, useEffect, useRef } from 'react'

export type Draw = (
  context: CanvasRenderingContext2D,
  size: { readonly width: number; readonly height: number },
  colours: Colours,
) => void

const NAMES = ['ink', 'quiet', 'faint', 'line', 'ground', 'you', 'model', 'live', 'mark'] as const
export type Colours = Readonly<Record<(typeof NAMES)[number], string>>

/**
 * Of an animation: 25 a second are enough for what moves here, and leave the main thread to the audio. The steps are
 * those of the clock, so that what is drawn by it moves evenly.
 */
export const STEP_MS = 40

export function useCanvas(draw: Draw, animate: boolean): RefObject<HTMLCanvasElement | null> {
  const reference = useRef<HTMLCanvasElement>(null)
  const latest = useRef(draw)
  latest.current = draw
  const again = useRef(() => {})

  useEffect(() => {
    const canvas = reference.current
    const context = canvas?.getContext('2d')
    if (!canvas || !context) return
    let frame = 0
    let colours = coloursOf(canvas)
    const paint = () => {
      const ratio = devicePixelRatio || 1
      const { clientWidth: width, clientHeight: height } = canvas
      if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
        canvas.width = Math.round(width * ratio)
        canvas.height = Math.round(height * ratio)
      }
      context.setTransform(ratio, 0, 0, ratio, 0, 0)
      context.clearRect(0, 0, width, height)
      latest.current(context, { width, height }, colours)
      if (animate) follow(stepNow())
    }
    const stepNow = () => Math.floor(performance.now() / STEP_MS)
    const follow = (painted: number) => {
      frame = requestAnimationFrame(() => (stepNow() === painted ? follow(painted) : paint()))
    }
    const repaint = () => {
      colours = coloursOf(canvas)
      cancelAnimationFrame(frame)
      frame = requestAnimationFrame(paint)
    }
    const resized = new ResizeObserver(repaint)
    resized.observe(canvas)
    const themed = new MutationObserver(repaint)
    themed.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] })
    const scheme = matchMedia('(prefers-color-scheme: dark)')
    scheme.addEventListener('change', repaint)
    again.current = animate ? () => {} : repaint
    repaint()
    return () => {
      cancelAnimationFrame(frame)
      resized.disconnect()
      themed.disconnect()
      scheme.removeEventListener('change', repaint)
    }
  }, [animate])

  // Without animation every rendering is a reason to paint.
  useEffect(() => again.current())

  return reference
}

function coloursOf(canvas: HTMLCanvasElement): Colours {
  const style = getComputedStyle(canvas)
  return Object.fromEntries(NAMES.map((name) => [name, style.getPropertyValue(`--${name}`)])) as Colours
}
