/**
 * The microphone as frames of 20 ms at 16 kHz, with the browser's echo cancellation on. A device that goes away is
 * replaced by the default one. It knows neither sockets nor the protocol. Browsers only.
 */

import { type AudioFrame, type OpenContext, openContext } from './audio-context.js'
import { lendsMedia, type MediaProblem, mediaProblemOf } from './media-problem.js'

export interface MicrophoneOptions {
  /** Of `enumerateDevices`; default: what the browser chose. */
  readonly deviceId?: string
  readonly echoCancellation?: boolean
  readonly noiseSuppression?: boolean
  readonly autoGainControl?: boolean
  readonly onFrame: (frame: AudioFrame) => void
  /** Another device is used now, or none could be opened in the place of the one that went. */
  readonly onDeviceChange?: (
    change: { readonly label: string } | { readonly problem: MicrophoneError },
  ) => void
}

export interface Microphone {
  /** Of the device in use. */
  readonly label: string
  close(): void
}

export const INPUT_SAMPLE_RATE_HZ = 16_000

/** Why there is no microphone; `problem` is for programs, the message for people. */
export class MicrophoneError extends Error {
  readonly problem: MediaProblem

  constructor(problem: MediaProblem, detail = '') {
    super(`${SENTENCES[problem]}${detail && ` (${detail})`}`)
    this.name = 'MicrophoneError'
    this.problem = problem
  }
}

const SENTENCES: Readonly<Record<MediaProblem, string>> = {
  insecure: 'browsers lend the microphone to secure pages only: open the page over https or as localhost',
  refused: 'the microphone was refused: allow it for this page in the browser',
  absent: 'no microphone was found: connect one',
  busy: 'the microphone could not be opened: another program may be using it',
}

/** Rejects with a `MicrophoneError`. Call it from a click: some browsers keep audio asleep until one. */
export async function openMicrophone(options: MicrophoneOptions): Promise<Microphone> {
  if (!lendsMedia('getUserMedia')) throw new MicrophoneError('insecure')
  let stream = await request(options, options.deviceId)
  let closed = false
  let opened: OpenContext | undefined
  let source: MediaStreamAudioSourceNode | undefined
  try {
    opened = await openContext({})
  } catch (error) {
    stop(stream)
    throw error
  }
  const { context, pageTimeMs } = opened
  const node = new AudioWorkletNode(context, 'vivavoce-microphone', { numberOfOutputs: 0 })
  node.port.onmessage = ({ data }: MessageEvent<{ pcm16: ArrayBuffer; at: number }>) => {
    if (closed) return
    const pcm16 = new Int16Array(data.pcm16)
    const lengthMs = (pcm16.length / INPUT_SAMPLE_RATE_HZ) * 1000
    options.onFrame({ pcm16, atMs: pageTimeMs(data.at) - lengthMs })
  }
  connect()

  function connect(): void {
    source?.disconnect()
    source = context.createMediaStreamSource(stream)
    source.connect(node)
    stream.getAudioTracks()[0]?.addEventListener('ended', () => void replace(), { once: true })
  }

  async function replace(): Promise<void> {
    if (closed) return
    try {
      const next = await request(options, undefined)
      if (closed) return stop(next)
      stream = next
      connect()
      options.onDeviceChange?.({ label: labelOf(stream) })
    } catch (error) {
      options.onDeviceChange?.({ problem: error as MicrophoneError })
    }
  }

  return {
    get label() {
      return labelOf(stream)
    },
    close() {
      closed = true
      source?.disconnect()
      stop(stream)
      opened?.close()
    },
  }
}

async function request(options: MicrophoneOptions, deviceId: string | undefined): Promise<MediaStream> {
  const { echoCancellation = true, noiseSuppression = true, autoGainControl = true } = options
  const audio = {
    channelCount: 1,
    echoCancellation,
    noiseSuppression,
    autoGainControl,
    ...(deviceId && { deviceId: { exact: deviceId } }),
  }
  try {
    return await navigator.mediaDevices.getUserMedia({ audio })
  } catch (error) {
    const { name, message } = error as Error
    // A remembered device that is not plugged in today.
    if (name === 'OverconstrainedError' && deviceId) return request(options, undefined)
    const problem = mediaProblemOf(error as Error)
    throw new MicrophoneError(problem, problem === 'busy' ? message : '')
  }
}

const labelOf = (stream: MediaStream) => stream.getAudioTracks()[0]?.label ?? ''

function stop(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop()
}
