/** The session as a program, in four languages. */

import { useEffect, useRef, useState } from 'react'
import { CopyButton } from '../parts/copy-button'
import { Icon } from '../parts/icon'
import { setupOf } from '../setup/setup-message'
import { useSetup } from '../setup/setup-store'
import { useText } from '../text'
import { PROGRAMS, type ProgramLanguage } from './programs'

const NAMES = Object.keys(PROGRAMS) as readonly ProgramLanguage[]

export default function CodeDialog({ onClose }: { readonly onClose: () => void }) {
  const text = useText()
  const setup = useSetup((state) => state.setup)
  const dialog = useRef<HTMLDialogElement>(null)
  const [language, setLanguage] = useState<ProgramLanguage>('python')
  useEffect(() => dialog.current?.showModal(), [])
  const program = programOf(language)
  return (
    <dialog ref={dialog} className="code-dialog" aria-labelledby="code-title" onClose={onClose}>
      <div className="dialog-head">
        <h2 id="code-title">{text('getCode')}</h2>
        <button type="button" className="icon-button" onClick={() => dialog.current?.close()}>
          <Icon name="close" />
          <span className="visually-hidden">{text('close')}</span>
        </button>
      </div>
      <p>{text('codeIntro')}</p>
      <div className="code-tools">
        <fieldset className="segments">
          <legend className="visually-hidden">{text('code')}</legend>
          {NAMES.map((name) => (
            <label key={name}>
              <input
                type="radio"
                name="code-language"
                checked={name === language}
                onChange={() => setLanguage(name)}
              />
              <span>{text(`language_${name}`)}</span>
            </label>
          ))}
        </fieldset>
        <CopyButton className="quiet-button" value={() => program}>
          {text('copyCode')}
        </CopyButton>
      </div>
      <pre tabIndex={0}>{program}</pre>
    </dialog>
  )

  function programOf(name: ProgramLanguage): string {
    try {
      const secureUrl = location.protocol === 'https:' ? location.origin : 'https://localhost:8485'
      return PROGRAMS[name]({ setup: setupOf(setup), url: location.origin, secureUrl })
    } catch (error) {
      return text('problem.unusable', (error as Error).message)
    }
  }
}
