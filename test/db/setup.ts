// The global setup of the database tests: one server for all of them, its address provided as `databaseUrl`.
import type { TestProject } from 'vitest/node'
import { startServer } from './server.js'

declare module 'vitest' {
  interface ProvidedContext {
    readonly databaseUrl: string
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await startServer()
  project.provide('databaseUrl', server.url)
  return () => server.stop()
}
