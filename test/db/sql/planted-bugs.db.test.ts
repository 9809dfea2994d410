// Bugs that are planted into filters are noticed by the law: rows that differ from what `can` says, or an error.
import { describe, expect, it } from 'vitest'
import { unnoticed } from '../../sql/law/planted.js'
import { withDatabase } from '../database.js'
import { bugs } from './bugs.js'
import { createTables, databaseOf } from './postgres.js'

describe('the law of filters', () => {
  it(`notices each of ${bugs.length} planted bugs`, async () => {
    await withDatabase(async (client) => {
      await createTables(client)
      expect(await unnoticed(bugs, databaseOf(client))).toEqual([])
    })
  }, 600_000)
})
