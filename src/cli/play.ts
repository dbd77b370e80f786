/** Plays PCM through whichever player the machine has; it ships none. */

import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pcm16ToFloat, writeWav } from '../audio/index.js'

interface Player {
  readonly command: string
  /** Arguments to play raw PCM16 mono from standard input; absent where it needs a file. */
  readonly stream?: (rateHz: number) => readonly string[]
  readonly file: (path: string) => readonly string[]
}

const PLAYERS: readonly Player[] = [
  {
    command: 'aplay',
    stream: (rateHz) => ['-q', '-t', 'raw', '-f', 'S16_LE', '-c', '1', '-r', String(rateHz), '-'],
    file: (path) => ['-q', path],
  },
  { command: 'afplay', file: (path) => [path] },
  { command: 'pw-play', file: (path) => [path] },
  {
    command: 'ffplay',
    file: (path) => ['-nodisp', '-autoexit', '-loglevel', 'error', path],
    stream: (rateHz) => [
      ...['-nodisp', '-autoexit', '-loglevel', 'error', '-f', 's16le', '-ar', String(rateHz)],
      ...['-ch_layout', 'mono', '-i', '-'],
    ],
  },
]

export interface Playing {
  readonly player: string
  write(pcm16: Uint8Array): void
  /** Resolves when everything has been played; true unless the player failed. */
  finish(): Promise<boolean>
}

/** Undefined where the machine has no player that we know. */
export function startPlaying(rateHz: number): Playing | undefined {
  const player = PLAYERS.find(({ command }) => spawnSync('sh', ['-c', `command -v ${command}`]).status === 0)
  if (player === undefined) return undefined
  return player.stream === undefined ? playFile(player, rateHz) : playStream(player, player.stream(rateHz))
}

function playStream(player: Player, args: readonly string[]): Playing {
  const child = spawn(player.command, args, { stdio: ['pipe', 'ignore', 'ignore'] })
  const finished = exitOf(child)
  // A player without a sound card ends at once; that is told by `finish`.
  child.stdin.on('error', () => {})
  return {
    player: player.command,
    write: (pcm16) => void child.stdin.write(pcm16),
    finish() {
      child.stdin.end()
      return finished
    },
  }
}

function playFile(player: Player, rateHz: number): Playing {
  const chunks: Uint8Array[] = []
  return {
    player: player.command,
    write: (pcm16) => void chunks.push(pcm16),
    async finish() {
      const path = join(tmpdir(), `vivavoce-answer-${process.pid}.wav`)
      await writeFile(path, writeWav(pcm16ToFloat(Buffer.concat(chunks)), rateHz))
      try {
        return await exitOf(spawn(player.command, player.file(path), { stdio: 'ignore' }))
      } finally {
        await rm(path, { force: true })
      }
    },
  }
}

function exitOf(child: ChildProcess): Promise<boolean> {
  return new Promise((resolve) => {
    child.once('error', () => resolve(false))
    child.once('exit', (code) => resolve(code === 0))
  })
}
