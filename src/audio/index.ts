/** Mono PCM audio as float samples in ±1: rates, 16-bit coding, WAV files, levels, framing, look-back. Pure. */
export { createFramer, type Framer } from './framer.js'
export { joinSamples } from './join-samples.js'
export { firstAudibleSample, fromDbfs, lastAudibleSample, peak, rms, toDbfs } from './level.js'
export { type ByteAligner, createByteAligner, floatToPcm16, pcm16ToFloat } from './pcm16.js'
export { createResampler, type Resampler, resample } from './resampler.js'
export { createSampleQueue, type SampleQueue } from './sample-queue.js'
export { MANNER_HZ, NO_VOICE, type VoiceManner, voiceManner } from './voice-manner.js'
export { readWav, type WavAudio, writeWav } from './wav.js'
