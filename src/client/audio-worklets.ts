/**
 * The two audio threads of a conversation in a browser. `vivavoce-microphone` turns whatever rate the device has into
 * 16 kHz PCM16 in frames of 20 ms; `vivavoce-speaker` plays PCM16 at the context's rate behind a small jitter buffer,
 * forgets what is queued at once on `clear`, and reports what was really played. It imports nothing, so that browsers
 * can load it as it is.
 */

declare const sampleRate: number
declare const currentTime: number
declare function registerProcessor(name: string, processor: new () => AudioWorkletProcessor): void
declare class AudioWorkletProcessor {
  readonly port: MessagePort
}

const INPUT_HZ = 16_000
const INPUT_FRAME_SAMPLES = 320
/** Zero crossings of the low-pass kernel on each side, and how finely the kernel is tabulated between them. */
const LOBES = 16
const STEPS = 256

/** A Hann-windowed sinc, tabulated from its centre outwards. */
function lowPassTable(): Float32Array {
  const table = new Float32Array(LOBES * STEPS + 2)
  for (let index = 0; index <= LOBES * STEPS; index++) {
    const x = index / STEPS
    const sinc = x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x)
    table[index] = sinc * (0.5 + 0.5 * Math.cos((Math.PI * x) / LOBES))
  }
  return table
}

class Microphone extends AudioWorkletProcessor {
  /** Input samples per output sample; the kernel is stretched by it when the rate goes down. */
  private readonly ratio = sampleRate / INPUT_HZ
  private readonly scale = Math.min(1, 1 / this.ratio)
  private readonly reach = Math.ceil(LOBES / this.scale)
  private readonly table = lowPassTable()
  private pending = new Float32Array(this.reach)
  private position = this.reach
  private frame = new Int16Array(INPUT_FRAME_SAMPLES)
  private filled = 0

  process(inputs: Float32Array[][]): boolean {
    const channels = inputs[0] ?? []
    const first = channels[0]
    if (first === undefined) return true
    const samples = new Float32Array(this.pending.length + first.length)
    samples.set(this.pending)
    for (const channel of channels) {
      for (let index = 0; index < first.length; index++) {
        samples[this.pending.length + index]! += channel[index]! / channels.length
      }
    }
    while (this.position + this.reach < samples.length) {
      this.push(this.valueAt(samples, this.position))
      this.position += this.ratio
    }
    const used = Math.max(0, Math.floor(this.position) - this.reach)
    this.pending = samples.slice(used)
    this.position -= used
    return true
  }

  private valueAt(samples: Float32Array, position: number): number {
    let sum = 0
    const last = Math.floor(position) + this.reach
    for (let index = Math.max(0, Math.ceil(position) - this.reach); index <= last; index++) {
      const distance = Math.round(Math.abs(index - position) * this.scale * STEPS)
      if (distance <= LOBES * STEPS) sum += samples[index]! * this.table[distance]!
    }
    return sum * this.scale
  }

  private push(value: number): void {
    this.frame[this.filled++] = Math.round(Math.max(-1, Math.min(1, value)) * 32_767)
    if (this.filled < INPUT_FRAME_SAMPLES) return
    this.port.postMessage({ pcm16: this.frame.buffer, at: currentTime }, [this.frame.buffer])
    this.frame = new Int16Array(INPUT_FRAME_SAMPLES)
    this.filled = 0
  }
}

/** Sound starts when so much is queued, or after waiting so long where the answer is shorter. */
const PREBUFFER_S = 0.06
/** Played frames are reported in pieces of this length. */
const OUTPUT_FRAME_S = 0.02
/** An abrupt end would click. */
const FADE_SAMPLES = Math.round(0.003 * sampleRate)

class Speaker extends AudioWorkletProcessor {
  private queue: Int16Array[] = []
  private offset = 0
  private queued = 0
  private waitedSince: number | undefined
  private playing = false
  private last = 0
  private fade = 0
  private frame = new Int16Array(Math.round(OUTPUT_FRAME_S * sampleRate))
  private filled = 0
  private frameAt = 0

  constructor() {
    super()
    this.port.onmessage = ({ data }: MessageEvent<'clear' | ArrayBuffer>) => {
      if (data === 'clear') this.clear()
      else this.add(new Int16Array(data))
    }
  }

  private add(samples: Int16Array): void {
    if (samples.length === 0) return
    if (this.queued === 0) this.waitedSince = currentTime
    this.queue.push(samples)
    this.queued += samples.length
  }

  private clear(): void {
    this.queue = []
    this.offset = 0
    this.queued = 0
    this.fade = this.playing ? FADE_SAMPLES : 0
  }

  process(_inputs: Float32Array[][], outputs: Float32Array[][]): boolean {
    const output = outputs[0]?.[0]
    if (output === undefined) return true
    const waitedS = currentTime - (this.waitedSince ?? currentTime)
    const ready = this.playing || this.queued >= PREBUFFER_S * sampleRate || waitedS >= PREBUFFER_S
    const written = ready ? this.fill(output) : 0
    for (let index = written; index < output.length && this.fade > 0; index++) {
      output[index] = (this.last * --this.fade) / FADE_SAMPLES
    }
    if (written > 0) this.report(output.subarray(0, written))
    if (written > 0 !== this.playing) {
      this.playing = written > 0
      this.flush()
      this.port.postMessage({ playing: this.playing, at: currentTime })
    }
    return true
  }

  private fill(output: Float32Array): number {
    let written = 0
    for (let chunk = this.queue[0]; chunk !== undefined && written < output.length; chunk = this.queue[0]) {
      while (written < output.length && this.offset < chunk.length) {
        output[written++] = chunk[this.offset++]! / 32_768
      }
      if (this.offset < chunk.length) break
      this.queue.shift()
      this.offset = 0
    }
    this.queued -= written
    if (written > 0) this.last = output[written - 1]!
    return written
  }

  private report(samples: Float32Array): void {
    for (let index = 0; index < samples.length; index++) {
      if (this.filled === 0) this.frameAt = currentTime + index / sampleRate
      this.frame[this.filled++] = Math.round(samples[index]! * 32_768)
      if (this.filled === this.frame.length) this.flush()
    }
  }

  private flush(): void {
    if (this.filled === 0) return
    const pcm16 = this.frame.slice(0, this.filled).buffer
    this.port.postMessage({ pcm16, at: this.frameAt }, [pcm16])
    this.filled = 0
  }
}

registerProcessor('vivavoce-microphone', Microphone)
registerProcessor('vivavoce-speaker', Speaker)
