/** Opens the session as a program; the programs are loaded when first asked for. */

import { lazy, Suspense, useState } from 'react'
import { Icon } from '../parts/icon'
import { useText } from '../text'

const CodeDialog = lazy(() => import('./code-dialog'))

export function CodeButton() {
  const text = useText()
  const [open, setOpen] = useState(false)
  return (
    <>
      <button type="button" className="quiet-button" onClick={() => setOpen(true)}>
        <Icon name="code" />
        {text('getCode')}
      </button>
      {open && (
        <Suspense>
          <CodeDialog onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  )
}
