/** Who may connect: credentials, web origins and the metadata answers, as the configuration says. */
import { hostname } from 'node:os'
import { join } from 'node:path'
import type { Config } from '../config/index.js'
import { createCredentialCheck, keyFingerprint } from '../gateway/credentials.js'
import type { GatewayOptions } from '../gateway/index.js'
import { createMetadataServer } from '../gateway/metadata-server.js'
import { createOriginCheck } from '../gateway/origin.js'
import { loadTokenKey } from '../gateway/tokens/token-key.js'
import { type CountUses, createEphemeralTokens } from '../gateway/tokens/tokens.js'

export type Access = Required<
  Pick<GatewayOptions, 'checkCredential' | 'keyOf' | 'tokens' | 'checkOrigin' | 'metadata'>
>

/** Project that a program without one of its own gets told; nothing depends on it. */
const PROJECT = 'vivavoce'

export function createAccess(
  config: Pick<Config, 'home' | 'host' | 'apiKeys' | 'insecure' | 'allowedOrigins'>,
  countUses: CountUses,
): Access {
  const metadata = createMetadataServer({ now: () => performance.now(), projectId: PROJECT })
  const credentials = createCredentialCheck({
    apiKeys: config.apiKeys,
    insecure: config.insecure,
    acceptsLocalToken: metadata.acceptsToken,
  })
  // Taking a key out of the configuration ends the tokens that were made with it, giving the first one ends all.
  const issuers = new Set(config.apiKeys.length === 0 ? [undefined] : config.apiKeys.map(keyFingerprint))
  return {
    checkCredential: credentials.check,
    keyOf: credentials.keyOf,
    tokens: createEphemeralTokens({
      key: loadTokenKey(join(config.home, 'token.key')),
      now: Date.now,
      isIssuer: (fingerprint) => issuers.has(fingerprint),
      fingerprint: keyFingerprint,
      count: countUses,
    }),
    checkOrigin: createOriginCheck({
      allowedOrigins: config.allowedOrigins,
      ownNames: [hostname(), config.host],
    }),
    metadata: metadata.handle,
  }
}
