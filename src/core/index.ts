/** The session core: pure decisions about turns, answers and ends. */

export { OTHER_VOICE_SEMITONES } from './address-cues.js'
export {
  ADDRESS_ANSWERS,
  addressPrompt,
  amongPrompt,
  exchangePrompt,
  wishPrompt,
} from './address-question.js'
export { completeness } from './completeness.js'
export {
  ANSWER_OWED_MS,
  BURST_END_MS,
  type FloorDefaults,
  type FloorRequest,
  type FloorSettings,
  floorSettings,
  LIVE_END_MS,
  LONGEST_ECHO_MS,
  PRE_ROLL_MS,
  type ProactiveConfig,
  type SessionConfig,
  type VisionConfig,
} from './config.js'
export { type ContextWindow, contextWindow, textTokens } from './context-window.js'
export type { Effect, PromptMessage, SessionPrompt, Standing } from './effects.js'
export { type Endpointing, silenceNeededMs } from './endpointing.js'
export type {
  ActivityId,
  PictureId,
  PictureSource,
  ResponseId,
  SessionEvent,
  SessionTurn,
  TimerName,
} from './events.js'
export { sayingsIn, signsIn } from './sayings.js'
export { openSession, reduce } from './session.js'
export type { Session } from './session-state.js'
export { TEXT_HEADING } from './shown-lines.js'
export { resumeSnapshot, type Snapshot } from './snapshot.js'
export {
  answeringManner,
  type Manner,
  NEW_SPEAKER,
  readTone,
  type SpeakerManner,
  type SpeakingManner,
  TONE_STYLE,
  type Tone,
  toneNote,
  withManner,
} from './tone.js'
export { awaitsSight, FRAME_NOTE, isSpeaking } from './view.js'
export { voiceWeight } from './voices.js'
