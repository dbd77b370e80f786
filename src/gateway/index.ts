/** HTTP and WebSocket server of the Live API. */

export { createGateway, type Gateway } from './gateway.js'
export {
  DEFAULT_LIMITS,
  type GatewayLimits,
  type GatewayOptions,
  type HandlerAnswer,
  type RequestCheck,
  type RequestFacts,
} from './options.js'
export type { LiveSession, SessionConnection, SessionHost } from './session.js'
