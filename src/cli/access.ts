/** Who may connect: credentials, web origins and the metadata answers, as the configuration says. */
import { hostname } from 'node:os'
import type { Config } from '../config/index.js'
import { createCredentialCheck } from '../gateway/credentials.js'
import type { GatewayOptions } from '../gateway/index.js'
import { createMetadataServer } from '../gateway/metadata-server.js'
import { createOriginCheck } from '../gateway/origin.js'

export type Access = Required<Pick<GatewayOptions, 'checkCredential' | 'checkOrigin' | 'metadata'>>

/** Project that a program without one of its own gets told; nothing depends on it. */
const PROJECT = 'vivavoce'

export function createAccess(config: Config): Access {
  const metadata = createMetadataServer({ now: () => performance.now(), projectId: PROJECT })
  return {
    checkCredential: createCredentialCheck({
      apiKeys: config.apiKeys,
      insecure: config.insecure,
      acceptsLocalToken: metadata.acceptsToken,
    }),
    checkOrigin: createOriginCheck({
      allowedOrigins: config.allowedOrigins,
      ownNames: [hostname(), config.host],
    }),
    metadata: metadata.handle,
  }
}
