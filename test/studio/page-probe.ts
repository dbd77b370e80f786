/**
 * Watches a page of the Studio from outside: what its audio threads report, when messages come and go, and how long its
 * main thread is busy. It is put into the page before the page's own code.
 */

export interface Probe {
  /**
   * When each run of sound began and ended: on the clock of the audio device, and when the page was told, which is later
   * by no more than the audio thread's buffer and a message.
   */
  readonly playing: { readonly playing: boolean; readonly atS: number; readonly toldMs: number }[]
  readonly playedS: number
  /** Ms from the first sample of a microphone frame in the audio graph to the frame in the socket. */
  readonly microphoneToSocketMs: number[]
  /** When `interrupted` came, on the page's clock. */
  readonly interruptedMs: number[]
  readonly turnsComplete: number
  /** Of tasks on the main thread above 50 ms, which is what browsers tell of. */
  readonly longTasksMs: number[]
  /** What the browser says that lies between its audio graph and the loudspeaker. */
  readonly outputLatencyMs: number
}

/** For `addInitScript`; `window.probe` is a `Probe`. */
export const PROBE = `
  const probe = (window.probe = {
    playing: [], playedS: 0, microphoneToSocketMs: [], interruptedMs: [], turnsComplete: 0, longTasksMs: [],
    outputLatencyMs: 0,
  })
  let frameMs
  window.AudioWorkletNode = class extends AudioWorkletNode {
    constructor(context, name, options) {
      super(context, name, options)
      this.port.addEventListener('message', ({ data }) => {
        const atMs = performance.now() + (data.at - context.currentTime) * 1000
        if (name === 'vivavoce-microphone') {
          frameMs = atMs - (data.pcm16.byteLength / 2 / 16000) * 1000
          return
        }
        if (data.pcm16) probe.playedS += data.pcm16.byteLength / 2 / 24000
        if (data.playing !== undefined) probe.playing.push({ playing: data.playing, atS: data.at, toldMs: performance.now() })
        probe.outputLatencyMs = (context.outputLatency || context.baseLatency || 0) * 1000
      })
    }
  }
  window.WebSocket = class extends WebSocket {
    constructor(...given) {
      super(...given)
      this.addEventListener('message', ({ data }) => {
        const nowMs = performance.now()
        const text = typeof data === 'string' ? data : new TextDecoder().decode(data)
        if (text.length > 2000) return
        if (text.includes('"interrupted":true')) probe.interruptedMs.push(nowMs)
        if (text.includes('"turnComplete":true')) probe.turnsComplete++
      })
    }
    send(data) {
      super.send(data)
      if (frameMs === undefined || !String(data).startsWith('{"realtimeInput":{"audio":')) return
      probe.microphoneToSocketMs.push(performance.now() - frameMs)
      frameMs = undefined
    }
  }
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) probe.longTasksMs.push(duration)
  }).observe({ type: 'longtask' })
`
