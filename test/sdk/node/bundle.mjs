/** Bundles the scenarios for browsers, with the build of @google/genai that bundlers take for them. Usage: bundle.mjs <output file>. */
import { basename, dirname, join } from 'node:path'
import { build } from 'vite'

const [output] = process.argv.slice(2)
await build({
  configFile: false,
  root: import.meta.dirname,
  logLevel: 'warn',
  build: {
    outDir: dirname(output),
    emptyOutDir: false,
    minify: false,
    lib: {
      entry: join(import.meta.dirname, 'browser-entry.mjs'),
      formats: ['es'],
      fileName: () => basename(output),
    },
  },
})
