/**
 * Watches a page of the Studio from outside: what its audio threads report, when messages come and go, and how long its
 * main thread is busy. It is put into the page before the page's own code.
 */

export interface Probe {
  /**
   * When each run of sound began and ended: on the clock of the audio device, when that moment leaves the device, and how
   * many samples had been played by then. Times are ms on the page's clock.
   */
  readonly playing: {
    readonly playing: boolean
    readonly atS: number
    readonly leavesMs: number
    readonly playedSamples: number
  }[]
  readonly playedSamples: number
  /** What came over the wire and what the audio thread played, 24 kHz: `receivedPcm()` and `playedPcm()` in the page. */
  readonly receivedChunks: number
  /** Of microphone frames, by their order: those that the audio thread made, and the one that each audio message carried. */
  readonly captured: number
  readonly sent: readonly number[]
  /** Ms from the first sample of a microphone frame in the audio graph to the frame in the socket. */
  readonly microphoneToSocketMs: number[]
  /** When `interrupted` came, on the page's clock, and how many pieces of sound had come before it. */
  readonly interrupted: { readonly atMs: number; readonly receivedChunks: number }[]
  readonly turnsComplete: number
  /** Of tasks on the main thread above 50 ms, which is what browsers tell of. */
  readonly longTasksMs: number[]
  /** What the browser says that lies between its audio graph and the loudspeaker. */
  readonly outputLatencyMs: number
}

/** For `addInitScript`; `window.probe` is a `Probe`. */
export const PROBE = `
  const probe = (window.probe = {
    playing: [], playedSamples: 0, captured: 0, sent: [], microphoneToSocketMs: [], interrupted: [], turnsComplete: 0,
    longTasksMs: [], outputLatencyMs: 0, receivedChunks: 0,
  })
  const received = []
  const played = []
  const joined = (parts) => {
    const whole = new Int16Array(parts.reduce((sum, { length }) => sum + length, 0))
    let at = 0
    for (const part of parts) {
      whole.set(part, at)
      at += part.length
    }
    return whole
  }
  window.receivedPcm = (from, to) =>
    joined(received.slice(from, to).map((data) => new Int16Array(Uint8Array.from(atob(data), (c) => c.charCodeAt(0)).buffer)))
  window.playedPcm = () => joined(played)
  let frameMs
  window.AudioWorkletNode = class extends AudioWorkletNode {
    constructor(context, name, options) {
      super(context, name, options)
      this.port.addEventListener('message', ({ data }) => {
        if (name === 'vivavoce-microphone') {
          const atMs = performance.now() + (data.at - context.currentTime) * 1000
          frameMs = atMs - (data.pcm16.byteLength / 2 / 16000) * 1000
          probe.captured++
          return
        }
        if (data.pcm16) {
          played.push(new Int16Array(data.pcm16.slice(0)))
          probe.playedSamples += data.pcm16.byteLength / 2
        }
        if (data.playing === undefined) return
        probe.outputLatencyMs = (context.outputLatency || context.baseLatency || 0) * 1000
        const { contextTime, performanceTime } = context.getOutputTimestamp()
        probe.playing.push({
          playing: data.playing, atS: data.at, playedSamples: probe.playedSamples,
          leavesMs: performanceTime + (data.at - contextTime) * 1000,
        })
      })
    }
  }
  window.WebSocket = class extends WebSocket {
    constructor(...given) {
      super(...given)
      this.addEventListener('message', ({ data }) => {
        const nowMs = performance.now()
        const text = typeof data === 'string' ? data : new TextDecoder().decode(data)
        const sound = /"mimeType":"audio\\/pcm[^}]*?"data":"([^"]*)"|"data":"([^"]*)","mimeType":"audio\\/pcm/.exec(text)
        if (sound) {
          received.push(sound[1] ?? sound[2])
          probe.receivedChunks++
          return
        }
        if (text.includes('"interrupted":true')) {
          probe.interrupted.push({ atMs: nowMs, receivedChunks: received.length })
        }
        if (text.includes('"turnComplete":true')) probe.turnsComplete++
      })
    }
    send(data) {
      super.send(data)
      if (frameMs === undefined || !String(data).startsWith('{"realtimeInput":{"audio":')) return
      probe.sent.push(probe.captured)
      probe.microphoneToSocketMs.push(performance.now() - frameMs)
      frameMs = undefined
    }
  }
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) probe.longTasksMs.push(duration)
  }).observe({ type: 'longtask' })
`
