/**
 * A client of the Live API for browsers and Node, on the protocol alone: `connectLive` for one connection,
 * `connectResuming` for a session that outlives connections, `talk` for a spoken conversation in a browser, and
 * `openCamera` and `shareScreen` for what is to be seen in it.
 */

export type { AudioFrame } from './audio-context.js'
export { base64ToBytes, bytesToBase64 } from './base64.js'
export {
  CameraError,
  type CameraOptions,
  canShareScreen,
  openCamera,
  type Picture,
  type PictureOptions,
  type PictureSource,
  shareScreen,
} from './camera.js'
export { type LiveConfig, liveUrl } from './config.js'
export {
  type ConnectOptions,
  type ContentTurn,
  connectLive,
  type FunctionResponse,
  type LiveClient,
  type LiveClose,
  type WireDirection,
} from './live-client.js'
export type { MediaProblem } from './media-problem.js'
export { audioOf, textOf } from './message-parts.js'
export {
  INPUT_SAMPLE_RATE_HZ,
  type Microphone,
  MicrophoneError,
  type MicrophoneOptions,
  openMicrophone,
} from './microphone.js'
export { type ConnectionEvent, connectResuming, type ResumingOptions } from './resuming-client.js'
export type { LiveSocket, LiveSocketConstructor } from './socket.js'
export { OUTPUT_SAMPLE_RATE_HZ, openSpeaker, type Speaker, type SpeakerOptions } from './speaker.js'
export { type Talk, type TalkOptions, talk } from './talk.js'
