// Two projects: `unit` runs the tests, `types` only type-checks `*.test-d.ts`.
import { defineConfig, type ViteUserConfig } from 'vitest/config'

const isDeep = process.env['CASEMATE_DEEP'] === '1'

const config: ViteUserConfig = defineConfig({
  test: {
    coverage: {
      provider: 'v8',
      include: ['src/**/*.ts'],
      reporter: ['text', 'html', 'lcov']
    },
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          globalSetup: ['test/seed.ts'],
          setupFiles: ['test/setup.ts'],
          // Zero means no limit: a deep run takes what it takes, and no test asserts a duration.
          testTimeout: isDeep ? 0 : 60_000,
          hookTimeout: isDeep ? 0 : 60_000
        }
      },
      {
        test: {
          name: 'types',
          include: [],
          typecheck: {
            enabled: true,
            only: true,
            include: ['test/**/*.test-d.ts'],
            tsconfig: './tsconfig.json'
          }
        }
      }
    ]
  }
})
export default config
