import { testToneReader } from '../../testing/contract/index.js'
import { voice } from '../../testing/voice.js'
import { loadProsody } from './index.js'

testToneReader('prosody', loadProsody, { speech: voice() })
