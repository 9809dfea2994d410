// All drivers and query builders of PostgreSQL find the same rows, which are those on which `can` says yes.
import { describe, it } from 'vitest'
import { expectAlike } from '../../sql/law/drivers.js'
import { isDeep } from '../../support/depth.js'
import { withDatabase } from '../database.js'
import { withDrivers } from './drivers.js'
import { createTables, databaseOf } from './postgres.js'

describe('the drivers', () => {
  it('all find the rows on which can says yes', async () => {
    await withDatabase(async (client, url) => {
      await createTables(client)
      await withDrivers(url, (drivers) => expectAlike(databaseOf(client), drivers, isDeep ? 40 : 3))
    })
  })
})
