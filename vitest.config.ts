import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

/** The Studio imports the product by its published names. */
const alias = Object.fromEntries(
  ['client', 'protocol'].map((name) => [
    `vivavoce/${name}`,
    fileURLToPath(new URL(`src/${name}/index.ts`, import.meta.url)),
  ]),
)

/** What drives browsers and other people's clients on shared cores gets a second try in CI; vitest's report names it. */
const retry = process.env.CI === undefined ? 0 : 1

/** Never one alone: most suites wait, for processes to start and for speech to be spoken. */
const maxWorkers = Math.max(2, availableParallelism() - 1)

/**
 * unit: no weights, no network, no SDK. sdk: Google's SDKs and the programs of the command line against a scripted server.
 * studio: the Studio in a browser. frameworks: what is built on the SDKs. models: real weights.
 */
export default defineConfig({
  resolve: { alias },
  test: {
    maxWorkers,
    // One second, vitest's own, is little on shared cores.
    expect: { poll: { timeout: 15_000 } },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          setupFiles: ['test/property-seed.ts'],
          include: [
            'src/**/*.test.ts',
            'test/*.test.ts',
            'test/conformance/*.test.ts',
            'test/soak/*.test.ts',
            'studio/src/**/*.test.ts',
          ],
          testTimeout: 60_000,
          // Loading the same modules for every file again took 45 % of the time: 90 s of processor instead of 50 s.
          isolate: false,
        },
      },
      {
        extends: true,
        test: {
          name: 'sdk',
          include: ['test/sdk/**/*.test.ts'],
          testTimeout: 180_000,
          hookTimeout: 180_000,
          retry,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: 'studio',
          include: ['test/studio/**/*.test.ts'],
          testTimeout: 180_000,
          retry,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
      {
        test: { name: 'frameworks', include: ['test/frameworks/**/*.test.ts'], testTimeout: 180_000, retry },
      },
      {
        extends: true,
        test: {
          name: 'models',
          include: ['test/models/**/*.test.ts'],
          testTimeout: 600_000,
          hookTimeout: 600_000,
          fileParallelism: false,
        },
      },
    ],
  },
})
