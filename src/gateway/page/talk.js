/**
 * The Talk page: microphone in, voice and transcripts out, over the same WebSocket that every other client uses.
 * It owns the button, the conversation list and the audio devices; turn-taking and history belong to the server.
 * A server that wants a key reads it from the page's address: `/#key=…` (a fragment, so that it is never logged).
 */
const PATH = '/ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent'
const MODEL = 'models/gemini-live-2.5-flash'
const OUTPUT_HZ = 24000

const TEXTS = {
  en: {
    intro: 'Press the button and speak. You can interrupt at any time.',
    conversation: 'Conversation',
    talk: 'Talk',
    stop: 'Stop',
    you: 'You',
    model: 'Viva Voce',
    idle: 'Ready.',
    connecting: 'Connecting…',
    listening: 'Listening.',
    speaking: 'Speaking. Talk to interrupt.',
    ended: 'The conversation has ended.',
    interrupted: '(interrupted)',
    insecure:
      'The browser only lends the microphone to secure pages. Open this page as http://localhost or over https.',
    refused: 'The microphone was refused. Allow it for this page in the browser and press Talk again.',
    absent: 'No microphone was found. Connect one and press Talk again.',
    busy: 'The microphone could not be opened. Another program may be using it.',
    unreachable: 'The server cannot be reached. Is it still running?',
    closed: 'The server closed the conversation',
  },
  es: {
    intro: 'Pulsa el botón y habla. Puedes interrumpir en cualquier momento.',
    conversation: 'Conversación',
    talk: 'Hablar',
    stop: 'Parar',
    you: 'Tú',
    model: 'Viva Voce',
    idle: 'Listo.',
    connecting: 'Conectando…',
    listening: 'Escuchando.',
    speaking: 'Hablando. Habla para interrumpir.',
    ended: 'La conversación ha terminado.',
    interrupted: '(interrumpido)',
    insecure:
      'El navegador solo presta el micrófono a páginas seguras. Abre esta página como http://localhost o por https.',
    refused: 'Se denegó el micrófono. Permítelo para esta página en el navegador y pulsa Hablar otra vez.',
    absent: 'No se encontró ningún micrófono. Conecta uno y pulsa Hablar otra vez.',
    busy: 'No se pudo abrir el micrófono. Puede que otro programa lo esté usando.',
    unreachable: 'No se puede conectar con el servidor. ¿Sigue en marcha?',
    closed: 'El servidor cerró la conversación',
  },
}

const language = navigator.language.toLowerCase().startsWith('es') ? 'es' : 'en'
const text = TEXTS[language]
const element = (id) => document.getElementById(id)
const button = element('talk')
const conversation = element('conversation')

/** The running conversation, or undefined. Everything it opened is closed by its `close`. */
let current

function showStatus(name) {
  element('status').textContent = text[name]
  document.body.dataset.status = name
}

function showProblem(message) {
  element('problem').textContent = message
  element('problem').hidden = message === ''
}

function showTalking(talking) {
  button.setAttribute('aria-pressed', String(talking))
  element('talk-label').textContent = talking ? text.stop : text.talk
  if (!talking) button.style.setProperty('--level', '0')
}

/** One turn of the conversation list: what was said by the user comes first, even where it arrives late. */
function createTurn() {
  const lines = {}
  let item
  const line = (who) => {
    if (lines[who]) return lines[who]
    item ??= conversation.appendChild(document.createElement('li'))
    const paragraph = document.createElement('p')
    paragraph.className = who
    paragraph.append(Object.assign(document.createElement('b'), { textContent: text[who] }), '')
    if (who === 'you') item.prepend(paragraph)
    else item.append(paragraph)
    lines[who] = paragraph
    return paragraph
  }
  return {
    add(who, words) {
      line(who).lastChild.data += words
      item.scrollIntoView({ block: 'nearest' })
    },
    cut() {
      if (!lines.model) return
      lines.model.classList.add('cut')
      const note = Object.assign(document.createElement('span'), { className: 'visually-hidden' })
      note.textContent = ` ${text.interrupted}`
      lines.model.append(note)
    },
  }
}

function microphoneProblem(error) {
  if (error.name === 'NotAllowedError' || error.name === 'SecurityError') return text.refused
  if (error.name === 'NotFoundError' || error.name === 'OverconstrainedError') return text.absent
  return `${text.busy} (${error.message})`
}

function toBase64(buffer) {
  return btoa(String.fromCharCode(...new Uint8Array(buffer)))
}

function fromBase64(data) {
  return Uint8Array.from(atob(data), (character) => character.charCodeAt(0)).buffer
}

async function openMicrophone(onFrame) {
  const audio = { echoCancellation: true, noiseSuppression: true, autoGainControl: true, channelCount: 1 }
  const stream = await navigator.mediaDevices.getUserMedia({ audio }).catch((error) => {
    throw new Error(microphoneProblem(error))
  })
  const context = new AudioContext()
  await context.audioWorklet.addModule('/page/worklet.js')
  const node = new AudioWorkletNode(context, 'microphone', { numberOfOutputs: 0 })
  node.port.onmessage = ({ data }) => onFrame(data)
  context.createMediaStreamSource(stream).connect(node)
  return () => {
    for (const track of stream.getTracks()) track.stop()
    context.close()
  }
}

async function openSpeaker(onPlaying) {
  const context = new AudioContext({ sampleRate: OUTPUT_HZ, latencyHint: 'interactive' })
  await context.resume()
  await context.audioWorklet.addModule('/page/worklet.js')
  const node = new AudioWorkletNode(context, 'speaker', { numberOfInputs: 0, outputChannelCount: [1] })
  node.port.onmessage = ({ data }) => onPlaying(data.playing)
  node.connect(context.destination)
  return {
    play: (pcm) => node.port.postMessage(pcm, [pcm]),
    clear: () => node.port.postMessage('clear'),
    close: () => context.close(),
  }
}

/** Opens the socket and resolves once the server has accepted the setup; rejects with a sentence for the user. */
function openSocket(onMessage, onClose) {
  return new Promise((resolve, reject) => {
    const key = new URLSearchParams(location.hash.slice(1)).get('key')
    const scheme = location.protocol === 'https:' ? 'wss' : 'ws'
    const query = key ? `?key=${encodeURIComponent(key)}` : ''
    const socket = new WebSocket(`${scheme}://${location.host}${PATH}${query}`)
    socket.binaryType = 'arraybuffer'
    const decoder = new TextDecoder()
    socket.onopen = () => {
      const generationConfig = { responseModalities: ['AUDIO'] }
      const transcription = { inputAudioTranscription: {}, outputAudioTranscription: {} }
      socket.send(JSON.stringify({ setup: { model: MODEL, generationConfig, ...transcription } }))
    }
    socket.onmessage = ({ data }) => {
      const message = JSON.parse(typeof data === 'string' ? data : decoder.decode(data))
      if (message.setupComplete) resolve(socket)
      else onMessage(message)
    }
    socket.onclose = ({ code, reason }) => {
      const problem = reason || code !== 1006 ? `${text.closed}: ${reason || code}` : text.unreachable
      reject(new Error(problem))
      onClose(problem)
    }
  })
}

async function talk() {
  const releases = []
  let closed = false
  let turn = createTurn()
  const close = () => {
    if (closed) return
    closed = true
    for (const release of releases.reverse()) release()
    if (current?.close === close) current = undefined
    showTalking(false)
  }
  /** Keeps what was opened, or releases it at once where the user pressed Stop in the meantime. */
  const keep = (release) => (closed ? release() : releases.push(release))
  current = { close }
  showTalking(true)
  showProblem('')
  showStatus('connecting')
  try {
    // Neither microphones nor audio worklets exist on other pages.
    if (!window.isSecureContext) throw new Error(text.insecure)
    const speaker = await openSpeaker((playing) => {
      if (!closed) showStatus(playing ? 'speaking' : 'listening')
    })
    keep(speaker.close)
    const onMessage = ({ serverContent }) => {
      if (!serverContent || closed) return
      const { modelTurn, interrupted, inputTranscription, outputTranscription, turnComplete } = serverContent
      if (inputTranscription?.text) turn.add('you', inputTranscription.text)
      if (outputTranscription?.text) turn.add('model', outputTranscription.text)
      for (const part of modelTurn?.parts ?? []) {
        if (part.inlineData) speaker.play(fromBase64(part.inlineData.data))
      }
      if (interrupted) {
        speaker.clear()
        turn.cut()
      }
      if (interrupted || turnComplete) turn = createTurn()
    }
    const onClose = (problem) => {
      if (closed) return
      close()
      showProblem(problem)
      showStatus('ended')
    }
    let socket
    const closeMicrophone = await openMicrophone(({ pcm, level }) => {
      if (closed || socket?.readyState !== WebSocket.OPEN) return
      const audio = { mimeType: 'audio/pcm;rate=16000', data: toBase64(pcm) }
      socket.send(JSON.stringify({ realtimeInput: { audio } }))
      button.style.setProperty('--level', Math.min(1, level * 6).toFixed(2))
    })
    keep(closeMicrophone)
    if (closed) return
    socket = await openSocket(onMessage, onClose)
    keep(() => {
      if (socket.readyState === WebSocket.OPEN)
        socket.send(JSON.stringify({ realtimeInput: { audioStreamEnd: true } }))
      socket.close(1000)
    })
    if (!closed) showStatus('listening')
  } catch (error) {
    if (closed) return
    close()
    showProblem(error.message)
    showStatus('idle')
  }
}

document.documentElement.lang = language
for (const node of document.querySelectorAll('[data-text]')) node.textContent = text[node.dataset.text]
showTalking(false)
showStatus('idle')
button.addEventListener('click', () => {
  if (!current) {
    void talk()
    return
  }
  current.close()
  showStatus('ended')
})
