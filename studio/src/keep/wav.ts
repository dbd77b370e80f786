/** WAV files of 16-bit PCM, mono or stereo, written and read back. Pure. */

const HEADER_BYTES = 44

/** One channel after the other is given, as long as each other or padded with silence. */
export function writeWav(channels: readonly Int16Array[], sampleRateHz: number): Uint8Array<ArrayBuffer> {
  const frames = Math.max(0, ...channels.map(({ length }) => length))
  const bytes = new Uint8Array(HEADER_BYTES + frames * channels.length * 2)
  const view = new DataView(bytes.buffer)
  const tag = (offset: number, text: string) => {
    for (let index = 0; index < 4; index++) bytes[offset + index] = text.charCodeAt(index)
  }
  tag(0, 'RIFF')
  view.setUint32(4, bytes.length - 8, true)
  tag(8, 'WAVE')
  tag(12, 'fmt ')
  view.setUint32(16, 16, true)
  view.setUint16(20, 1, true)
  view.setUint16(22, channels.length, true)
  view.setUint32(24, sampleRateHz, true)
  view.setUint32(28, sampleRateHz * channels.length * 2, true)
  view.setUint16(32, channels.length * 2, true)
  view.setUint16(34, 16, true)
  tag(36, 'data')
  view.setUint32(40, bytes.length - HEADER_BYTES, true)
  for (const [channel, samples] of channels.entries()) {
    for (let frame = 0; frame < samples.length; frame++) {
      view.setInt16(HEADER_BYTES + (frame * channels.length + channel) * 2, samples[frame]!, true)
    }
  }
  return bytes
}

/** The samples of a mono file that `writeWav` wrote. */
export function readMonoWav(bytes: Uint8Array): Int16Array {
  const data = bytes.slice(HEADER_BYTES)
  return new Int16Array(data.buffer, 0, data.length >> 1)
}
