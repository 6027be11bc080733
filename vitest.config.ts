import { defineConfig } from 'vitest/config'

export default defineConfig({
  resolve: { conditions: ['millrace-source'] },
  ssr: { resolve: { conditions: ['millrace-source'], externalConditions: ['millrace-source'] } },
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['**/.millrace/**', '**/node_modules/**'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 180_000,
    reporters: ['./scripts/test-reporter.ts'],
  },
})
