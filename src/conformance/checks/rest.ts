/** Rules of the REST calls around sessions, as far as they can be seen from outside. */

import { type Check, must, mustClose, readTurn, skip, TEXT, userText } from '../check.js'

interface Body {
  readonly name?: string
  readonly models?: readonly {
    readonly name: string
    readonly supportedGenerationMethods?: readonly string[]
  }[]
  readonly error?: { readonly code?: number; readonly message?: string; readonly status?: string }
}

export const restChecks: readonly Check[] = [
  {
    rule: 'REST-3',
    title: 'the model of this run is in the list, with bidiGenerateContent',
    async run({ rest, model }) {
      const { status, body } = await rest('/v1beta/models?pageSize=1000')
      must(status === 200, `the list is answered with ${status}`)
      const found = (body as Body).models?.find(({ name }) => name === model)
      must(found !== undefined, `${model} is not in the list`)
      must(
        found.supportedGenerationMethods?.includes('bidiGenerateContent') === true,
        'the method is missing',
      )
    },
  },
  {
    rule: 'REST-11',
    title: 'errors have code, message and status',
    async run({ rest }) {
      const { status, body } = await rest('/v1beta/models/no-such-model')
      const { error } = body as Body
      must(
        status === 404 && error?.code === 404 && error.status === 'NOT_FOUND',
        `it is ${JSON.stringify(body)}`,
      )
    },
  },
  {
    rule: 'TOK-4',
    title: 'an ephemeral token opens as many sessions as it has uses',
    async run({ rest, connect, model }) {
      const { status, body } = await rest('/v1alpha/auth_tokens', { uses: 1 })
      if (status !== 200) skip(`auth_tokens is answered with ${status}`)
      const path =
        '/ws/google.ai.generativelanguage.v1alpha.GenerativeService.BidiGenerateContentConstrained' +
        `?access_token=${(body as Body).name}`
      const peer = await connect({ path })
      peer.send({ setup: { model, ...TEXT } })
      must('setupComplete' in (await peer.next()), 'the token is not taken')
      const second = await connect({ path })
      second.send({ setup: { model, ...TEXT } })
      await mustClose(second, [1007, 1008, 1011])
      peer.leave()
    },
  },
  {
    rule: 'TOK-7',
    title: 'the setup of a token replaces the setup of the connection',
    async run({ rest, connect, model }) {
      const { status, body } = await rest('/v1alpha/auth_tokens', {
        bidiGenerateContentSetup: { model, ...TEXT },
      })
      if (status !== 200) skip(`auth_tokens is answered with ${status}`)
      const peer = await connect({
        path:
          '/ws/google.ai.generativelanguage.v1alpha.GenerativeService.BidiGenerateContentConstrained' +
          `?access_token=${(body as Body).name}`,
      })
      peer.send({ setup: { model, generationConfig: { responseModalities: ['AUDIO'] } } })
      peer.send(userText('Say hello.'))
      const turn = await readTurn(peer)
      must(turn.text !== '' && turn.audioBytes === 0, 'the connection had its own modality')
      peer.leave()
    },
  },
]
