/** Which microphone, loudspeaker and camera. */

import { useEffect } from 'react'
import { canChooseSpeaker, type Device, useDevices } from '../session/devices'
import { useSession } from '../session/session-store'
import { useShowing } from '../session/showing'
import { OFFERS } from '../setup/offers'
import { useText } from '../text'
import { Icon } from './icon'
import { Menu } from './menu'

export function DeviceMenu() {
  const text = useText()
  const { microphones, speakers, cameras, microphoneId, speakerId, cameraId, refresh } = useDevices()
  const { chooseMicrophone, chooseSpeaker } = useSession.getState()
  const { chooseCamera } = useShowing.getState()
  useEffect(() => void refresh(), [refresh])
  return (
    <Menu
      className="icon-button"
      label={
        <>
          <Icon name="sliders" />
          <span className="visually-hidden">{text('devices')}</span>
        </>
      }
    >
      <Picker
        name={text('microphone')}
        devices={microphones}
        value={microphoneId}
        choose={chooseMicrophone}
      />
      {canChooseSpeaker && (
        <Picker name={text('speaker')} devices={speakers} value={speakerId} choose={chooseSpeaker} />
      )}
      {OFFERS.pictures && (
        <Picker name={text('camera')} devices={cameras} value={cameraId} choose={chooseCamera} />
      )}
    </Menu>
  )
}

function Picker(props: {
  readonly name: string
  readonly devices: readonly Device[]
  readonly value: string
  readonly choose: (id: string) => Promise<void>
}) {
  const text = useText()
  const { name, devices, value, choose } = props
  return (
    <label className="field">
      <span className="label">{name}</span>
      <select
        value={devices.some(({ id }) => id === value) ? value : ''}
        onChange={(event) => void choose(event.target.value)}
      >
        <option value="">{text('systemDefault')}</option>
        {devices.map(({ id, label }, index) => (
          <option key={id} value={id}>
            {label || text('device', index + 1)}
          </option>
        ))}
      </select>
    </label>
  )
}
