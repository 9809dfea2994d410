// Three projects: `unit` runs the tests, `db` those that need PostgreSQL (which it starts), `types` only type-checks
// `*.test-d.ts`.
import { fileURLToPath } from 'node:url'

import { defineConfig, type Plugin, type ViteUserConfig } from 'vitest/config'
import { LongFirst } from './test/long-first.js'
import { isDeep } from './test/support/depth.js'

/** The package's own names, as policies and examples import them, without a build. */
const alias = [
  { find: /^casemate$/, replacement: fileURLToPath(new URL('src/index.ts', import.meta.url)) },
  { find: /^casemate\/([a-z/]+)$/, replacement: fileURLToPath(new URL('src/$1/index.ts', import.meta.url)) }
]

/**
 * Workers load packages without the condition `development`, under which some bring a build that checks itself: slow,
 * and not the one that a user runs. Vite adds the condition to whatever a configuration says, so it is taken out after.
 */
const plugins: Plugin[] = [
  {
    name: 'builds-as-shipped',
    configResolved({ ssr }) {
      const { conditions = [] } = ssr.resolve ?? {}
      const shipped = conditions.filter((condition) => !condition.startsWith('development'))
      ssr.resolve = { ...ssr.resolve, conditions: shipped }
    }
  }
]

const isShuffled = process.argv.some((word) => word.startsWith('--sequence.shuffle'))

const config: ViteUserConfig = defineConfig({
  test: {
    // Vitest would leave one of two cores to itself.
    maxWorkers: '100%',
    // An order of our own would take the place of the shuffled one.
    ...(isShuffled ? {} : { sequence: { sequencer: LongFirst } }),
    coverage: {
      provider: 'v8',
      include: ['src/**/*.ts'],
      reporter: ['text', 'html', 'lcov']
    },
    projects: [
      {
        resolve: { alias },
        plugins,
        test: {
          name: 'unit',
          // Tests keep no state in modules; loading them anew for each file would be half of the run.
          isolate: false,
          include: ['test/**/*.test.ts'],
          exclude: ['test/db/**'],
          globalSetup: ['test/seed.ts', 'test/support/packed.ts'],
          setupFiles: ['test/setup.ts'],
          // Zero means no limit: a deep run takes what it takes, and no test asserts a duration.
          testTimeout: isDeep ? 0 : 60_000,
          hookTimeout: isDeep ? 0 : 60_000
        }
      },
      {
        resolve: { alias },
        plugins,
        test: {
          name: 'db',
          isolate: false,
          include: ['test/db/**/*.db.test.ts', 'examples/**/*.db.test.ts'],
          globalSetup: ['test/db/setup.ts', 'test/support/packed.ts'],
          setupFiles: ['test/setup.ts'],
          testTimeout: isDeep ? 0 : 60_000,
          hookTimeout: 60_000
        }
      },
      {
        // Abilities are tested with both versions of CASL that may be installed: `unit` has the newer one.
        resolve: { alias: [...alias, { find: /^@casl\/ability(.*)$/, replacement: 'casl6$1' }] },
        plugins,
        test: {
          name: 'casl6',
          env: { CASEMATE_CASL: '6' },
          isolate: false,
          include: ['test/casl/*.test.ts'],
          globalSetup: ['test/seed.ts'],
          setupFiles: ['test/setup.ts'],
          testTimeout: isDeep ? 0 : 60_000
        }
      },
      {
        test: {
          name: 'types',
          include: [],
          typecheck: {
            enabled: true,
            only: true,
            // The fastest: all of it in seconds. `npm run typecheck` has the compiler of the project check the same files.
            checker: fileURLToPath(new URL('node_modules/typescript-7/bin/tsc', import.meta.url)),
            include: ['test/**/*.test-d.ts'],
            tsconfig: './tsconfig.json'
          }
        }
      }
    ]
  }
})
export default config
