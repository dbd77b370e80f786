/** Takes audio files that are dropped onto the conversation. */

import { type ReactNode, useState } from 'react'
import { useSession } from '../session/session-store'
import { useText } from '../text'

export function DropZone({ children }: { readonly children: ReactNode }) {
  const text = useText()
  const speakFile = useSession((state) => state.speakFile)
  const [over, setOver] = useState(false)
  const isFile = (event: React.DragEvent) => event.dataTransfer.types.includes('Files')
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping has an equal in the file button
    <div
      className="drop-zone"
      data-over={over || undefined}
      onDragOver={(event) => {
        if (!isFile(event)) return
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={(event) => {
        if (event.currentTarget === event.target) setOver(false)
      }}
      onDrop={(event) => {
        setOver(false)
        const file = event.dataTransfer.files[0]
        if (!file) return
        event.preventDefault()
        void speakFile(file)
      }}
    >
      {children}
      {over && <p className="drop-hint">{text('dropHere')}</p>}
    </div>
  )
}
