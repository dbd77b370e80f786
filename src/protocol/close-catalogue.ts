/**
 * Every way in which this server closes a connection: the code, whose fault it is, the reason as a template, and what
 * to do about it. The reason is the only text that clients are shown; the rest is for documentation. Data only.
 */

/** 1000 all is well, 1001 going away, 1002 broken frames, 1007 malformed or invalid, 1008 refused, 1009 too big, 1011 our own failure. */
export type CloseCode = 1000 | 1001 | 1002 | 1007 | 1008 | 1009 | 1011

export interface CloseEntry {
  readonly code: CloseCode
  /** client: the program that connected. operator: whoever configured the server. server: a failure or its limits. */
  readonly fault: 'client' | 'operator' | 'server'
  /** `{name}` stands for a value. */
  readonly reason: string
  /** For the reader of the documentation. */
  readonly cure: string
}

export const CLOSE_CATALOGUE = {
  'message-not-utf8': {
    code: 1007,
    fault: 'client',
    reason: 'The message is not UTF-8 text: send one JSON object per frame.',
    cure: 'Send audio as base64 inside JSON, never as a bare binary frame.',
  },
  'message-not-json': {
    code: 1007,
    fault: 'client',
    reason: 'The message is not JSON: send one JSON object per frame.',
    cure: 'Send each message whole, in a frame of its own.',
  },
  'message-not-a-number': {
    code: 1007,
    fault: 'client',
    reason: 'The message is not JSON, {found} is not a JSON number: send a finite number or leave it out.',
    cure: 'Check the arithmetic that made the value; Python writes NaN and Infinity into JSON unless told otherwise.',
  },
  'message-not-an-object': {
    code: 1007,
    fault: 'client',
    reason: 'The message must be a JSON object with one of {members}.',
    cure: 'Wrap what you send into the member that names it.',
  },
  'message-two-members': {
    code: 1007,
    fault: 'client',
    reason: 'The message holds both {first} and {second}: send them one by one.',
    cure: 'A message has one member.',
  },
  'message-unknown-member': {
    code: 1007,
    fault: 'client',
    reason: 'The message holds {found}: send one of {members}.',
    cure: 'Check the spelling; camelCase and snake_case are both understood.',
  },
  'message-too-many-values': {
    code: 1007,
    fault: 'client',
    reason: 'The message holds more than {limit} values: send it in several parts.',
    cure: 'Split a long history into several clientContent messages.',
  },
  'message-too-deep': {
    code: 1007,
    fault: 'client',
    reason: 'The message is nested deeper than {limit} levels: send a flatter one.',
    cure: 'No message of the API is nested that deeply.',
  },
  'message-key-twice': {
    code: 1007,
    fault: 'client',
    reason: '"{key}" is given twice, in snake_case and in camelCase: send it once.',
    cure: 'Keep one spelling.',
  },
  'message-too-large': {
    code: 1009,
    fault: 'client',
    reason: 'The message is larger than {limit}: send the audio in smaller chunks.',
    cure: 'Send 20 to 100 ms of audio per message, or raise maxMessageBytes.',
  },
  'frame-broken': {
    code: 1002,
    fault: 'client',
    reason: 'The frame breaks the WebSocket protocol (RFC 6455): use a WebSocket library.',
    cure: 'Look for something that writes to the same socket besides the library.',
  },
  'frame-fragments': {
    code: 1008,
    fault: 'client',
    reason: 'The message came in too many fragments: send it in fewer.',
    cure: 'Libraries send a message in one frame by default.',
  },
  'field-invalid': {
    code: 1007,
    fault: 'client',
    reason: '{field} {problem}',
    cure: 'Send a value as the reason says. A long path is shown from its end.',
  },
  'field-unsupported': {
    code: 1008,
    fault: 'client',
    reason: '{field} {problem}',
    cure: 'Do as the reason says, or leave the field out.',
  },
  'field-unknown': {
    code: 1007,
    fault: 'client',
    reason: 'Invalid JSON payload received. Unknown name "{name}"{where}: Cannot find field.',
    cure: 'In strict mode only. Check the spelling and the place of the field, or start the server without --strict.',
  },
  'setup-first': {
    code: 1007,
    fault: 'client',
    reason: 'The first message must be setup, not {member}: send {"setup": {…}} first.',
    cure: 'Send setup as soon as the socket is open.',
  },
  'setup-twice': {
    code: 1007,
    fault: 'client',
    reason: 'setup may be sent once: open another connection for another setup.',
    cure: 'Use contextUpdate for what can change, a new connection for the rest.',
  },
  'setup-late': {
    code: 1008,
    fault: 'client',
    reason: 'No setup came within {seconds} s: send {"setup": {…}} after connecting.',
    cure: 'Connect when the conversation begins.',
  },
  'model-unknown': {
    code: 1008,
    fault: 'client',
    reason: 'setup.model "{model}" is not served: use {served}.',
    cure: 'List the models with GET /v1beta/models, or serve another id with --model.',
  },
  'modalities-both': {
    code: 1007,
    fault: 'client',
    reason: 'setup.generationConfig.responseModalities names both AUDIO and TEXT: choose one of them.',
    cure: 'Ask for AUDIO with outputAudioTranscription to get both.',
  },
  'activity-automatic': {
    code: 1007,
    fault: 'client',
    reason: 'realtimeInput.{member} needs setup.realtimeInputConfig.automaticActivityDetection.disabled=true',
    cure: 'Either mark activity yourself or let the server detect it.',
  },
  'stream-end-manual': {
    code: 1007,
    fault: 'client',
    reason: 'realtimeInput.audioStreamEnd needs automatic activity detection; send activityEnd instead',
    cure: 'With manual activity the end of the audio is activityEnd.',
  },
  'audio-waiting': {
    code: 1008,
    fault: 'client',
    reason: 'realtimeInput.audio: over 15 min of audio are waiting; send it more slowly',
    cure: 'Audio is taken faster than real time, but not without end.',
  },
  'media-rates': {
    code: 1007,
    fault: 'client',
    reason: 'realtimeInput.mediaChunks have different rates: send one rate per message.',
    cure: 'Send each chunk in a message of its own.',
  },
  'mask-unknown': {
    code: 1007,
    fault: 'client',
    reason: 'fieldMask: "{path}" is no field of setup.',
    cure: 'Name fields as in setup: model, generationConfig.temperature, systemInstruction.',
  },
  'field-fixed': {
    code: 1008,
    fault: 'client',
    reason: '{where} is refused: the ephemeral token fixes {field} for the whole session.',
    cure: 'Leave the change out, or make a token whose fieldMask leaves the field to the connection.',
  },
  'credential-missing': {
    code: 1008,
    fault: 'client',
    reason: 'An API key is needed: send it as x-goog-api-key, as ?key= or as "Authorization: Bearer".',
    cure: 'Give the SDK an API key of this server.',
  },
  'credential-unknown': {
    code: 1008,
    fault: 'client',
    reason: 'The API key is not one of this server (--api-key, VIVAVOCE_API_KEYS), or the token has expired.',
    cure: 'Compare the key with the configuration of the server.',
  },
  'credential-none': {
    code: 1008,
    fault: 'operator',
    reason: 'This server has no API keys and serves only its own machine: start it with --api-key.',
    cure: 'Configure a key, or --insecure where everyone who can connect may.',
  },
  'token-unknown': {
    code: 1008,
    fault: 'client',
    reason: 'The ephemeral token is not one of this server: make one with POST /v1alpha/auth_tokens.',
    cure: 'Make the token at the server that it is used at; a removed API key ends its tokens.',
  },
  'token-needed': {
    code: 1008,
    fault: 'client',
    reason: 'BidiGenerateContentConstrained takes ephemeral tokens only: with a key use BidiGenerateContent.',
    cure: 'Give the SDK the name of the token as its API key.',
  },
  'token-expired': {
    code: 1008,
    fault: 'client',
    reason: 'The ephemeral token has expired, its expireTime is over: make another one.',
    cure: 'Make tokens with a later expireTime for longer sessions.',
  },
  'token-closed': {
    code: 1008,
    fault: 'client',
    reason: 'The ephemeral token begins no more sessions, newSessionExpireTime is over: make another one.',
    cure: 'Make the token right before it is used.',
  },
  'token-used-up': {
    code: 1008,
    fault: 'client',
    reason: 'The ephemeral token is used up, it was good for {uses} session(s): make another one.',
    cure: 'Make one token for each session, or one with more uses.',
  },
  'sends-too-fast': {
    code: 1008,
    fault: 'client',
    reason: 'Too many messages, more than {limit} per second: send audio in chunks of 20 ms or longer.',
    cure: 'Look for a loop that sends without waiting.',
  },
  'reads-too-slowly': {
    code: 1008,
    fault: 'client',
    reason: 'The client reads too slowly, {size} are waiting: read faster.',
    cure: 'Read the socket all the time, in a task of its own.',
  },
  'reads-nothing': {
    code: 1008,
    fault: 'client',
    reason: 'The client has read nothing for {seconds} s: read what is sent.',
    cure: 'Read the socket all the time, in a task of its own.',
  },
  'server-full': {
    code: 1011,
    fault: 'operator',
    reason: 'The server is full ({limit} sessions, maxSessions); try again later.',
    cure: 'Raise maxSessions where memory and processor allow it.',
  },
  'server-overloaded': {
    code: 1011,
    fault: 'server',
    reason: 'The server is overloaded: answers wait {seconds} s for the processor; try again later.',
    cure: 'Fewer conversations at a time, a faster machine, or remote engines.',
  },
  'server-short-of-memory': {
    code: 1011,
    fault: 'server',
    reason: 'The server is short of memory; try again when other sessions have ended.',
    cure: 'Fewer conversations at a time, or more memory.',
  },
  'engine-unavailable': {
    code: 1011,
    fault: 'server',
    reason: 'The {engine} engine is not available; try again later.',
    cure: 'Look at the log of the server: an engine does not come back.',
  },
  'internal-connection': {
    code: 1011,
    fault: 'server',
    reason: 'Internal error, logged by the server as connection {id}.',
    cure: 'Report it with the lines of the log.',
  },
  'internal-session': {
    code: 1011,
    fault: 'server',
    reason: 'Internal error in this session; open a new one.',
    cure: 'Report it with the lines of the log.',
  },
  'session-taken-over': {
    code: 1000,
    fault: 'client',
    reason: 'This session goes on in another connection.',
    cure: 'Use the newer connection; each session has one.',
  },
  'session-not-found': {
    code: 1008,
    fault: 'client',
    reason:
      'BidiGenerateContent session not found: the handle is wrong or expired (2 h); start without a handle.',
    cure: 'Use the newest handle, at a server that shares the store it was given by.',
  },
  'session-handle-old': {
    code: 1008,
    fault: 'client',
    reason: 'This handle is too old: use the newest one, or start a new session without a handle.',
    cure: 'In transparent mode the last 64 handles of a session are good.',
  },
  'session-model': {
    code: 1007,
    fault: 'client',
    reason: 'setup.model cannot change on resumption: use "{model}", or start without a handle.',
    cure: 'Everything else in setup may change.',
  },
  'store-unreachable': {
    code: 1011,
    fault: 'operator',
    reason: 'The session store does not answer: try again with the same handle, or start without one.',
    cure: 'Look at the log of the server, and whether Redis runs at sessions.redisUrl.',
  },
  'connection-limit': {
    code: 1011,
    fault: 'operator',
    reason: 'The connection limit of {seconds} s is over: connect again with your session handle.',
    cure: 'Go on in another connection when goAway comes, or raise sessions.connectionLimit.',
  },
  'shutting-down': {
    code: 1001,
    fault: 'server',
    reason: 'The server is shutting down: connect again, with your handle if you have one.',
    cure: 'Ask for sessionResumption, and go on elsewhere when goAway comes.',
  },
} as const satisfies Readonly<Record<string, CloseEntry>>

export type CloseId = keyof typeof CLOSE_CATALOGUE

type NamesIn<Template extends string> = Template extends `${string}{${infer Name}}${infer Rest}`
  ? (Name extends `"${string}` ? never : Name) | NamesIn<Rest>
  : never

/** The values that an entry's reason needs. */
export type CloseValues<Id extends CloseId> = Readonly<
  Record<NamesIn<(typeof CLOSE_CATALOGUE)[Id]['reason']>, string | number>
>
