/**
 * What becomes of every field that a client may put into `setup`. The rule: a field whose absence changes no
 * answer is accepted with a notice, since frameworks always send some; one whose effect a user would miss, and
 * which does not exist yet, is refused with a reason that says how to go on. Data only.
 */

import type { FieldSupport } from './field-support.js'

const used = (path: string): FieldSupport => ({ path, decision: 'used' })
const ignored = (path: string, why: string): FieldSupport => ({ path, decision: 'ignored', why })
const refused = (path: string, cure: string, asked?: (value: unknown) => boolean): FieldSupport => ({
  path,
  decision: 'refused',
  cure,
  ...(asked && { asked }),
})

const asksForSeveral = (value: unknown): boolean => Number(value) !== 1 && Number(value) !== 0
const asksForAny = (value: unknown): boolean => !Array.isArray(value) || value.length > 0
const asksForOtherThanText = (value: unknown): boolean => value !== '' && value !== 'text/plain'

/** Options of both transcriptions; `heard` are those of speech that is recognised. */
const transcription = (path: string, heard: readonly FieldSupport[]): readonly FieldSupport[] => [
  used(path),
  ...heard,
  ignored(`${path}.languageAuto`, 'without languageCodes the language is recognised from the speech'),
  refused(`${path}.wordTimestamp`, 'remove it, transcripts carry text only'),
  refused(`${path}.diarization`, 'remove it, transcripts carry text only'),
]

const HEARD = [
  'languageCodes',
  'languageHints',
  'customVocabulary',
  'adaptationPhrases',
  'mode',
  'sourceText',
]
const input = 'setup.inputAudioTranscription'
const output = 'setup.outputAudioTranscription'

const RECOGNISED: readonly FieldSupport[] = [
  used(`${input}.languageCodes`),
  used(`${input}.languageHints`),
  refused(`${input}.customVocabulary`, 'remove it, the recogniser takes no vocabulary', asksForAny),
  refused(`${input}.adaptationPhrases`, 'remove it, the recogniser takes no vocabulary', asksForAny),
  refused(`${input}.mode`, 'use VERBATIM, transcripts are what was heard', (value) => value === 'SMART'),
  refused(`${input}.sourceText`, 'remove it, transcripts come from the speech alone'),
]

const BUILT_IN_TOOLS = [
  'googleSearch',
  'googleSearchRetrieval',
  'codeExecution',
  'urlContext',
  'googleMaps',
  'computerUse',
  'fileSearch',
  'retrieval',
  'enterpriseWebSearch',
  'mcpServers',
  'parallelAiSearch',
  'exaAiSearch',
]

/** A list of tools at `path`: functions of the client are called, built-in tools asked for even by `{}`. */
export function toolRows(path: string): readonly FieldSupport[] {
  const declarations = `${path}.functionDeclarations`
  return [
    used(path),
    used(declarations),
    ...['name', 'description', 'parameters', 'parametersJsonSchema', 'behavior'].map((name) =>
      used(`${declarations}.${name}`),
    ),
    ignored(`${declarations}.response`, 'the model takes any result'),
    ignored(`${declarations}.responseJsonSchema`, 'the model takes any result'),
    ...BUILT_IN_TOOLS.map((name) =>
      refused(`${path}.${name}`, 'remove it, or declare a function of your own', () => true),
    ),
  ]
}

const generationConfig = 'setup.generationConfig'
const speechConfig = `${generationConfig}.speechConfig`
const realtimeInputConfig = 'setup.realtimeInputConfig'
const detection = `${realtimeInputConfig}.automaticActivityDetection`

export const SETUP_SUPPORT: readonly FieldSupport[] = [
  used('setup.model'),
  used('setup.systemInstruction'),

  used(generationConfig),
  used(`${generationConfig}.responseModalities`),
  used(`${generationConfig}.temperature`),
  used(`${generationConfig}.topP`),
  used(`${generationConfig}.topK`),
  used(`${generationConfig}.maxOutputTokens`),
  used(`${generationConfig}.seed`),
  used(`${generationConfig}.presencePenalty`),
  used(`${generationConfig}.frequencyPenalty`),
  refused(`${generationConfig}.candidateCount`, 'there is one answer, remove it', asksForSeveral),
  refused(`${generationConfig}.stopSequences`, 'remove it'),
  refused(`${generationConfig}.responseSchema`, 'answers are free text, remove it'),
  refused(`${generationConfig}.responseJsonSchema`, 'answers are free text, remove it'),
  refused(`${generationConfig}.responseFormat`, 'answers are free text, remove it'),
  refused(`${generationConfig}.responseMimeType`, 'answers are free text, remove it', asksForOtherThanText),
  refused(`${generationConfig}.responseLogprobs`, 'remove it'),
  refused(`${generationConfig}.logprobs`, 'remove it'),
  used(`${generationConfig}.enableAffectiveDialog`),
  refused(`${generationConfig}.translationConfig`, 'ask for a translation in systemInstruction'),
  used(`${generationConfig}.mediaResolution`),
  ignored(`${generationConfig}.thinkingConfig`, 'answers are given without thinking aloud'),
  ignored(`${generationConfig}.modelConfig`, 'the server chooses its engines'),
  ignored(`${generationConfig}.modelSelectionConfig`, 'the server chooses its engines'),
  ignored(`${generationConfig}.routingConfig`, 'the server chooses its engines'),
  ignored(`${generationConfig}.audioTimestamp`, 'it has no meaning in a live conversation'),
  ignored(`${generationConfig}.imageConfig`, 'answers are audio or text'),
  ignored(`${generationConfig}.enableEnhancedCivicAnswers`, 'nothing is looked up for answers'),
  ignored(`${generationConfig}.audioTranscriptionConfig`, 'see setup.inputAudioTranscription'),

  used(speechConfig),
  used(`${speechConfig}.languageCode`),
  used(`${speechConfig}.voiceConfig`),
  used(`${speechConfig}.voiceConfig.prebuiltVoiceConfig`),
  used(`${speechConfig}.voiceConfig.prebuiltVoiceConfig.voiceName`),
  ignored(`${speechConfig}.voiceConfig.voice`, 'name the voice in prebuiltVoiceConfig.voiceName'),
  refused(`${speechConfig}.voiceConfig.replicatedVoiceConfig`, 'use prebuiltVoiceConfig'),
  refused(`${speechConfig}.multiSpeakerVoiceConfig`, 'use voiceConfig'),

  used(realtimeInputConfig),
  used(detection),
  used(`${detection}.disabled`),
  used(`${detection}.startOfSpeechSensitivity`),
  used(`${detection}.endOfSpeechSensitivity`),
  used(`${detection}.prefixPaddingMs`),
  used(`${detection}.silenceDurationMs`),
  used(`${realtimeInputConfig}.activityHandling`),
  used(`${realtimeInputConfig}.turnCoverage`),
  ignored(`${realtimeInputConfig}.interimTranscriptTimestampEnabled`, 'interim transcripts carry no times'),

  ...transcription(input, RECOGNISED),
  ...transcription(
    output,
    HEARD.map((name) => ignored(`${output}.${name}`, 'the words are known')),
  ),

  ...toolRows('setup.tools'),
  used('setup.toolConfig'),
  used('setup.toolConfig.functionCallingConfig'),
  used('setup.toolConfig.functionCallingConfig.allowedFunctionNames'),
  used('setup.toolConfig.functionCallingConfig.mode'),
  ignored('setup.toolConfig.retrievalConfig', 'it is for built-in tools, and there are none'),
  ignored('setup.toolConfig.includeServerSideToolInvocations', 'there are no built-in tools'),

  used('setup.sessionResumption'),
  used('setup.sessionResumption.handle'),
  used('setup.sessionResumption.transparent'),
  used('setup.contextWindowCompression'),
  used('setup.contextWindowCompression.triggerTokens'),
  used('setup.contextWindowCompression.slidingWindow'),
  used('setup.contextWindowCompression.slidingWindow.targetTokens'),
  used('setup.historyConfig'),
  used('setup.historyConfig.initialHistoryInClientContent'),
  refused('setup.prefixTurns', 'send the turns in clientContent'),

  used('setup.proactivity'),
  used('setup.proactivity.proactiveAudio'),
  used('setup.proactivity.proactiveVideo'),
  used('setup.explicitVadSignal'),
  refused('setup.avatarConfig', 'remove it, answers are audio or text'),

  ignored('setup.safetySettings', 'nothing is filtered here'),
  ignored('setup.labels', 'there is no billing here'),
]
