/** A client of the Live API for browsers and Node, on the protocol alone. */

export { base64ToBytes, bytesToBase64 } from './base64.js'
export { type LiveConfig, liveUrl } from './config.js'
export { type ConnectOptions, connectLive, type LiveClient, type LiveClose } from './live-client.js'
export { audioOf, textOf } from './message-parts.js'
export type { LiveSocket, LiveSocketConstructor } from './socket.js'
