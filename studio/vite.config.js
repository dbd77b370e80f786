/**
 * Builds the Studio into dist/studio, on the client as it is published (dist/client): run tsc first. Assets stay files
 * of their own, since the page's policy forbids everything inline.
 */
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'

const dist = fileURLToPath(new URL('../dist/', import.meta.url))

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  base: '/studio/',
  publicDir: 'public',
  resolve: {
    alias: { 'vivavoce/client': `${dist}client/index.js`, 'vivavoce/protocol': `${dist}protocol/index.js` },
  },
  build: {
    outDir: `${dist}studio`,
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  logLevel: 'warn',
})
