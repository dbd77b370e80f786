/** The second half of a build: what tsc leaves aside (pages, styles, schemas, icons) goes to dist/ as it is. */
import { chmodSync, copyFileSync, existsSync, mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { markBuilt, root, sourceFiles } from './tree.mjs'

for (const path of sourceFiles()) {
  if (path.endsWith('.ts')) continue
  const target = join(root, 'dist', path.slice('src/'.length))
  mkdirSync(dirname(target), { recursive: true })
  copyFileSync(join(root, path), target)
}
const main = join(root, 'dist/cli/main.js')
if (existsSync(main)) chmodSync(main, 0o755)
markBuilt()
