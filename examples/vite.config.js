/** Serves and builds the demos: `npx vite examples/react` and `npx vite examples/phone`, after `npm run build`. */
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'

export default defineConfig({
  resolve: {
    // Outside of this repository the package is installed, and there is nothing to say about it.
    alias: { 'vivavoce/client': fileURLToPath(new URL('../dist/client/index.js', import.meta.url)) },
  },
  // Browsers load an audio worklet from a URL of its own.
  build: { assetsInlineLimit: 0 },
  server: { port: 5173 },
})
