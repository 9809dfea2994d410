// What goes wrong with row-level security elsewhere, and what this one does about it: it refuses, or it is a limit that
// docs/guide/row-level-security.md names. Each is seen on a server.
import { describe, expect, it } from 'vitest'
import { enter, generateRls, protect } from '../../../src/sql/index.js'
import {
  attempt,
  documents,
  eve,
  key,
  policy,
  reader,
  role,
  root,
  tables,
  withDocuments,
  writer
} from './documents.js'

const count = 'SELECT count(*)::int FROM docs'
const ids = 'SELECT id FROM docs ORDER BY id'
const insert = `INSERT INTO docs VALUES ('new', 'w', 'o1', 'x')`
const of = (...rows: unknown[]): unknown => expect.objectContaining({ rows })
const changed = (count: number): unknown => expect.objectContaining({ count })
const refused = (text: string): unknown => ({ error: expect.stringContaining(text) as unknown })
const noSubject = refused('42501 casemate: this transaction has no subject')
const violates = refused('42501 new row violates row-level security policy')

describe('a transaction without a subject', () => {
  it('is refused and does not see zero rows, on a new connection and on one that had a subject', async () => {
    await withDocuments(async ({ app, as, login }) => {
      expect(await attempt(app, count)).toEqual(noSubject)
      expect(await as(eve, count)).toEqual([of(5)])
      // The setting is an empty text now, where it was NULL before.
      expect(await attempt(app, `SELECT current_setting('casemate.facts', TRUE)`)).toEqual(of(''))
      expect(await attempt(app, count)).toEqual(noSubject)
      expect(await attempt(await login(role), count)).toEqual(noSubject)
      for (const statement of [insert, `UPDATE docs SET body = ''`, 'DELETE FROM docs'])
        expect(await attempt(app, statement)).toEqual(noSubject)
    })
  })

  it('is only not refused where no row fulfils the statement anyway: a limit', async () => {
    await withDocuments(async ({ admin, app }) => {
      expect(await attempt(app, `SELECT id FROM docs WHERE id = 'd1'`)).toEqual(noSubject)
      expect(await attempt(app, `SELECT id FROM docs WHERE body = 'none'`)).toEqual(noSubject)
      // An index says that there is none.
      expect(await attempt(app, `SELECT id FROM docs WHERE id = 'none'`)).toEqual(of())
      await admin.query('DELETE FROM docs')
      expect(await attempt(app, ids)).toEqual(of())
    })
  })

  it('is what follows the statement of `enter` outside a transaction', async () => {
    await withDocuments(async ({ app }) => {
      const { text, values } = enter(eve, tables)
      await app.query(text, [...values])
      expect(await attempt(app, count)).toEqual(noSubject)
    })
  })
})

describe('facts', () => {
  it('that are not signed can be made by whoever runs SQL of their own: a limit', async () => {
    await withDocuments(async ({ as }) => {
      const [forged] = enter(root, tables).values
      const set = `SELECT set_config('casemate.facts', '${String(forged)}', TRUE)`
      expect(await as(eve, set, count)).toEqual([expect.anything(), of(10)])
    })
  })

  it('that are signed can be neither made nor changed, and the key cannot be read', async () => {
    await withDocuments(
      async ({ as }) => {
        expect(await as(eve, count)).toEqual([of(5)])
        const forge = (facts: unknown): string =>
          `SELECT set_config('casemate.facts', '${String(facts)}', TRUE)`
        const unsigned = refused('42501 casemate: the subject of this transaction is not signed')
        const [plain] = enter(root, tables).values
        const [other] = enter(root, tables, { key: Buffer.alloc(32, 'x') }).values
        for (const facts of [plain, other, `${'0'.repeat(64)}.${String(plain)}`, `.${String(plain)}`, 'x'])
          expect(await as(eve, forge(facts), count)).toEqual([expect.anything(), unsigned])
        const widen = `SELECT set_config('casemate.facts', replace(current_setting('casemate.facts'), 'o1', 'o0'), TRUE)`
        expect(await as(eve, widen, count)).toEqual([expect.anything(), unsigned])
        for (const statement of [
          'SELECT * FROM casemate.keys',
          `SELECT casemate.set_key('mine', '\\x00')`,
          `INSERT INTO casemate.keys VALUES ('mine', '', '')`
        ])
          expect(await as(eve, statement)).toEqual([refused('42501 permission denied')])
      },
      { signed: true }
    )
  })

  it('that are signed last as long as they say, and under each key that there is', async () => {
    await withDocuments(
      async ({ admin, app }) => {
        const ask = async (settings: Parameters<typeof enter>[2]): Promise<unknown> => {
          const { text, values } = enter(eve, tables, settings)
          await app.query('BEGIN')
          await app.query(text, [...values])
          const outcome = await attempt(app, count)
          await app.query('ROLLBACK')
          return outcome
        }
        expect(await ask({ key, until: Date.now() + 60_000 })).toEqual(of(5))
        expect(await ask({ key, until: Date.now() - 1000 })).toEqual(refused('has expired'))
        const next = Buffer.alloc(100, 'n')
        expect(await ask({ key: next })).toEqual(refused('is not signed'))
        await admin.query(`SELECT casemate.set_key('next', $1)`, [next])
        expect([await ask({ key: next }), await ask({ key })]).toEqual([of(5), of(5)])
        await admin.query(`DELETE FROM casemate.keys WHERE name = 'now'`)
        expect([await ask({ key: next }), await ask({ key })]).toEqual([of(5), refused('is not signed')])
      },
      { signed: true }
    )
  })

  it('of another table or another version of the policy are refused, and never read as these', async () => {
    await withDocuments(async ({ app }) => {
      const others = [protect(documents, { table: 'papers', select: 'read' })]
      const { text, values } = enter(root, others)
      await app.query('BEGIN')
      await app.query(text, [...values])
      expect(await attempt(app, count)).toEqual(
        refused('42501 casemate: the facts of this transaction are not for')
      )
      await app.query('ROLLBACK')
    })
  })

  it('of a subject set inside a savepoint are gone with it', async () => {
    await withDocuments(async ({ as }) => {
      const [facts] = enter(root, tables).values
      const set = `SELECT set_config('casemate.facts', '${String(facts)}', TRUE)`
      const outcomes = await as(eve, 'SAVEPOINT a', set, count, 'ROLLBACK TO SAVEPOINT a', count)
      expect([outcomes[2], outcomes[4]]).toEqual([of(10), of(5)])
    })
  })

  it('are read anew by a prepared statement, whose plan is kept', async () => {
    await withDocuments(async ({ app }) => {
      await app.query('SET plan_cache_mode = force_generic_plan')
      const seen: unknown[] = []
      for (const subject of [eve, eve, eve, root, reader, eve]) {
        const { text, values } = enter(subject, tables)
        await app.query('BEGIN')
        await app.query(text, [...values])
        seen.push((await app.query<{ count: number }>({ name: 'counted', text: count })).rows[0]?.count)
        await app.query('COMMIT')
      }
      expect(seen).toEqual([5, 5, 5, 10, 2, 5])
      expect(await attempt(app, count)).toEqual(noSubject)
    })
  })

  it.each([false, true])('are read by parallel workers, signed: %s', async (signed) => {
    await withDocuments(
      async ({ admin, app, as }) => {
        await admin.query(
          `INSERT INTO docs SELECT 'p' || n, 'u', 'o' || n % 2, '' FROM generate_series(1, 20000) AS n`
        )
        await admin.query('ANALYZE docs')
        await app.query(
          'SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0; SET min_parallel_table_scan_size = 0; SET enable_indexscan = off; SET enable_bitmapscan = off'
        )
        const sorted = 'SELECT body FROM docs ORDER BY body, id LIMIT 1'
        const outcomes = await as(eve, count, sorted, `EXPLAIN ${sorted}`)
        expect(outcomes.slice(0, 2)).toEqual([of(10_005), of('')])
      },
      { signed }
    )
  })

  it('are read by functions that the application cannot put others in the place of', async () => {
    await withDocuments(
      async ({ admin, app, as }) => {
        await admin.query(
          `GRANT CREATE ON SCHEMA public TO ${role}; GRANT TEMPORARY ON DATABASE ${app.database ?? ''} TO ${role}`
        )
        const [facts] = enter(root, tables).values
        const outcomes = await as(
          eve,
          `CREATE FUNCTION public.sha256(bytea) RETURNS bytea LANGUAGE sql AS $$ SELECT '\\x00'::bytea $$`,
          `CREATE FUNCTION public.current_setting(text, boolean) RETURNS text LANGUAGE sql AS $$ SELECT '${String(facts)}' $$`,
          `CREATE TEMP TABLE keys (name text, inner_pad bytea, outer_pad bytea)`,
          'SET LOCAL search_path = public, pg_temp, pg_catalog',
          `SELECT set_config('casemate.facts', '${'0'.repeat(64)}.' || '${String(facts)}', TRUE)`,
          count
        )
        expect(outcomes.slice(0, 3)).not.toContainEqual(refused(''))
        expect(outcomes.at(-1)).toEqual(refused('is not signed'))
      },
      { signed: true }
    )
  })
})

describe('who is not bound by row policies', () => {
  it('is a superuser, and the owner of a table without FORCE; with it the owner sees nothing', async () => {
    await withDocuments(async ({ admin, login }) => {
      const owner = await login('trap_owner')
      expect(await attempt(owner, count)).toEqual(of(0))
      expect(await attempt(admin, count)).toEqual(of(10))
      await admin.query('ALTER TABLE docs NO FORCE ROW LEVEL SECURITY')
      expect(await attempt(owner, count)).toEqual(of(10))
      expect((await admin.query('SELECT * FROM casemate.problems()')).rows).toEqual([
        { object: 'public.docs', problem: 'row-level security is not enabled and forced' }
      ])
    })
  })

  it('is a pool that signs in as somebody with more power and does SET ROLE: it can do RESET ROLE', async () => {
    await withDocuments(async ({ admin }) => {
      await admin.query(`SET ROLE ${role}`)
      expect(await attempt(admin, count)).toEqual(noSubject)
      await admin.query('RESET ROLE')
      expect(await attempt(admin, count)).toEqual(of(10))
    })
  })

  const dangers: Readonly<Record<string, readonly [statement: string, problem: string, undo: string]>> = {
    'as a role with BYPASSRLS': [
      `ALTER ROLE ${role} BYPASSRLS`,
      'a role with BYPASSRLS',
      `ALTER ROLE ${role} NOBYPASSRLS`
    ],
    'as the owner': [`ALTER TABLE docs OWNER TO ${role}`, 'the application owns the table', ''],
    'as a member of the owner': [`GRANT trap_owner TO ${role}`, 'the application owns the table', ''],
    'with TRUNCATE': [`GRANT TRUNCATE ON docs TO ${role}`, 'the application has TRUNCATE', ''],
    'beside a policy that lets everybody in': [
      'CREATE POLICY everybody ON docs USING (TRUE)',
      'the policy everybody lets the application do more',
      ''
    ],
    'through a view of somebody else': [
      `CREATE VIEW v AS SELECT * FROM docs; GRANT SELECT ON v TO ${role}`,
      'a view reads as its owner',
      ''
    ],
    'through a view of such a view': [
      `CREATE VIEW v1 WITH (security_invoker = true) AS SELECT * FROM docs;
       CREATE VIEW v2 AS SELECT * FROM v1; GRANT SELECT ON v2 TO ${role}`,
      'a view reads as its owner',
      ''
    ],
    'through a materialized view': [
      `CREATE MATERIALIZED VIEW m AS SELECT * FROM docs; GRANT SELECT ON m TO ${role}`,
      'a materialized view has the rows of its owner',
      ''
    ],
    'where the table of ACLs hides rows': [
      'ALTER TABLE doc_acl ENABLE ROW LEVEL SECURITY',
      'its own row-level security hides rows',
      ''
    ],
    'where the table of ACLs cannot be read': [
      `REVOKE SELECT ON doc_acl FROM ${role}`,
      'the application may not; GRANT SELECT',
      ''
    ]
  }

  it.each(Object.entries(dangers))(
    'is the application %s: refused',
    async (_, [statement, problem, undo]) => {
      const { up } = generateRls(policy, { tables, appRole: role })
      await withDocuments(
        async ({ admin }) => {
          await admin.query(statement)
          try {
            expect(await attempt(admin, up)).toEqual(refused(problem))
            // Nothing of it is there.
            const { rows } = await admin.query(`SELECT relrowsecurity FROM pg_class WHERE relname = 'docs'`)
            expect(rows).toEqual([{ relrowsecurity: false }])
          } finally {
            if (undo !== '') await admin.query(undo)
            await admin.query(`REVOKE trap_owner FROM ${role}`)
          }
        },
        { up: false }
      )
    }
  )

  it('is no view with security_invoker', async () => {
    await withDocuments(async ({ admin, as }) => {
      await admin.query(
        `CREATE VIEW v WITH (security_invoker = true) AS SELECT * FROM docs; GRANT SELECT ON v TO ${role}`
      )
      expect((await admin.query('SELECT * FROM casemate.problems()')).rows).toEqual([])
      expect(await as(eve, 'SELECT count(*)::int FROM v')).toEqual([of(5)])
      expect(await as(undefined, 'SELECT count(*)::int FROM v')).toEqual([noSubject])
    })
  })

  it('is a SECURITY DEFINER function of a superuser: a limit', async () => {
    await withDocuments(async ({ admin, as }) => {
      await admin.query(
        'CREATE FUNCTION every_doc() RETURNS int LANGUAGE sql SECURITY DEFINER AS $$ SELECT count(*)::int FROM docs $$'
      )
      expect(await as(eve, 'SELECT every_doc()')).toEqual([of(10)])
    })
  })

  it('is who asks a partition by its name: refused where the application may', async () => {
    await withDocuments(
      async ({ admin, as }) => {
        await admin.query(`
          DROP TABLE docs;
          CREATE TABLE docs (id text NOT NULL, owner text, org text NOT NULL, body text) PARTITION BY LIST (org);
          CREATE TABLE docs_o0 PARTITION OF docs FOR VALUES IN ('o0');
          CREATE TABLE docs_o1 PARTITION OF docs FOR VALUES IN ('o1');
          INSERT INTO docs SELECT 'd' || n, 'u', 'o' || n % 2, '' FROM generate_series(1, 10) AS n;
          GRANT SELECT ON docs, docs_o0 TO ${role}`)
        const { up } = generateRls(policy, { tables, appRole: role })
        expect(await attempt(admin, up)).toEqual(
          refused('docs_o0: it is a part of a table with row policies')
        )
        await admin.query(`REVOKE ALL ON docs_o0 FROM ${role}`)
        await admin.query(up)
        expect(await as(eve, count)).toEqual([of(5)])
        expect(await as(eve, 'SELECT FROM docs_o0')).toEqual([refused('42501 permission denied')])
      },
      { up: false }
    )
  })
})

describe('a command', () => {
  it('INSERT is for who may create; RETURNING and ON CONFLICT (…) also need who may read', async () => {
    await withDocuments(async ({ as }) => {
      expect(await as(writer, insert)).toEqual([changed(1)])
      expect(await as(writer, `${insert} ON CONFLICT DO NOTHING`)).toEqual([changed(1)])
      expect(await as(writer, `${insert} RETURNING id`)).toEqual([violates])
      expect(await as(writer, `${insert} ON CONFLICT (id) DO NOTHING`)).toEqual([violates])
      expect(await as(eve, `${insert} RETURNING id`)).toEqual([of('new')])
      expect(await as(eve, `${insert} ON CONFLICT (id) DO NOTHING`)).toEqual([changed(1)])
      expect(await as(reader, insert)).toEqual([violates])
      expect(await as(eve, `INSERT INTO docs VALUES ('new', 'eve', 'o0', 'x')`)).toEqual([violates])
    })
  })

  it('INSERT … ON CONFLICT DO UPDATE is refused where the row that is there may not be read or changed', async () => {
    await withDocuments(async ({ as }) => {
      const upsert = (id: string, org: string): string =>
        `INSERT INTO docs VALUES ('${id}', 'w', '${org}', 'x') ON CONFLICT (id) DO UPDATE SET body = 'y'`
      expect(await as(eve, upsert('d1', 'o1'))).toEqual([changed(1)])
      expect(await as(eve, upsert('d2', 'o1'))).toEqual([violates])
      expect(await as(writer, upsert('d1', 'o1'))).toEqual([violates])
    })
  })

  it('UPDATE moves no row to where its new version could not be changed', async () => {
    await withDocuments(async ({ as }) => {
      const move = `UPDATE docs SET org = 'o0' WHERE id = 'd1'`
      expect(await as(eve, move)).toEqual([violates])
      expect(await as(root, move)).toEqual([changed(1)])
      // A foreign row is not there, for who may not read it.
      expect(await as(eve, `UPDATE docs SET org = 'o1' WHERE id = 'd2'`)).toEqual([changed(0)])
    })
  })

  it('DELETE of what may not be deleted is no error and deletes nothing: the guard is who says no', async () => {
    await withDocuments(async ({ as }) => {
      expect(await as(eve, `DELETE FROM docs WHERE id = 'd1'`)).toEqual([changed(0)])
      expect(await as(root, `DELETE FROM docs WHERE id = 'd1'`)).toEqual([changed(1)])
    })
  })

  it('SELECT … FOR UPDATE has the rows that may be read and changed', async () => {
    await withDocuments(async ({ as }) => {
      expect(await as(reader, `${ids} FOR UPDATE`)).toEqual([of('d2')])
      expect(await as(reader, ids)).toEqual([of('d1', 'd2')])
    })
  })

  it('MERGE is what its parts are', async () => {
    await withDocuments(async ({ as }) => {
      const merge = (org: string): string =>
        `MERGE INTO docs AS d USING (VALUES ('m', '${org}')) AS s (id, org) ON d.id = s.id
         WHEN MATCHED THEN UPDATE SET org = s.org WHEN NOT MATCHED THEN INSERT VALUES (s.id, 'x', s.org, '')`
      expect(await as(eve, merge('o1'), merge('o1'), merge('o0'))).toEqual([changed(1), changed(1), violates])
      expect(await as(eve, merge('o0'))).toEqual([violates])
    })
  })

  it('COPY … FROM is refused by PostgreSQL, and TRUNCATE by a missing privilege', async () => {
    await withDocuments(async ({ as }) => {
      expect(await as(root, 'COPY docs FROM STDIN')).toEqual([
        refused('COPY FROM not supported with row-level security')
      ])
      expect(await as(root, 'TRUNCATE docs')).toEqual([refused('42501 permission denied')])
    })
  })

  it('that no action stands behind is nobody’s', async () => {
    await withDocuments(
      async ({ admin, as }) => {
        const readable = [protect(documents, { table: 'docs', select: 'read' })]
        await admin.query(generateRls(policy, { tables: readable, appRole: role }).up)
        expect(await as(root, count)).toEqual([of(10)])
        expect(await as(root, insert)).toEqual([violates])
        expect(await as(root, `UPDATE docs SET body = ''`)).toEqual([changed(0)])
        expect(await as(root, 'DELETE FROM docs')).toEqual([changed(0)])
      },
      { up: false }
    )
  })
})

describe('keys of other rows', () => {
  it('tell that a row is there which may not be read: a limit', async () => {
    await withDocuments(async ({ admin, as }) => {
      expect(await as(eve, `INSERT INTO docs VALUES ('d2', 'eve', 'o1', 'x')`)).toEqual([
        refused('23505 duplicate key value')
      ])
      await admin.query(`
        CREATE TABLE notes (id int PRIMARY KEY, doc text REFERENCES docs ON DELETE CASCADE);
        INSERT INTO notes VALUES (1, 'd1');
        GRANT SELECT, INSERT ON notes TO ${role}`)
      expect(await as(eve, `INSERT INTO notes VALUES (2, 'd2')`)).toEqual([changed(1)])
      expect(await as(eve, `INSERT INTO notes VALUES (2, 'none')`)).toEqual([refused('23503')])
      // What a key deletes with a row, nobody is asked about.
      expect(await as(root, `DELETE FROM docs WHERE id = 'd1'`, 'SELECT count(*)::int FROM notes')).toEqual([
        changed(1),
        of(0)
      ])
    })
  })
})

describe('the migrations', () => {
  it('may run again, and leave nothing behind', async () => {
    await withDocuments(async ({ admin, app, as }) => {
      const { up, down } = generateRls(policy, { tables, appRole: role, signed: true })
      await admin.query(up)
      await admin.query(generateRls(policy, { tables, appRole: role }).up)
      expect(await as(eve, count)).toEqual([of(5)])
      await admin.query(down)
      await admin.query(down)
      expect(await attempt(app, count)).toEqual(of(10))
      const { rows } = await admin.query(
        `SELECT nspname FROM pg_namespace WHERE nspname = 'casemate'
         UNION SELECT polname FROM pg_policy UNION SELECT relname FROM pg_class WHERE relrowsecurity OR relforcerowsecurity`
      )
      expect(rows).toEqual([])
    })
  })

  it('leave a schema in which something else is', async () => {
    await withDocuments(async ({ admin }) => {
      await admin.query('CREATE TABLE casemate.mine ()')
      await admin.query(generateRls(policy, { tables, appRole: role }).down)
      expect(await attempt(admin, 'SELECT count(*)::int FROM casemate.mine')).toEqual(of(0))
    })
  })
})
