/** sha256 of files on disk. Knows nothing of what the files are. */
import { createHash, type Hash } from 'node:crypto'
import { createReadStream } from 'node:fs'

export async function hashFileInto(hash: Hash, path: string, signal?: AbortSignal): Promise<void> {
  // 1 MiB reads: 1.1 GB takes about 3 s where the default of 64 KiB takes 5.
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20, signal })) hash.update(chunk)
}

export async function sha256OfFile(path: string, signal?: AbortSignal): Promise<string> {
  const hash = createHash('sha256')
  await hashFileInto(hash, path, signal)
  return hash.digest('hex')
}
