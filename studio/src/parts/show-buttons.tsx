/** Camera and screen on and off; absent where the server takes no pictures, or the browser shares no screen. */

import { canShareScreen } from 'vivavoce/client'
import { type Shown, useShowing } from '../session/showing'
import { OFFERS } from '../setup/offers'
import { useText } from '../text'
import { Icon } from './icon'

export function ShowButtons() {
  if (!OFFERS.pictures) return null
  return (
    <>
      <ShowButton shown="camera" show="showCamera" hide="hideCamera" />
      {canShareScreen() && <ShowButton shown="screen" show="showScreen" hide="hideScreen" />}
    </>
  )
}

function ShowButton(props: {
  readonly shown: Shown
  readonly show: 'showCamera' | 'showScreen'
  readonly hide: 'hideCamera' | 'hideScreen'
}) {
  const text = useText()
  const isShown = useShowing((state) => state.shown === props.shown)
  const { show, stop } = useShowing.getState()
  return (
    <button
      type="button"
      className="icon-button"
      data-on={isShown || undefined}
      onClick={() => void (isShown ? stop() : show(props.shown))}
    >
      <Icon name={props.shown} />
      <span className="visually-hidden">{text(isShown ? props.hide : props.show)}</span>
    </button>
  )
}
