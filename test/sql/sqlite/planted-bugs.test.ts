// Bugs that are planted into filters for SQLite are noticed by the law: rows that differ from what `can` says, or an
// error.
import { describe, expect, it } from 'vitest'
import { unnoticed } from '../law/planted.js'
import { bugs } from './bugs.js'
import { databaseOf } from './database.js'
import { drivers } from './drivers.js'

describe.each(drivers)('the law of filters, by $name', ({ connect }) => {
  it(`notices each of ${bugs.length} planted bugs`, async () => {
    const connection = await connect()
    expect(await unnoticed(bugs, databaseOf(connection))).toEqual([])
    connection.close()
  }, 600_000)
})
