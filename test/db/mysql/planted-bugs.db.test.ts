// Bugs that are planted into filters for MySQL are noticed by the law: rows that differ from what `can` says, or an error.
import { expect } from 'vitest'
import { unnoticed } from '../../sql/law/planted.js'
import { bugs } from './bugs.js'
import { createTables, databaseOf } from './maria.js'
import { describeMaria } from './with-maria.js'

describeMaria('the law of filters in MariaDB', (withMaria) => {
  withMaria(
    `notices each of ${bugs.length} planted bugs`,
    async (client) => {
      await createTables(client)
      expect(await unnoticed(bugs, databaseOf(client))).toEqual([])
    },
    600_000
  )
})
