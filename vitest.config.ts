// `unit` runs the tests, `db` those that need PostgreSQL (which it starts), `browser` those in Chromium, `thorough` those
// of commands and of the tests themselves; `types` only type-checks `*.test-d.ts`. `npm test` leaves `db`, `browser` and
// `thorough` to commands of their own.
import { fileURLToPath } from 'node:url'

import { defineConfig, type Plugin, type ViteUserConfig } from 'vitest/config'
import { LongFirst } from './test/long-first.js'
import { drawingTests } from './test/support/drawing.js'
import { isDeep, isQuick } from './test/support/depth.js'

/**
 * What takes as long as the rest: tests of the tests, what is as large as it may be, differences and mutants beside brute
 * force, commands and servers as they run, callers in other languages, and what a user makes of the packed package under
 * every compiler and runner. `.ci/run` runs them, once.
 */
const thorough = [
  'test/**/planted-bugs*.test.ts',
  'test/compile/{scale,large-documents}.test.ts',
  'test/text/limits.test.ts',
  'test/verify/matrix-page-limits.test.ts',
  'test/diff/{bounds,laws}.test.ts',
  'test/mutate/{mutate,budget}.test.ts',
  'test/output/sinks.test.ts',
  'test/server/{callers,interop,recorded,serve,stop}.test.ts',
  'test/cli/**/*.test.ts',
  'test/docs/{docs,published-types}.test.ts'
]

/** What draws nothing is for a quick look alone: a deeper one would only do the same again. */
const units = isQuick ? ['{test,examples}/**/*.test.ts'] : drawingTests('test')

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
    configResolved({ ssr, environments }) {
      for (const { resolve } of [ssr, ...Object.values(environments)])
        if (resolve?.conditions !== undefined)
          resolve.conditions = resolve.conditions.filter((condition) => !condition.startsWith('development'))
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
    // What was transformed is kept, for the next run and for the other projects of this one.
    experimental: { fsModuleCache: true },
    projects: [
      {
        resolve: { alias },
        plugins,
        test: {
          name: 'unit',
          // Tests keep no state in modules; loading them anew for each file would be half of the run.
          isolate: false,
          include: units,
          exclude: ['**/*.{db,browser}.test.ts', ...thorough],
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
          exclude: thorough,
          globalSetup: ['test/db/setup.ts', 'test/support/packed.ts'],
          setupFiles: ['test/setup.ts'],
          testTimeout: isDeep ? 0 : 60_000,
          hookTimeout: 60_000
        }
      },
      {
        resolve: { alias },
        plugins,
        test: {
          name: 'thorough',
          isolate: false,
          include: thorough,
          globalSetup: ['test/seed.ts', 'test/db/setup.ts', 'test/support/packed.ts'],
          setupFiles: ['test/setup.ts'],
          testTimeout: isDeep ? 0 : 60_000,
          hookTimeout: isDeep ? 0 : 60_000
        }
      },
      {
        // Pages in Chromium; without one these tests are skipped.
        resolve: { alias },
        plugins,
        test: {
          name: 'browser',
          isolate: false,
          include: ['test/**/*.browser.test.ts'],
          globalSetup: ['test/seed.ts'],
          setupFiles: ['test/setup.ts'],
          testTimeout: isDeep ? 0 : 120_000,
          hookTimeout: 120_000
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
            // Only these and what they import; `npm run typecheck` checks all files.
            checker: fileURLToPath(new URL('test/check-types.js', import.meta.url)),
            include: ['test/**/*.test-d.ts'],
            tsconfig: './test/tsconfig.types.json'
          }
        }
      }
    ]
  }
})
export default config
