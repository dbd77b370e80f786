/** What the server gives as reasons for a close, in Spanish: by the ids of its catalogue, and what it says of a field. */

import type { CloseId } from 'vivavoce/protocol'

export const REASONS_ES: Readonly<Record<CloseId, string>> = {
  'message-not-utf8': 'El mensaje no es texto UTF-8: envía un objeto JSON por trama.',
  'message-not-json': 'El mensaje no es JSON: envía un objeto JSON por trama.',
  'message-not-a-number':
    'El mensaje no es JSON, {found} no es un número de JSON: envía un número finito o déjalo fuera.',
  'message-not-an-object': 'El mensaje debe ser un objeto JSON con uno de {members}.',
  'message-two-members': 'El mensaje contiene {first} y {second}: envíalos uno por uno.',
  'message-unknown-member': 'El mensaje contiene {found}: envía uno de {members}.',
  'message-too-many-values': 'El mensaje contiene más de {limit} valores: envíalo en varias partes.',
  'message-too-deep': 'El mensaje tiene más de {limit} niveles: envía uno más plano.',
  'message-key-twice': '«{key}» aparece dos veces, en snake_case y en camelCase: envíalo una vez.',
  'message-too-large': 'El mensaje supera {limit}: envía el audio en trozos más pequeños.',
  'frame-broken': 'La trama no cumple el protocolo WebSocket (RFC 6455): usa una biblioteca de WebSocket.',
  'frame-fragments': 'El mensaje llegó en demasiados fragmentos: envíalo en menos.',
  'field-invalid': '{field} {problem}',
  'field-unsupported': '{field} {problem}',
  'field-unknown': 'Se recibió JSON no válido. El nombre «{name}»{where} no existe.',
  'setup-first': 'El primer mensaje debe ser setup, no {member}: envía antes {"setup": {…}}.',
  'setup-twice': 'setup se envía una sola vez: abre otra conexión para otros ajustes.',
  'setup-late': 'No llegó setup en {seconds} s: envía {"setup": {…}} al conectar.',
  'model-unknown': 'El modelo «{model}» no se sirve aquí: usa {served}.',
  'modalities-both': 'setup.generationConfig.responseModalities nombra AUDIO y TEXT: elige uno.',
  'activity-automatic':
    'realtimeInput.{member} necesita setup.realtimeInputConfig.automaticActivityDetection.disabled=true',
  'stream-end-manual':
    'realtimeInput.audioStreamEnd necesita la detección automática de actividad; envía activityEnd',
  'audio-waiting': 'realtimeInput.audio: esperan más de 15 min de audio; envíalo más despacio',
  'media-rates':
    'realtimeInput.mediaChunks tiene frecuencias distintas: envía una sola frecuencia por mensaje.',
  'mask-unknown': 'fieldMask: «{path}» no es un campo de setup.',
  'field-fixed': '{where} se rechaza: el token efímero fija {field} para toda la sesión.',
  'credential-missing':
    'Hace falta una clave de API: envíala como x-goog-api-key, como ?key= o como "Authorization: Bearer".',
  'credential-unknown':
    'La clave de API no es de este servidor (--api-key, VIVAVOCE_API_KEYS), o el token ha caducado.',
  'credential-none':
    'Este servidor no tiene claves de API y solo atiende a su propia máquina: arráncalo con --api-key.',
  'token-unknown': 'El token efímero no es de este servidor: crea uno con POST /v1alpha/auth_tokens.',
  'token-needed':
    'BidiGenerateContentConstrained solo admite tokens efímeros: con una clave usa BidiGenerateContent.',
  'token-expired': 'El token efímero ha caducado, su expireTime ha pasado: crea otro.',
  'token-closed': 'El token efímero ya no abre sesiones, su newSessionExpireTime ha pasado: crea otro.',
  'token-used-up': 'El token efímero está agotado, servía para {uses} sesión(es): crea otro.',
  'sends-too-fast':
    'Demasiados mensajes, más de {limit} por segundo: envía el audio en trozos de 20 ms o más.',
  'reads-too-slowly': 'El cliente lee demasiado despacio, esperan {size}: lee más deprisa.',
  'reads-nothing': 'El cliente no ha leído nada en {seconds} s: lee lo que se envía.',
  'server-full': 'El servidor está lleno ({limit} sesiones, maxSessions); inténtalo más tarde.',
  'server-overloaded':
    'El servidor está sobrecargado: las respuestas esperan {seconds} s al procesador; inténtalo más tarde.',
  'server-short-of-memory':
    'Al servidor le falta memoria; inténtalo de nuevo cuando terminen otras sesiones.',
  'engine-unavailable': 'El motor {engine} no está disponible; inténtalo más tarde.',
  'internal-connection': 'Error interno, registrado por el servidor como conexión {id}.',
  'internal-session': 'Error interno en esta sesión; abre una nueva.',
  'session-taken-over': 'Esta sesión sigue en otra conexión.',
  'session-not-found':
    'No se encuentra la sesión BidiGenerateContent: el identificador es incorrecto o ha caducado (2 h); empieza sin él.',
  'session-handle-old':
    'Este identificador es demasiado antiguo: usa el más reciente, o empieza una sesión nueva sin él.',
  'session-model': 'setup.model no puede cambiar al reanudar: usa «{model}», o empieza sin identificador.',
  'store-unreachable':
    'El almacén de sesiones no responde: inténtalo con el mismo identificador, o empieza sin él.',
  'connection-limit':
    'Se alcanzó el límite de conexión de {seconds} s: conecta de nuevo con tu identificador de sesión.',
  'shutting-down': 'El servidor se está apagando: conecta de nuevo, con tu identificador si lo tienes.',
}

/** `problem` of the two entries that speak of a field: what it must be. In English → in Spanish, the first that matches. */
export const PROBLEMS_ES: readonly (readonly [en: string, es: string])[] = [
  ['must be a whole number from {min} to {max}.', 'debe ser un número entero de {min} a {max}.'],
  ['must be a number from {min} to {max}.', 'debe ser un número de {min} a {max}.'],
  ['must be true or false.', 'debe ser true o false.'],
  ['must be a string.', 'debe ser un texto.'],
  ['must be an object.', 'debe ser un objeto.'],
  [
    'must be 1 to 128 letters, digits or _ . : - and begin with a letter or _.',
    'debe tener de 1 a 128 letras, cifras o _ . : - y empezar por una letra o _.',
  ],
  ['must be OBJECT: arguments are given by name.', 'debe ser OBJECT: los argumentos van por su nombre.'],
  [
    '"{name}" is declared twice: give every function its own name.',
    '«{name}» se declara dos veces: da a cada función su propio nombre.',
  ],
  ['is not supported yet: {cure}.', 'aún no se admite ({cure}).'],
  ['must be {names}.', 'debe ser {names}.'],
]
