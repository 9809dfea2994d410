// Tests that ask a MariaDB server. Where none is installed they are skipped, and their names say why.
import type { Connection } from 'mysql2/promise'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { connect, missing, startMaria, type MariaServer } from './server.js'

/** Declares a test with a connection to the server, as its superuser. */
export type WithMaria = (
  name: string,
  use: (client: Connection, port: number) => Promise<void>,
  timeout?: number
) => void

/** A suite with a server of its own: its databases have names that no other may change. */
export function describeMaria(name: string, declare: (withMaria: WithMaria) => void): void {
  if (missing !== undefined) console.warn(`${name}: skipped, because ${missing}`)
  describe(missing === undefined ? name : `${name} (skipped: ${missing})`, () => {
    let server: MariaServer | undefined
    beforeAll(async () => {
      if (missing === undefined) server = await startMaria()
    }, 120_000)
    afterAll(() => server?.stop())
    declare((title, use, timeout = 120_000) => {
      it.skipIf(missing !== undefined)(
        title,
        async () => {
          const port = server?.port ?? 0
          const client = await connect(port)
          try {
            await use(client, port)
          } finally {
            await client.end()
          }
        },
        timeout
      )
    })
  })
}
