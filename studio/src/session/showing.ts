/**
 * What the model is shown: the camera or a screen, previewed from the moment it is open and sent while a conversation
 * is, one picture a second. It ends with the conversation, so that no camera stays on unnoticed.
 */

import { CameraError, openCamera, type PictureSource, shareScreen } from 'vivavoce/client'
import { create } from 'zustand'
import { useDevices } from './devices'
import { useSession } from './session-store'

export type Shown = 'camera' | 'screen'

interface Showing {
  readonly shown: Shown | undefined
  /** For the preview. */
  readonly stream: MediaStream | undefined
  /** One source takes the place of the other. */
  show(shown: Shown): Promise<void>
  stop(): void
  chooseCamera(id: string): Promise<void>
}

let source: PictureSource | undefined
/** Grows with every request, so that a permission that comes late finds out. */
let request = 0

export const useShowing = create<Showing>((set, get) => ({
  shown: undefined,
  stream: undefined,

  async show(shown) {
    const mine = ++request
    const { cameraId } = useDevices.getState()
    const options = {
      onPicture: (picture: Parameters<ReturnType<typeof useSession.getState>['showPicture']>[0]) =>
        useSession.getState().showPicture(picture, shown),
      onEnded: () => {
        get().stop()
        useSession.getState().notice(`${shown}Ended`)
      },
    }
    try {
      const opened =
        shown === 'screen'
          ? await shareScreen(options)
          : await openCamera({ ...options, ...(cameraId && { deviceId: cameraId }) })
      if (mine !== request) return opened.close()
      source?.close()
      source = opened
      set({ shown, stream: opened.stream })
      useSession.getState().dismissProblem()
      void useDevices.getState().refresh()
    } catch (error) {
      if (mine !== request) return
      const problem = error instanceof CameraError ? error.problem : 'busy'
      useSession.setState({ problem: { name: `${shown}.${problem}`, detail: '' } })
    }
  },

  stop() {
    request++
    source?.close()
    source = undefined
    set({ shown: undefined, stream: undefined })
  },

  async chooseCamera(id) {
    useDevices.getState().choose('cameraId', id)
    if (get().shown === 'camera') await get().show('camera')
  },
}))

useSession.subscribe((now, before) => {
  if (now.status === 'ended' && before.status !== 'ended') useShowing.getState().stop()
})
