/**
 * Rules that hold between settings: what a remote engine needs, what would silently be ignored, and which bind is safe.
 * Works on values that are each valid alone.
 */

import { ConfigError } from './error.js'
import type { Config, Origins } from './schema.js'

interface Combined {
  readonly config: Config
  readonly origins: Origins
  readonly problems: readonly string[]
}

/**
 * A URL (or a model file) with engine `auto` chooses that engine; with another engine named it would be ignored
 * in silence, so it is refused.
 */
export function checkCombinations(config: Config, origins: Origins): Combined {
  const problems: string[] = []
  let result = config
  const resolved: Record<string, string> = { ...origins }

  for (const section of ['asr', 'llm', 'tts', 'vision'] as const) {
    const settings = config[section]
    const isRemote = settings.engine === 'openai'
    if (settings.url !== undefined && settings.engine === 'auto') {
      result = { ...result, [section]: { ...settings, engine: 'openai' } }
      resolved[`${section}.engine`] = `because of ${section}.url, ${origins[`${section}.url`]}`
    } else if (settings.url !== undefined && !isRemote) {
      problems.push(
        `${section}.url (from ${origins[`${section}.url`]}) would be ignored: ${section}.engine is ` +
          `${settings.engine} (from ${origins[`${section}.engine`]}). Set it to openai, or take the URL out.`,
      )
    }
    for (const needed of ['url', 'model'] as const) {
      const remote = isRemote || settings.url !== undefined
      if (remote && settings[needed] === undefined) {
        problems.push(`${section}.${needed} is missing: a remote ${section} engine needs url and model.`)
      }
    }
  }
  if (config.llm.modelPath !== undefined && config.llm.engine !== 'auto') {
    problems.push(
      `llm.modelPath (from ${origins['llm.modelPath']}) would be ignored: llm.engine is ${config.llm.engine}. ` +
        'Leave llm.engine at auto, or take the path out.',
    )
  } else if (config.llm.modelPath !== undefined && config.llm.url !== undefined) {
    problems.push('llm.modelPath and llm.url exclude each other: keep one.')
  }
  const { realtime } = config
  for (const needed of ['url', 'model'] as const) {
    const isAskedFor = realtime.url ?? realtime.model ?? realtime.profiles[0] ?? realtime.voice
    if (isAskedFor !== undefined && realtime[needed] === undefined) {
      problems.push(`realtime.${needed} is missing: a speech-to-speech server needs url and model.`)
    }
  }
  const namesModel = result.llm.engine !== 'auto' || config.llm.modelPath !== undefined
  if (answersEverything(config) && namesModel) {
    problems.push(
      'The settings of llm would be ignored: realtime.url stands behind every model. Name some in realtime.profiles, or take them out.',
    )
  }
  if (config.llm.input === 'audio' && result.llm.engine !== 'openai') {
    problems.push(
      `llm.input audio (from ${origins['llm.input']}) needs a remote model that hears: set llm.url and llm.model.`,
    )
  }
  if (config.freeVoicesOnly && config.tts.engine === 'piper') {
    problems.push(
      'tts.engine piper is refused by freeVoicesOnly: the terms of its voice joe are not plainly free.',
    )
  }
  if (config.script !== undefined && config.engines !== 'scripted') {
    problems.push(`script (from ${origins.script}) would be ignored: set engines to scripted.`)
  }
  const { store, redisUrl } = config.sessions
  if (redisUrl !== undefined && origins['sessions.store'] === 'default') {
    result = { ...result, sessions: { ...result.sessions, store: 'redis' } }
    resolved['sessions.store'] = `because of sessions.redisUrl, ${origins['sessions.redisUrl']}`
  } else if (redisUrl !== undefined && store !== 'redis') {
    problems.push(
      `sessions.redisUrl would be ignored: sessions.store is ${store}. Set it to redis, or take the URL out.`,
    )
  } else if (redisUrl === undefined && store === 'redis') {
    problems.push('sessions.redisUrl is missing: sessions.store redis needs it.')
  }
  if (config.port !== 0 && config.port === config.tlsPort) {
    problems.push(`port and tlsPort are both ${config.port}: choose two ports.`)
  }
  return { config: result, origins: resolved, problems }
}

/** Whether a speech-to-speech server stands behind every model, so that no other language model is needed. */
export function answersEverything({ realtime }: Pick<Config, 'realtime'>): boolean {
  return realtime.url !== undefined && realtime.profiles.length === 0
}

/** True for the addresses that only this machine can reach. Takes a host name or an address, brackets allowed. */
export function isLoopbackHost(host: string): boolean {
  const bare = host.replace(/^\[|\]$/g, '').toLowerCase()
  return (
    bare === 'localhost' || bare.endsWith('.localhost') || bare === '::1' || /^127(\.\d{1,3}){3}$/.test(bare)
  )
}

/** Throws a ConfigError for a bind that others can reach while nothing asks them for a key. */
export function checkBind(config: Pick<Config, 'host' | 'apiKeys' | 'insecure'>): void {
  if (isLoopbackHost(config.host) || config.apiKeys.length > 0 || config.insecure) return
  throw new ConfigError([
    `host ${config.host} can be reached from other machines and no key is set. Give one with --api-key ` +
      '(VIVAVOCE_API_KEYS, apiKeys), or say --insecure if everyone who can reach it may use it.',
  ])
}
