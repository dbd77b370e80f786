/** Saves, exports and opens: between the session, the instruments and files. Loaded when first needed. */

import { recorder, timeline, wire } from '../session/instruments'
import { useSession } from '../session/session-store'
import { useReplay } from './replay-store'
import { packSession, type Sound, unpackSession } from './session-file'
import { asJson, asSrt, asText, spokenOf } from './transcript'
import { writeWav } from './wav'

type Names = Readonly<Record<'user' | 'model', string>>

let replayed: Sound | undefined

export function saveSession(): void {
  const { conversation, meters, sessionId, startedMs = 0, endedMs, inForce } = useSession.getState()
  const originMs = timeline.originMs
  const bytes = packSession({
    setup: inForce,
    sessionId,
    durationMs: (endedMs ?? performance.now()) - startedMs,
    conversation: {
      ...conversation,
      entries: conversation.entries.map((entry) => ({ ...entry, atMs: entry.atMs - originMs })),
    },
    meters,
    timeline: timeline.save(),
    wire: wire.entries.map((entry) => ({
      ...entry,
      atMs: entry.atMs - originMs,
      lastMs: entry.lastMs - originMs,
    })),
    sound: soundOf(),
  })
  download(bytes, 'zip', 'application/zip')
}

/** Throws where the file is none of ours. */
export async function openSession(file: File): Promise<void> {
  const saved = unpackSession(new Uint8Array(await file.arrayBuffer()))
  await useSession.getState().stop()
  wire.load(saved.wire)
  timeline.load(saved.timeline)
  replayed = saved.sound
  useSession.setState({
    status: 'ended',
    conversation: saved.conversation,
    meters: saved.meters,
    sessionId: saved.sessionId,
    startedMs: 0,
    endedMs: saved.durationMs,
    inForce: saved.setup,
    problem: undefined,
  })
  useReplay.getState().open(file.name, saved.durationMs, saved.sound)
}

export function exportTranscript(kind: 'txt' | 'srt' | 'json', names: Names): void {
  const { conversation } = useSession.getState()
  const spoken = spokenOf(conversation.entries, timeline.originMs)
  const text = kind === 'txt' ? asText(spoken, names) : kind === 'srt' ? asSrt(spoken, names) : asJson(spoken)
  download(new TextEncoder().encode(text), kind, kind === 'json' ? 'application/json' : 'text/plain')
}

/** The user left, the model right; false where no sound was recorded. */
export async function exportSound(): Promise<boolean> {
  const sound = soundOf()
  if (sound === undefined) return false
  const input = await resample(sound.input, 16_000, 24_000)
  download(writeWav([input, sound.output], 24_000), 'wav', 'audio/wav')
  return true
}

function soundOf(): Sound | undefined {
  if (useReplay.getState().name !== undefined) return replayed
  return recorder.hasSound ? recorder.laidOut(timeline.originMs) : undefined
}

/** By the browser's own resampler. */
async function resample(samples: Int16Array, fromHz: number, toHz: number): Promise<Int16Array> {
  const length = Math.ceil((samples.length / fromHz) * toHz)
  if (length === 0) return new Int16Array(0)
  const context = new OfflineAudioContext(1, length, toHz)
  const buffer = context.createBuffer(1, samples.length, fromHz)
  const channel = buffer.getChannelData(0)
  for (let index = 0; index < samples.length; index++) channel[index] = samples[index]! / 32_768
  const source = new AudioBufferSourceNode(context, { buffer })
  source.connect(context.destination)
  source.start()
  const rendered = (await context.startRendering()).getChannelData(0)
  return Int16Array.from(rendered, (value) => Math.max(-1, Math.min(1, value)) * 32_767)
}

function download(bytes: Uint8Array<ArrayBuffer>, extension: string, type: string): void {
  const stamp = new Date().toISOString().slice(0, 19).replace(/[:T]/g, '-')
  const url = URL.createObjectURL(new Blob([bytes], { type }))
  const link = Object.assign(document.createElement('a'), {
    href: url,
    download: `viva-voce-${stamp}.${extension}`,
  })
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), 60_000)
}
