/** The instruments of the one session that the page has: they run at audio rate and so live outside React. */

import { INPUT_SAMPLE_RATE_HZ, OUTPUT_SAMPLE_RATE_HZ } from 'vivavoce/client'
import { createRecorder } from './recorder'
import { createTimeline } from './timeline'
import { createWireLog } from './wire-log'

export const wire = createWireLog()
export const timeline = createTimeline()
export const recorder = createRecorder(INPUT_SAMPLE_RATE_HZ, OUTPUT_SAMPLE_RATE_HZ)
