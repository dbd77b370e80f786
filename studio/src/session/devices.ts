/** Which microphones, loudspeakers and cameras there are, kept up to date, and which were chosen; the choice is remembered. */

import { create } from 'zustand'

export interface Device {
  readonly id: string
  readonly label: string
}

interface Devices {
  readonly microphones: readonly Device[]
  readonly speakers: readonly Device[]
  readonly cameras: readonly Device[]
  readonly microphoneId: string
  readonly speakerId: string
  readonly cameraId: string
  choose(kind: 'microphoneId' | 'speakerId' | 'cameraId', id: string): void
  refresh(): Promise<void>
}

const remembered = (name: string): string => {
  try {
    return localStorage.getItem(`vivavoce.${name}`) ?? ''
  } catch {
    return ''
  }
}

export const useDevices = create<Devices>((set) => ({
  microphones: [],
  speakers: [],
  cameras: [],
  microphoneId: remembered('microphoneId'),
  speakerId: remembered('speakerId'),
  cameraId: remembered('cameraId'),
  choose(kind, id) {
    set({ [kind]: id })
    try {
      localStorage.setItem(`vivavoce.${kind}`, id)
    } catch {
      // Private windows may forbid it: then it is forgotten with the page.
    }
  },
  async refresh() {
    const devices = (await navigator.mediaDevices?.enumerateDevices().catch(() => [])) ?? []
    // Before the permission is given devices have neither ids nor labels.
    const of = (kind: MediaDeviceKind) =>
      devices
        .filter((device) => device.kind === kind && device.deviceId !== '' && device.deviceId !== 'default')
        .map(({ deviceId, label }) => ({ id: deviceId, label }))
    set({ microphones: of('audioinput'), speakers: of('audiooutput'), cameras: of('videoinput') })
  },
}))

/** Only where the browser lets a page choose. */
export const canChooseSpeaker = typeof AudioContext !== 'undefined' && 'setSinkId' in AudioContext.prototype

navigator.mediaDevices?.addEventListener('devicechange', () => void useDevices.getState().refresh())
