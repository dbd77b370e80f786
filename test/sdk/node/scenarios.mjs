/**
 * Conversations through @google/genai, in Node and in browsers alike: what was received comes back as `turns`, or `error` says
 * why not. The client and the recording are the caller's.
 */
const MODEL = 'gemini-live-2.5-flash'
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms))

export async function runScenario(scenario, { client, pcm }) {
  try {
    const turns = await new Promise((resolve, reject) => {
      const onFail = (reason) => reject(new Error(reason))
      converse(scenario, { client, pcm, onFail }).then(resolve, reject)
    })
    return { turns }
  } catch (error) {
    return { error: String(error) }
  }
}

/** `onFail`: told where a connection ends too early. */
async function converse(scenario, { client, pcm, onFail }) {
  const tools = [
    {
      functionDeclarations: [
        {
          name: 'get_weather',
          description: 'Weather of a city',
          parametersJsonSchema: {
            type: 'object',
            properties: { city: { type: 'string' } },
            required: ['city'],
          },
          ...(scenario.includes('background') ? { behavior: 'NON_BLOCKING' } : {}),
        },
      ],
    },
  ]

  let finished = false
  let inbox = []
  let wake = () => {}
  const connect = (config = {}) =>
    client.live.connect({
      model: MODEL,
      config: {
        responseModalities: [scenario === 'text-modality' ? 'TEXT' : 'AUDIO'],
        inputAudioTranscription: {},
        outputAudioTranscription: {},
        ...(scenario.includes('tool') ? { tools } : {}),
        ...config,
      },
      callbacks: {
        onmessage: (message) => {
          inbox.push(message)
          wake()
        },
        onerror: (event) => fail(event.message),
        onclose: (event) => fail(`closed ${event.code} ${event.reason}`),
      },
    })
  let session = await connect(scenario === 'resumption' ? { sessionResumption: {} } : {})

  function fail(reason) {
    if (!finished) onFail(reason)
  }

  async function nextMessage() {
    while (inbox.length === 0) {
      await new Promise((resolve) => {
        wake = resolve
      })
    }
    return inbox.shift()
  }

  /** The handle that comes after a turn. */
  async function nextHandle() {
    for (;;) {
      const update = (await nextMessage()).sessionResumptionUpdate
      if (update?.resumable) return update.newHandle
    }
  }

  async function receiveTurn(onAudio, onCall) {
    const turn = {
      audioBytes: 0,
      audioMime: '',
      text: '',
      inputTranscript: '',
      outputTranscript: '',
      generationComplete: false,
      interrupted: false,
      turnComplete: false,
      totalTokens: 0,
      calls: [],
      cancelled: [],
    }
    while (!turn.turnComplete) {
      const message = await nextMessage()
      turn.totalTokens = message.usageMetadata?.totalTokenCount ?? turn.totalTokens
      if (message.toolCall) {
        turn.calls.push(...message.toolCall.functionCalls)
        onCall?.(message.toolCall)
      }
      turn.cancelled.push(...(message.toolCallCancellation?.ids ?? []))
      const content = message.serverContent
      for (const part of content?.modelTurn?.parts ?? []) {
        turn.text += part.text ?? ''
        if (!part.inlineData) continue
        turn.audioBytes += atob(part.inlineData.data).length
        turn.audioMime = part.inlineData.mimeType
        onAudio?.()
        onAudio = undefined
      }
      turn.inputTranscript += content?.inputTranscription?.text ?? ''
      turn.outputTranscript += content?.outputTranscription?.text ?? ''
      turn.generationComplete ||= content?.generationComplete ?? false
      turn.interrupted ||= content?.interrupted ?? false
      turn.turnComplete ||= content?.turnComplete ?? false
    }
    return turn
  }

  const sendText = (text) =>
    session.sendClientContent({ turns: [{ role: 'user', parts: [{ text }] }], turnComplete: true })
  const sendAudio = (bytes) =>
    session.sendRealtimeInput({ audio: { data: toBase64(bytes), mimeType: 'audio/pcm;rate=16000' } })

  const answerCalls = ({ functionCalls }, scheduling) =>
    session.sendToolResponse({
      functionResponses: functionCalls.map(({ id, name }) => ({
        id,
        name,
        response: { output: 'snow' },
        ...(scheduling ? { scheduling } : {}),
      })),
    })

  const turns = []
  if (['text', 'text-modality', 'vertex-text'].includes(scenario)) {
    sendText('Hello there, my friend')
    turns.push(await receiveTurn())
  } else if (scenario === 'audio-blob') {
    sendAudio(pcm)
    turns.push(await receiveTurn())
  } else if (scenario === 'audio-streamed') {
    for (let start = 0; start < pcm.length; start += 640) {
      sendAudio(pcm.subarray(start, start + 640))
      await sleep(20)
    }
    session.sendRealtimeInput({ audioStreamEnd: true })
    turns.push(await receiveTurn())
  } else if (scenario === 'interruption') {
    sendText('Tell me a long story')
    turns.push(await receiveTurn(() => sendText('Stop please')))
    turns.push(await receiveTurn())
  } else if (['tool', 'vertex-tool'].includes(scenario)) {
    sendText('What is the weather like?')
    turns.push(await receiveTurn(undefined, (call) => answerCalls(call)))
  } else if (scenario === 'tool-background') {
    let kept
    sendText('What is the weather like?')
    const keep = (call) => {
      kept = call
      sendText('Hello meanwhile')
    }
    turns.push(await receiveTurn(undefined, keep))
    answerCalls(kept, 'WHEN_IDLE')
    turns.push(await receiveTurn())
  } else if (scenario === 'tool-cancelled') {
    sendText('What is the weather like?')
    turns.push(await receiveTurn(undefined, () => sendText('Never mind')))
    turns.push(await receiveTurn())
  } else if (scenario === 'resumption') {
    await nextHandle()
    sendText('My name is Ada')
    turns.push(await receiveTurn())
    const handle = await nextHandle()
    finished = true
    session.close()
    inbox = []
    session = await connect({ sessionResumption: { handle } })
    finished = false
    sendText('What is my name?')
    turns.push(await receiveTurn())
  } else throw new Error(`unknown scenario ${scenario}`)
  finished = true
  session.close()
  return turns
}

function toBase64(bytes) {
  let text = ''
  for (const byte of bytes) text += String.fromCharCode(byte)
  return btoa(text)
}
