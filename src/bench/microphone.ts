/**
 * A simulated microphone: sends 20 ms frames in real time for as long as it is on, silence where nobody speaks. A
 * frame leaves when its last sample would have been recorded, so times of the audio are times of the clock.
 */

import { floatToPcm16 } from '../audio/index.js'
import type { LiveClient } from '../client/index.js'
import { QUESTION_HZ, type Question } from './question.js'

export const FRAME_MS = 20
const FRAME_SAMPLES = (QUESTION_HZ * FRAME_MS) / 1000

export interface Microphone {
  /** Speaks from the next frame on; returns when, on the clock of `now`. One question at a time. */
  say(question: Question): number
  stop(): void
}

/** `now` in ms, monotonic. A late timer is made up for by sending the missed frames at once. */
export function openMicrophone(
  client: Pick<LiveClient, 'sendAudio'>,
  now: () => number,
  /** Adds what else sounds in the room; `startMs`: when the frame's first sample is recorded. */
  mix?: (frame: Float32Array, startMs: number) => void,
): Microphone {
  const startMs = now()
  let sentFrames = 0
  let speaking: Question | undefined
  let spokenSamples = 0
  const sendDue = () => {
    while (startMs + (sentFrames + 1) * FRAME_MS <= now()) {
      const frame = nextFrame()
      mix?.(frame, startMs + sentFrames * FRAME_MS)
      client.sendAudio(floatToPcm16(frame))
      sentFrames++
    }
  }
  const nextFrame = () => {
    const frame = new Float32Array(FRAME_SAMPLES)
    if (speaking === undefined) return frame
    frame.set(speaking.samples.subarray(spokenSamples, spokenSamples + FRAME_SAMPLES))
    spokenSamples += FRAME_SAMPLES
    if (spokenSamples >= speaking.samples.length) speaking = undefined
    return frame
  }
  // Half a frame, so that a frame is never more than 10 ms late.
  const timer = setInterval(sendDue, FRAME_MS / 2)
  return {
    say(question) {
      sendDue()
      speaking = question
      spokenSamples = 0
      return startMs + sentFrames * FRAME_MS
    },
    stop: () => clearInterval(timer),
  }
}
