import { createRequire } from 'node:module'
import { defineConfig } from 'vitest/config'

// Vite picks graphql's `module` build while Node, and so every dependency, loads `main`: two copies
// of one schema library refuse each other's types.
const alias = { graphql: createRequire(import.meta.url).resolve('graphql') }

const ignored = ['**/node_modules/**', 'contracts/out/**']

export default defineConfig({
  test: {
    retry: 0,
    projects: [
      {
        resolve: { alias },
        test: {
          name: 'unit',
          sequence: { groupOrder: 0 },
          include: ['**/*.test.ts'],
          exclude: [...ignored, '**/*.int.test.ts', '**/*.e2e.test.ts'],
        },
      },
      {
        resolve: { alias },
        test: {
          name: 'int',
          sequence: { groupOrder: 1 },
          include: ['**/*.int.test.ts'],
          exclude: ignored,
          globalSetup: ['test/support/postgres-cluster.ts'],
          testTimeout: 60_000,
          hookTimeout: 120_000,
          maxWorkers: 2,
        },
      },
      {
        resolve: { alias },
        test: {
          name: 'e2e',
          sequence: { groupOrder: 2 },
          include: ['**/*.e2e.test.ts'],
          exclude: ignored,
          globalSetup: ['test/support/postgres-cluster.ts'],
          testTimeout: 600_000,
          hookTimeout: 120_000,
          maxWorkers: 1,
        },
      },
    ],
  },
})
