/** How closely pictures are looked at, as sessions and requests name it. */
import { enumField } from './fields.js'

export const mediaResolutionField = enumField(
  ['MEDIA_RESOLUTION_LOW', 'MEDIA_RESOLUTION_MEDIUM', 'MEDIA_RESOLUTION_HIGH'],
  'must be MEDIA_RESOLUTION_LOW, _MEDIUM or _HIGH',
)

export const RESOLUTIONS = {
  MEDIA_RESOLUTION_LOW: 'LOW',
  MEDIA_RESOLUTION_MEDIUM: 'MEDIUM',
  MEDIA_RESOLUTION_HIGH: 'HIGH',
} as const
