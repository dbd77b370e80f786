/** The form of the set-up: presets, every field that the server offers, and what it would say about them. */

import { useEffect, useState } from 'react'
import { CodeButton } from '../code/code-button'
import { CopyButton } from '../parts/copy-button'
import { Icon } from '../parts/icon'
import { useSession } from '../session/session-store'
import { named, useReason, useText } from '../text'
import { FieldControl } from './field-control'
import { FIELDS, GROUPS, type Setup } from './fields'
import { loadModels } from './models'
import { OFFERS } from './offers'
import { PRESETS } from './presets'
import { problemOf, toAddress } from './setup-message'
import { shareAddress, useSetup } from './setup-store'

/** The rest opens when asked for, or holds something already. */
const OPEN_AT_FIRST = new Set(['model', 'instruction'])

export function SetupPanel() {
  const text = useText()
  const reason = useReason()
  const { setup, replace } = useSetup()
  const problem = problemOf(setup)
  useEffect(() => void loadModels(), [])
  const address = toAddress(setup)
  const preset = PRESETS.find((item) => toAddress(item.setup) === address)?.name ?? 'custom'
  return (
    <section className="setup" aria-label={text('setUp')}>
      <div className="setup-head">
        <label className="field">
          <span className="label">{text('presets')}</span>
          <select
            value={preset}
            onChange={(event) => {
              const chosen = PRESETS.find(({ name }) => name === event.target.value)
              if (chosen) replace(chosen.setup)
            }}
          >
            {preset === 'custom' && <option value="custom">{text('preset.custom')}</option>}
            {PRESETS.map(({ name }) => (
              <option key={name} value={name}>
                {named(text, 'preset', name)}
              </option>
            ))}
          </select>
        </label>
        <div className="setup-actions">
          <CopyButton className="quiet-button" value={() => shareAddress(setup)}>
            {text('share')}
          </CopyButton>
          <button
            type="button"
            className="quiet-button"
            disabled={address === ''}
            onClick={() => replace({})}
          >
            <Icon name="reset" />
            {text('reset')}
          </button>
          <div className="narrow-only">
            <CodeButton />
          </div>
        </div>
      </div>
      {problem && (
        <p className="field-problem" role="status">
          {text('setupRefused', reason(problem))}
        </p>
      )}
      <InForce setup={setup} />
      {GROUPS.map((group) => {
        const fields = FIELDS.filter((field) => field.group === group)
        const isUsed = fields.some(({ name }) => setup[name] !== undefined)
        return (
          <GroupOfFields key={group} title={text(`group.${group}`)} open={OPEN_AT_FIRST.has(group) || isUsed}>
            {fields.map((field) =>
              field.when?.(setup) === false ? null : <FieldControl key={field.name} field={field} />,
            )}
          </GroupOfFields>
        )
      })}
    </section>
  )
}

function GroupOfFields(props: {
  readonly title: string
  readonly open: boolean
  readonly children: React.ReactNode
}) {
  const [open, setOpen] = useState(props.open)
  useEffect(() => {
    if (props.open) setOpen(true)
  }, [props.open])
  return (
    <details className="group" open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <h2>{props.title}</h2>
      </summary>
      <div className="group-body">{props.children}</div>
    </details>
  )
}

/** While a session runs: what of the changes can be told to it, and that the rest waits. */
function InForce({ setup }: { readonly setup: Setup }) {
  const text = useText()
  const { status, inForce, updateContext } = useSession()
  const isOpen = status === 'live' || status === 'reconnecting'
  if (!isOpen || toAddress(setup) === toAddress(inForce)) return null
  const names = OFFERS.tools ? ['system', 'tools'] : ['system']
  const canTell = OFFERS.contextUpdate && names.some((name) => (setup[name] ?? '') !== (inForce[name] ?? ''))
  const waits = FIELDS.some(
    ({ name }) => !(OFFERS.contextUpdate && names.includes(name)) && setup[name] !== inForce[name],
  )
  return (
    <div className="in-force" role="status">
      {waits && <p>{text('nextSession')}</p>}
      {canTell && (
        <button type="button" className="small-button" onClick={updateContext}>
          {text('applyNow')}
        </button>
      )}
    </div>
  )
}
