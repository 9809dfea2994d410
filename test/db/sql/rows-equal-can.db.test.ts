// Rows that a filter finds are those on which `can` says yes. A deep run makes a million decisions.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compile, parsePolicy } from '../../../src/index.js'
import { defineTable, whereFor } from '../../../src/sql/index.js'
import { drawnWorlds } from '../../sql/law/drawn.js'
import { faultIn, noFigures } from '../../sql/law/law.js'
import { withDatabase } from '../database.js'
import { isDeep } from '../../support/depth.js'
import { createTables, databaseOf } from './postgres.js'

describe('the rows of a filter', () => {
  it(
    'are those on which can says yes, in every kind of column',
    async () => {
      const figures = noFigures()
      await withDatabase(async (client) => {
        await createTables(client)
        const database = databaseOf(client)
        const law = fc.asyncProperty(drawnWorlds, async (drawn) => {
          expect(await faultIn(database, drawn, isDeep ? 150 : 60, figures)).toBeUndefined()
        })
        // A smaller world is no easier to read, and each has to be stored.
        await fc.assert(law, { numRuns: isDeep ? 400 : 12, endOnFailure: true })
      })
      expect(figures.allowed).toBeGreaterThan(0)
      if (isDeep) expect(figures.decisions).toBeGreaterThan(1_000_000)
      // On a machine that does other work too, a minute is not enough; a deep run takes what it takes.
    },
    isDeep ? 0 : 300_000
  )

  it.each([
    ['text', 'teams'],
    ['varchar', '(teams::text[])']
  ])('are found by an index of a list of %s', async (type, indexed) => {
    const teams = compile(
      parsePolicy({
        name: 'teams',
        containers: [{ name: 'team', description: 'a team' }],
        resources: { page: { in: { team: 'optional' }, org: 'never', actions: { read: 'see it' } } },
        roles: { lead: { kind: 'team', grants: { team: { allow: { page: ['read'] } } } } }
      })
    )
    const pages = defineTable(teams, 'page', {
      id: null,
      owner: null,
      team: { column: 'teams', array: true, checked: true }
    })
    const { text, values } = whereFor(
      teams.subject({ id: 'u1', roles: [{ role: 'lead', team: 't1' }] }),
      'read',
      pages
    ).toPg()
    await withDatabase(async (client) => {
      await client.query(`CREATE TABLE pages (n int, teams ${type}[]); CREATE INDEX ON pages USING gin (${indexed});
        INSERT INTO pages VALUES (1, '{t1}'), (2, '{t2}'), (3, '{}'), (4, NULL), (5, '{t2,t1}'); SET enable_seqscan = off`)
      const select = `SELECT n FROM pages WHERE ${text}`
      const { rows } = await client.query(select, [...values])
      expect(rows).toEqual([{ n: 1 }, { n: 5 }])
      const plan = await client.query(`EXPLAIN ${select}`, [...values])
      expect(JSON.stringify(plan.rows)).toContain('Index Cond: ')
    })
  })
})
