import { describe, expect, it } from 'vitest'

import { matchLivePath } from './live-path.js'

const DEVELOPER = 'ws/google.ai.generativelanguage'
const VERTEX = 'ws/google.cloud.aiplatform'
const FIREBASE = 'ws/google.firebase.vertexai'

// biome-ignore format: one path per line
const served: readonly (readonly [string, string, string | undefined, boolean])[] = [
  // Google's SDKs in Python, JavaScript and Go, as they were seen on the wire.
  [`/${DEVELOPER}.v1.GenerativeService.BidiGenerateContent`, 'developer', 'v1', false],
  [`//${DEVELOPER}.v1alpha.GenerativeService.BidiGenerateContent`, 'developer', 'v1alpha', false],
  [`/prefix/${DEVELOPER}.v1beta.GenerativeService.BidiGenerateContent`, 'developer', 'v1beta', false],
  [`//${DEVELOPER}.v1beta.GenerativeService.BidiGenerateContent?key=KEY`, 'developer', 'v1beta', false],
  [`/prefix/${DEVELOPER}.v1beta.GenerativeService.BidiGenerateContent?key=KEY`, 'developer', 'v1beta', false],
  [`/${DEVELOPER}.v1alpha.GenerativeService.BidiGenerateContentConstrained`, 'developer', 'v1alpha', true],
  [`//${DEVELOPER}.v1alpha.GenerativeService.BidiGenerateContentConstrained?access_token=auth_tokens/abc123`, 'developer', 'v1alpha', true],
  [`/${VERTEX}.v1beta1.LlmBidiService/BidiGenerateContent`, 'vertex', 'v1beta1', false],
  [`//${VERTEX}.v1beta1.LlmBidiService/BidiGenerateContent`, 'vertex', 'v1beta1', false],
  ['/', 'root', undefined, false],
  // Others.
  [`/${VERTEX}.v1.LlmBidiService/BidiGenerateContent?x=1`, 'vertex', 'v1', false],
  [`/a/b//${VERTEX}.v2_next.LlmBidiService//BidiGenerateContent/`, 'vertex', 'v2_next', false],
  [`/${FIREBASE}.v1beta.GenerativeService/BidiGenerateContent?key=K`, 'firebase', 'v1beta', false],
  [`/${FIREBASE}.v1beta.LlmBidiService/BidiGenerateContent/locations/us-central1?key=K`, 'firebase', 'v1beta', false],
  [`wss://localhost:8443//${DEVELOPER}.v1beta.GenerativeService.BidiGenerateContent`, 'developer', 'v1beta', false],
  ['ws://localhost:8080', 'root', undefined, false],
  ['//', 'root', undefined, false],
  ['/?key=KEY', 'root', undefined, false],
  ['', 'root', undefined, false],
]

describe('[CON-1] [CON-2] matchLivePath', () => {
  it.each(served)('%s', (url, api, version, constrained) => {
    expect(matchLivePath(url)).toEqual({ api, constrained, ...(version && { version }) })
  })

  it.each([
    '/healthz',
    '/v1/models',
    `/${DEVELOPER}.v1alpha.GenerativeService.BidiGenerateMusic`,
    `/${DEVELOPER}..GenerativeService.BidiGenerateContent`,
    `/${DEVELOPER}.v1.GenerativeService.BidiGenerateContentX`,
    `/x${DEVELOPER}.v1.GenerativeService.BidiGenerateContent`,
    `/?/${DEVELOPER}.v1.GenerativeService.BidiGenerateContent/no`.replace('/?', '/no?'),
  ])('is not the Live API: %s', (url) => {
    expect(matchLivePath(url)).toBeUndefined()
  })
})
