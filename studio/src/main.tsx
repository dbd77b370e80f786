/** Starts the page. */

import { createRoot } from 'react-dom/client'
import { App } from './app'
import './style/base.css'
import './style/layout.css'
import './style/controls.css'
import './style/conversation.css'
import './style/see.css'

createRoot(document.getElementById('root')!).render(<App />)
