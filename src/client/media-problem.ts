/** Why the browser lends no microphone, camera or screen, read off the errors that it gives. Browsers only. */

export type MediaProblem = 'insecure' | 'refused' | 'absent' | 'busy'

/** Of an error of `getUserMedia` or `getDisplayMedia`. */
export function mediaProblemOf({ name }: Error): MediaProblem {
  if (name === 'NotAllowedError' || name === 'SecurityError') return 'refused'
  return name === 'NotFoundError' ? 'absent' : 'busy'
}

/** Pages that are not secure have no `mediaDevices`; phones have no screen to share. */
export const lendsMedia = (method: 'getUserMedia' | 'getDisplayMedia'): boolean =>
  globalThis.isSecureContext === true && typeof navigator.mediaDevices?.[method] === 'function'
