/** One setting as a control, by its kind. */

import { useId } from 'react'
import { named, type Text, useText } from '../text'
import { en, type TextKey } from '../text/en'
import { type Field, type FieldValue, valueIn } from './fields'
import { useModels } from './models'
import { useSetup } from './setup-store'
import { ToolsEditor } from './tools-editor'
import { VoicePreview } from './voice-preview'
import { VOICES } from './voices'

export function FieldControl({ field }: { readonly field: Field }) {
  const text = useText()
  const id = useId()
  const { setup, set } = useSetup()
  const value = valueIn(field, setup)
  const change = (next: FieldValue | undefined) => set(field.name, next)
  const label = named(text, 'field', field.name)
  const help = helpOf(text, field)
  const described = help ? { 'aria-describedby': `${id}-help` } : {}
  const helpLine = help && (
    <p id={`${id}-help`} className="help">
      {help}
    </p>
  )
  if (field.kind === 'toggle') {
    return (
      <div className="field">
        <label className="toggle">
          <input
            id={id}
            type="checkbox"
            name={field.name}
            checked={value === true}
            onChange={(event) => change(event.target.checked)}
            {...described}
          />
          <span>{label}</span>
        </label>
        {helpLine}
      </div>
    )
  }
  return (
    <div className="field">
      <label className="label" htmlFor={id}>
        {label}
      </label>
      {control()}
      {helpLine}
    </div>
  )

  function control() {
    const common = { id, name: field.name, ...described }
    if (field.kind === 'select') {
      return field.free ? (
        <>
          <input
            {...common}
            list={`${id}-list`}
            value={String(value ?? '')}
            placeholder={text('serverDefault')}
            autoComplete="off"
            spellCheck={false}
            onChange={(event) => change(event.target.value.trim() || undefined)}
          />
          <datalist id={`${id}-list`}>
            {field.options.map((option) => (
              <option key={option} value={option} />
            ))}
          </datalist>
        </>
      ) : (
        <Choice field={field} common={common} value={value} change={change} />
      )
    }
    if (field.kind === 'number')
      return <NumberInput field={field} common={common} value={value} change={change} />
    if (field.kind === 'json')
      return <ToolsEditor common={common} value={String(value ?? '')} change={change} />
    return (
      <textarea
        {...common}
        rows={5}
        value={String(value ?? '')}
        onChange={(event) => change(event.target.value || undefined)}
      />
    )
  }
}

interface ControlProps<Kind extends Field['kind']> {
  readonly field: Extract<Field, { kind: Kind }>
  readonly common: { readonly id: string; readonly name: string }
  readonly value: FieldValue | undefined
  readonly change: (value: FieldValue | undefined) => void
}

function Choice({ field, common, value, change }: ControlProps<'select'>) {
  const text = useText()
  const models = useModels((state) => state.ids)
  const known = field.name === 'model' ? models : field.options
  const options = value === undefined || known.includes(String(value)) ? known : [String(value), ...known]
  const isChosen = field.name === 'model' || field.name === 'modality'
  const select = (
    <select
      {...common}
      value={String(value ?? '')}
      onChange={(event) => change(event.target.value || undefined)}
    >
      {!isChosen && <option value="">{text('serverDefault')}</option>}
      {options.map((option) => (
        <option key={option} value={option}>
          {optionText(text, field.name, option)}
        </option>
      ))}
    </select>
  )
  return field.name === 'voice' ? (
    <div className="with-button">
      {select}
      <VoicePreview />
    </div>
  ) : (
    select
  )
}

function NumberInput({ field, common, value, change }: ControlProps<'number'>) {
  const text = useText()
  const { min, max, step } = field
  const parse = (source: string) => (source === '' ? undefined : Number(source))
  return (
    <div className="number">
      {field.slider && (
        <input
          type="range"
          aria-label={named(text, 'field', field.name)}
          {...{ min, max, step }}
          value={typeof value === 'number' ? value : (min + max) / 2}
          data-unset={value === undefined || undefined}
          onChange={(event) => change(Number(event.target.value))}
        />
      )}
      <input
        {...common}
        type="number"
        {...{ min, max, step }}
        value={typeof value === 'number' ? value : ''}
        placeholder={field.slider ? '–' : text('serverDefault')}
        onChange={(event) => change(parse(event.target.value))}
      />
      {field.unit && <span className="unit">{field.unit}</span>}
    </div>
  )
}

function optionText(text: Text, name: string, option: string): string {
  if (name === 'voice') {
    const style = VOICES.find(([voice]) => voice === option)?.[1]
    return style ? `${option} · ${style}` : option
  }
  return named(text, 'option', option)
}

function helpOf(text: Text, field: Field): string | undefined {
  const key = `help.${field.name}`
  return key in en ? text(key as TextKey) : undefined
}
