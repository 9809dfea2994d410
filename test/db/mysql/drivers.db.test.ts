// All drivers and query builders of MySQL find the same rows, which are those on which `can` says yes.
import { expectAlike } from '../../sql/law/drivers.js'
import { isDeep } from '../../support/depth.js'
import { withDrivers } from './drivers.js'
import { createTables, databaseOf } from './maria.js'
import { describeMaria } from './with-maria.js'

describeMaria('the drivers of MySQL', (withMaria) => {
  withMaria('all find the rows on which can says yes', async (client, port) => {
    await createTables(client)
    await withDrivers(port, (drivers) => expectAlike(databaseOf(client), drivers, isDeep ? 20 : 3))
  })
})
