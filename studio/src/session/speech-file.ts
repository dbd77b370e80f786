/** An audio file as the server takes speech, by the browser's own decoder and resampler. */

/** 16 kHz mono. Rejects where the browser cannot decode the file. */
export async function decodeSpeech(file: File): Promise<Int16Array> {
  const context = new OfflineAudioContext(1, 1, 16_000)
  const audio = await context.decodeAudioData(await file.arrayBuffer())
  const samples = new Int16Array(audio.length)
  const channels = Array.from({ length: audio.numberOfChannels }, (_, index) => audio.getChannelData(index))
  for (let index = 0; index < samples.length; index++) {
    let sum = 0
    for (const channel of channels) sum += channel[index]!
    samples[index] = Math.max(-1, Math.min(1, sum / channels.length)) * 32_767
  }
  return samples
}
