/** Name, state of the connection, what can be kept, and how the page looks and speaks. */

import { CodeButton } from '../code/code-button'
import { useSession } from '../session/session-store'
import { type Language, useLanguage, useText } from '../text'
import { Brand } from './brand'
import { Icon } from './icon'
import { KeepMenu } from './keep-menu'
import { statusText } from './status-text'
import { THEMES, type Theme, useTheme } from './theme'

const THEME_TEXTS = { system: 'themeSystem', light: 'themeLight', dark: 'themeDark' } as const

export function Header() {
  const text = useText()
  const session = useSession()
  const { language, choose: chooseLanguage } = useLanguage()
  const { theme, choose: chooseTheme } = useTheme()
  return (
    <header className="header">
      <h1 className="brand">
        <Brand />
        {text('appName')} <span>{text('studio')}</span>
      </h1>
      <p className="state" role="status" data-state={session.status}>
        {statusText(text, session)}
      </p>
      <div className="header-tools">
        <div className="wide-only">
          <CodeButton />
        </div>
        <KeepMenu />
        <label className="compact-select icon-select" title={text('theme')}>
          <span className="visually-hidden">{text('theme')}</span>
          <Icon name="theme" />
          <select value={theme} onChange={(event) => chooseTheme(event.target.value as Theme)}>
            {THEMES.map((name) => (
              <option key={name} value={name}>
                {text(THEME_TEXTS[name])}
              </option>
            ))}
          </select>
        </label>
        <label className="compact-select">
          <span className="visually-hidden">{text('language')}</span>
          <select value={language} onChange={(event) => chooseLanguage(event.target.value as Language)}>
            <option value="en" lang="en">
              English
            </option>
            <option value="es" lang="es">
              Español
            </option>
          </select>
        </label>
      </div>
    </header>
  )
}
