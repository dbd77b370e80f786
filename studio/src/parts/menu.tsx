/** A button that opens a small panel beside it; Escape, and a click elsewhere, close it. */

import { type ReactNode, useEffect, useId, useRef, useState } from 'react'

export function Menu(props: {
  readonly label: ReactNode
  readonly className: string
  readonly align?: 'end'
  readonly children: ReactNode
}) {
  const [open, setOpen] = useState(false)
  const box = useRef<HTMLDivElement>(null)
  const id = useId()

  useEffect(() => {
    if (!open) return
    const outside = (event: PointerEvent) => {
      if (!box.current?.contains(event.target as Node)) setOpen(false)
    }
    document.addEventListener('pointerdown', outside)
    return () => document.removeEventListener('pointerdown', outside)
  }, [open])

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Escape is caught on its way up from what has the focus
    <div
      ref={box}
      className="menu"
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || !open) return
        setOpen(false)
        box.current?.querySelector('button')?.focus()
      }}
    >
      <button
        type="button"
        className={props.className}
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        onClick={() => setOpen(!open)}
      >
        {props.label}
      </button>
      {open && (
        <div id={id} className="menu-panel" data-align={props.align}>
          {props.children}
        </div>
      )}
    </div>
  )
}
