/**
 * The camera, or a screen that the user chooses, as JPEG stills, one a second as the Live API takes them. It knows
 * neither sockets nor the protocol. Browsers only.
 */

import { lendsMedia, type MediaProblem, mediaProblemOf } from './media-problem.js'

export interface Picture {
  readonly bytes: Uint8Array
  readonly mimeType: 'image/jpeg'
  readonly width: number
  readonly height: number
  /** Ms on the clock of `performance.now()`. */
  readonly atMs: number
}

export interface PictureOptions {
  readonly onPicture: (picture: Picture) => void
  /** The browser or the device ended it: sharing was stopped, the camera was pulled out. Not called after `close`. */
  readonly onEnded?: () => void
  /** Default: 1000, the rate that the Live API processes. */
  readonly intervalMs?: number
  /** Longer sides are scaled down to it; default: 768 of the camera, 1280 of the screen, where there is text to read. */
  readonly maxSidePixels?: number
}

export interface CameraOptions extends PictureOptions {
  /** Of `enumerateDevices`; default: what the browser chose. */
  readonly deviceId?: string
  /** Where there is a choice and no `deviceId`; default: what the browser chose. */
  readonly facing?: 'user' | 'environment'
}

export interface PictureSource {
  /** For a preview: `video.srcObject = source.stream`. */
  readonly stream: MediaStream
  /** Of the device, or of what is shared. */
  readonly label: string
  close(): void
}

const SENTENCES = {
  insecure: 'browsers lend it to secure pages only: open the page over https or as localhost',
  refused: 'it was refused: allow it for this page in the browser',
  absent: 'none was found',
  busy: 'it could not be opened: another program may be using it',
} as const

/** Why there are no pictures; `problem` is for programs, the message for people. */
export class CameraError extends Error {
  readonly problem: MediaProblem

  constructor(source: 'camera' | 'screen', problem: MediaProblem, detail = '') {
    super(`${source}: ${SENTENCES[problem]}${detail && ` (${detail})`}`)
    this.name = 'CameraError'
    this.problem = problem
  }
}

const QUALITY = 0.8

/** False where `shareScreen` can only reject, as on phones. */
export const canShareScreen = (): boolean => lendsMedia('getDisplayMedia')

/** Rejects with a `CameraError`. */
export async function openCamera(options: CameraOptions): Promise<PictureSource> {
  const { deviceId, facing, maxSidePixels = 768 } = options
  const ask = (video: MediaTrackConstraints) =>
    navigator.mediaDevices.getUserMedia({ video: { width: { ideal: 1280 }, ...video } })
  const stream = await lend('camera', 'getUserMedia', async () => {
    const chosen = facing === undefined ? {} : { facingMode: facing }
    if (!deviceId) return ask(chosen)
    return ask({ deviceId: { exact: deviceId } }).catch((error: Error) => {
      // A remembered device that is not plugged in today.
      if (error.name === 'OverconstrainedError') return ask(chosen)
      throw error
    })
  })
  return takePictures(stream, { ...options, maxSidePixels })
}

/** The browser asks what to share. Call it from a click. Rejects with a `CameraError`: `refused` where nothing was chosen. */
export async function shareScreen(options: PictureOptions): Promise<PictureSource> {
  const stream = await lend('screen', 'getDisplayMedia', () =>
    navigator.mediaDevices.getDisplayMedia({ video: true, audio: false }),
  )
  return takePictures(stream, { ...options, maxSidePixels: options.maxSidePixels ?? 1280 })
}

async function lend(
  source: 'camera' | 'screen',
  method: 'getUserMedia' | 'getDisplayMedia',
  ask: () => Promise<MediaStream>,
): Promise<MediaStream> {
  if (!lendsMedia(method)) {
    throw new CameraError(source, globalThis.isSecureContext === true ? 'absent' : 'insecure')
  }
  try {
    return await ask()
  } catch (error) {
    const problem = mediaProblemOf(error as Error)
    throw new CameraError(source, problem, problem === 'busy' ? (error as Error).message : '')
  }
}

function takePictures(
  stream: MediaStream,
  options: PictureOptions & { readonly maxSidePixels: number },
): PictureSource {
  const { onPicture, onEnded, intervalMs = 1000, maxSidePixels } = options
  const [track] = stream.getVideoTracks()
  const video = Object.assign(document.createElement('video'), { muted: true, playsInline: true })
  const canvas = document.createElement('canvas')
  let closed = false
  let isEncoding = false
  video.srcObject = stream
  // Rejected only where it is closed before it has begun.
  video.play().catch(() => {})
  video.addEventListener('loadeddata', () => void take(), { once: true })
  const timer = setInterval(() => void take(), intervalMs)
  track?.addEventListener('ended', () => {
    if (closed) return
    close()
    onEnded?.()
  })

  async function take(): Promise<void> {
    const { videoWidth, videoHeight } = video
    if (closed || isEncoding || videoWidth === 0) return
    const atMs = performance.now()
    const scale = Math.min(1, maxSidePixels / Math.max(videoWidth, videoHeight))
    canvas.width = Math.max(1, Math.round(videoWidth * scale))
    canvas.height = Math.max(1, Math.round(videoHeight * scale))
    const { width, height } = canvas
    canvas.getContext('2d')?.drawImage(video, 0, 0, width, height)
    isEncoding = true
    const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/jpeg', QUALITY))
    isEncoding = false
    if (blob === null) return
    const bytes = new Uint8Array(await blob.arrayBuffer())
    if (!closed) onPicture({ bytes, mimeType: 'image/jpeg', width, height, atMs })
  }

  function close(): void {
    closed = true
    clearInterval(timer)
    video.srcObject = null
    for (const each of stream.getTracks()) each.stop()
  }

  return { stream, label: track?.label ?? '', close }
}
