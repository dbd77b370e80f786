/**
 * What microphone and speaker share: an audio context with the worklets loaded, which wakes up again after the tab
 * slept, and the step from its clock to that of the page. Browsers only.
 */

/** PCM16 mono of one side of the conversation, at its own rate. */
export interface AudioFrame {
  readonly pcm16: Int16Array
  /** When its first sample was heard or played, ms on the clock of `performance.now()`. */
  readonly atMs: number
}

export interface OpenContext {
  readonly context: AudioContext
  /** Page time of a moment on the context's clock, in seconds. */
  pageTimeMs(contextTimeS: number): number
  close(): void
}

/** Throws where the page has no audio worklets: it isn't secure, or the browser is too old. */
export async function openContext(options: AudioContextOptions): Promise<OpenContext> {
  const context = new AudioContext({ latencyHint: 'interactive', ...options })
  // Tabs that were hidden or a call on the phone suspend it.
  const wake = () => {
    if (context.state !== 'closed' && document.visibilityState === 'visible') void context.resume()
  }
  document.addEventListener('visibilitychange', wake)
  context.addEventListener('statechange', wake)
  const close = () => {
    document.removeEventListener('visibilitychange', wake)
    context.removeEventListener('statechange', wake)
    if (context.state !== 'closed') void context.close()
  }
  try {
    // Without a gesture of the user this would wait for one for ever: it goes on in the background.
    void context.resume()
    await context.audioWorklet.addModule(new URL('./audio-worklets.js', import.meta.url))
  } catch (error) {
    close()
    throw error
  }
  return {
    context,
    pageTimeMs: (contextTimeS) => performance.now() + (contextTimeS - context.currentTime) * 1000,
    close,
  }
}
