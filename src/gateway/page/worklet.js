/**
 * The two audio threads of the Talk page. `microphone` turns whatever rate the device has into 16 kHz PCM16 in
 * frames of 32 ms; `speaker` plays queued 24 kHz samples and forgets them at once on `clear`. Neither knows of
 * sockets or of the protocol.
 */
const INPUT_HZ = 16000
const FRAME_SAMPLES = 512
/** Zero crossings of the low-pass kernel on each side, and how finely the kernel is tabulated between them. */
const LOBES = 16
const STEPS = 256

/** A Hann-windowed sinc, tabulated from its centre outwards. */
function lowPassTable() {
  const table = new Float32Array(LOBES * STEPS + 2)
  for (let index = 0; index <= LOBES * STEPS; index++) {
    const x = index / STEPS
    const sinc = x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x)
    table[index] = sinc * (0.5 + 0.5 * Math.cos((Math.PI * x) / LOBES))
  }
  return table
}

class Microphone extends AudioWorkletProcessor {
  constructor() {
    super()
    /** Input samples per output sample; the kernel is stretched by it when the rate goes down. */
    this.ratio = sampleRate / INPUT_HZ
    this.scale = Math.min(1, 1 / this.ratio)
    this.reach = Math.ceil(LOBES / this.scale)
    this.table = lowPassTable()
    this.pending = new Float32Array(this.reach)
    this.position = this.reach
    this.frame = new Int16Array(FRAME_SAMPLES)
    this.filled = 0
    this.energy = 0
  }

  process(inputs) {
    const channels = inputs[0]
    if (channels.length === 0) return true
    const block = new Float32Array(channels[0].length)
    for (const channel of channels) {
      for (let index = 0; index < block.length; index++) block[index] += channel[index] / channels.length
    }
    const samples = new Float32Array(this.pending.length + block.length)
    samples.set(this.pending)
    samples.set(block, this.pending.length)
    while (this.position + this.reach < samples.length) {
      this.push(this.valueAt(samples, this.position))
      this.position += this.ratio
    }
    const used = Math.max(0, Math.floor(this.position) - this.reach)
    this.pending = samples.slice(used)
    this.position -= used
    return true
  }

  valueAt(samples, position) {
    let sum = 0
    const last = Math.floor(position) + this.reach
    for (let index = Math.max(0, Math.ceil(position) - this.reach); index <= last; index++) {
      const distance = Math.round(Math.abs(index - position) * this.scale * STEPS)
      if (distance <= LOBES * STEPS) sum += samples[index] * this.table[distance]
    }
    return sum * this.scale
  }

  push(value) {
    const limited = Math.max(-1, Math.min(1, value))
    this.energy += limited * limited
    this.frame[this.filled++] = Math.round(limited * 32767)
    if (this.filled < FRAME_SAMPLES) return
    const level = Math.sqrt(this.energy / FRAME_SAMPLES)
    this.port.postMessage({ pcm: this.frame.buffer, level }, [this.frame.buffer])
    this.frame = new Int16Array(FRAME_SAMPLES)
    this.filled = 0
    this.energy = 0
  }
}

class Speaker extends AudioWorkletProcessor {
  constructor() {
    super()
    this.queue = []
    this.offset = 0
    this.playing = false
    this.port.onmessage = ({ data }) => {
      if (data === 'clear') {
        this.queue = []
        this.offset = 0
      } else this.queue.push(new Int16Array(data))
    }
  }

  process(_inputs, outputs) {
    const output = outputs[0][0]
    let written = 0
    while (written < output.length && this.queue.length > 0) {
      const chunk = this.queue[0]
      while (written < output.length && this.offset < chunk.length)
        output[written++] = chunk[this.offset++] / 32768
      if (this.offset < chunk.length) break
      this.queue.shift()
      this.offset = 0
    }
    const playing = written > 0
    if (playing !== this.playing) this.port.postMessage({ playing })
    this.playing = playing
    return true
  }
}

registerProcessor('microphone', Microphone)
registerProcessor('speaker', Speaker)
