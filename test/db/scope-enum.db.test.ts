// The migrations of the scope type on a real PostgreSQL: what they do to the type, and that no stored key is lost or
// changed by them.
import fc from 'fast-check'
import type pg from 'pg'
import { compile, parsePolicy, type Policy } from 'casemate'
import { loadPolicy } from 'casemate/node'
import { describe, expect, it } from 'vitest'
import {
  enumChanges,
  enumMigration,
  enumValues,
  generateSql,
  type EnumSettings
} from '../../src/generate/sql/index.js'
import { quoteIdentifier, quoteLiteral } from '../../src/sql/dialect/postgres-quote.js'
import { runs } from '../support/depth.js'
import { withDatabase } from './database.js'

const name = 'api_key_scope'
const before = compile(await loadPolicy('policies/coder/before-boundary-log.json'))
const after = compile(await loadPolicy('policies/coder/index.ts'))
const boundaryLog = ['boundary_log:*', 'boundary_log:create', 'boundary_log:delete', 'boundary_log:read']

/** A policy with these scopes, each with its aliases, and the scopes of one resource. */
function policyOf(scopes: Readonly<Record<string, readonly string[]>>): Policy {
  const declared = new Map(
    Object.entries(scopes).map(([scope, aliases]) => [scope, { allow: { doc: '*' }, aliases }])
  )
  return compile(
    parsePolicy({
      name: 'p',
      resources: { doc: { actions: { read: 'see it' } } },
      scopes: Object.fromEntries(declared)
    })
  )
}

/** Runs the file statement by statement, as a migration tool does that knows no transactions. */
async function migrate(
  client: pg.Client,
  policy: Policy,
  settings: Partial<EnumSettings> = {}
): Promise<void> {
  for (const { statements } of enumMigration(policy, { name, ...settings }))
    for (const statement of statements) await client.query(statement)
}

async function labels(client: pg.Client, type = name): Promise<string[]> {
  const { rows } = await client.query<{ label: string }>(
    'SELECT enumlabel AS label FROM pg_enum WHERE enumtypid = $1::regtype ORDER BY enumsortorder',
    [type]
  )
  return rows.map(({ label }) => label)
}

async function twice(run: () => Promise<void>): Promise<void> {
  await run()
  await run()
}

/** Every key, in order. */
async function keys(client: pg.Client): Promise<unknown[]> {
  const { rows } = await client.query<{ key: unknown }>(
    'SELECT to_jsonb(k) AS key FROM api_keys AS k ORDER BY id'
  )
  return rows.map(({ key }) => key)
}

/** A table of 10,000 keys, each with some of the type's values, and one key for every single value. */
async function createKeys(client: pg.Client): Promise<unknown[]> {
  await client.query(`
    CREATE TABLE api_keys (
      id integer PRIMARY KEY,
      name text NOT NULL,
      main api_key_scope,
      scopes api_key_scope[] NOT NULL DEFAULT '{coder:all}' CHECK (scopes <> '{}'::api_key_scope[])
    );
    WITH known AS MATERIALIZED (SELECT enum_range(NULL::api_key_scope) AS v)
    INSERT INTO api_keys
    SELECT n, 'key ' || n, CASE n % 3 WHEN 0 THEN NULL ELSE v[n % cardinality(v) + 1] END,
      ARRAY(SELECT v[(n * 7919 + m * 104729) % cardinality(v) + 1] FROM generate_series(0, n % 4) AS m)
      || v[n % cardinality(v) + 1]
    FROM generate_series(1, 10000) AS n, known`)
  const stored = await keys(client)
  expect(stored).toHaveLength(10_000)
  return stored
}

describe('the type', () => {
  it('has the canonical name of every scope, and is left alone by a second run', async () => {
    await withDatabase(async (client) => {
      await migrate(client, after)
      expect(await labels(client)).toEqual(enumValues(after))
      expect(new Set(enumValues(after))).toEqual(new Set(after.scopes.list().map((scope) => scope.name)))
      await migrate(client, after)
      await migrate(client, before)
      expect(await labels(client)).toEqual(enumValues(after))
    })
  })

  it.each([
    ['a table', 'CREATE TABLE api_key_scope (id int)', '"api_key_scope" already exists'],
    ['a domain', 'CREATE DOMAIN api_key_scope AS text', '"api_key_scope" already exists']
  ])('is not taken for there because %s has its name', async (_what, statement, said) => {
    await withDatabase(async (client) => {
      await client.query(statement)
      await expect(migrate(client, after)).rejects.toThrow(said)
    })
  })

  it('is created in its schema, whatever another one has', async () => {
    await withDatabase(async (client) => {
      await client.query(
        'CREATE SCHEMA "Other"; CREATE SCHEMA app; CREATE TYPE "Other".api_key_scope AS ENUM ()'
      )
      await client.query('SET search_path = app, "Other"')
      await twice(() => migrate(client, after))
      await twice(() => migrate(client, after, { schema: 'public' }))
      await migrate(client, after, { schema: 'Other' })
      for (const type of ['app.api_key_scope', 'public.api_key_scope'])
        expect(await labels(client, type)).toEqual(enumValues(after))
      expect(await labels(client, '"Other".api_key_scope')).toEqual([])
    })
  })

  it('is not dropped while a table uses it', async () => {
    await withDatabase(async (client) => {
      await migrate(client, after)
      await createKeys(client)
      await expect(migrate(client, after, { isDown: true })).rejects.toThrow('other objects depend on it')
      await client.query('DROP TABLE api_keys')
      await migrate(client, after, { isDown: true })
      await migrate(client, after, { isDown: true })
      await expect(labels(client)).rejects.toThrow('does not exist')
    })
  })
})

describe('the migration to boundary logs, over 10,000 stored keys', () => {
  it('adds the four values and takes them back, and every key stays as it was', async () => {
    await withDatabase(async (client) => {
      await migrate(client, before)
      const stored = await createKeys(client)
      await twice(async () => {
        await migrate(client, after, { from: before })
        expect(await labels(client)).toEqual([...enumValues(before), ...boundaryLog])
        expect(await keys(client)).toEqual(stored)
      })
      await twice(async () => {
        await migrate(client, after, { from: before, isDown: true })
        expect(await labels(client)).toEqual(enumValues(before))
        expect(await keys(client)).toEqual(stored)
      })
    })
  })

  it('goes no way back while keys use the new values: it says how many, and changes nothing', async () => {
    await withDatabase(async (client) => {
      await migrate(client, before)
      await createKeys(client)
      await migrate(client, after, { from: before })
      await client.query(
        `UPDATE api_keys SET scopes = scopes || 'boundary_log:read'::api_key_scope WHERE id <= 17`
      )
      await client.query(`UPDATE api_keys SET main = 'boundary_log:*' WHERE id = 18`)
      const stored = await keys(client)
      const down = migrate(client, after, { from: before, isDown: true })
      await expect(down).rejects.toThrow(
        'cannot remove values from api_key_scope: 18 stored keys still use them'
      )
      await expect(down).rejects.toMatchObject({
        detail: expect.stringContaining('18 in api_keys') as unknown
      })
      expect(await labels(client)).toEqual([...enumValues(before), ...boundaryLog])
      expect(await keys(client)).toEqual(stored)

      await client.query('DELETE FROM api_keys WHERE id <= 18')
      await migrate(client, after, { from: before, isDown: true })
      expect(await labels(client)).toEqual(enumValues(before))
      expect(await keys(client)).toEqual(stored.slice(18))
    })
  })

  it('runs as a whole file too, and the way back inside a transaction that can be rolled back', async () => {
    await withDatabase(async (client) => {
      await client.query(generateSql(before, { name }))
      const stored = await createKeys(client)
      await client.query(generateSql(after, { name, from: before }))
      await client.query('BEGIN')
      await client.query(generateSql(after, { name, from: before, isDown: true }))
      expect(await labels(client)).toEqual(enumValues(before))
      await client.query('ROLLBACK')
      expect(await labels(client)).toEqual([...enumValues(before), ...boundaryLog])
      expect(await keys(client)).toEqual(stored)
    })
  })

  it('has no statement between equal policies', () => {
    expect(enumMigration(after, { name, from: after })).toEqual([])
    expect(enumMigration(after, { name, from: after, isDown: true })).toEqual([])
  })
})

describe('a renamed scope', () => {
  const old = policyOf({ everything: [], docs: [] })
  const renamed = policyOf({ all: ['everything'], docs: [], more: [] })

  it('gives every key the new name, twice run as once, and back', async () => {
    await withDatabase(async (client) => {
      await migrate(client, old)
      await client.query(`CREATE TABLE api_keys (id int, scopes api_key_scope[])`)
      await client.query(`INSERT INTO api_keys VALUES (1, '{everything,doc:read}'), (2, '{docs}')`)
      await twice(async () => {
        await migrate(client, renamed, { from: old })
        expect(await labels(client)).toEqual(['docs', 'all', 'doc:*', 'doc:read', 'more'])
        expect(await keys(client)).toEqual([
          { id: 1, scopes: ['all', 'doc:read'] },
          { id: 2, scopes: ['docs'] }
        ])
      })
      await twice(async () => {
        await migrate(client, renamed, { from: old, isDown: true })
        expect(await labels(client)).toEqual(enumValues(old))
        expect(await keys(client)).toEqual([
          { id: 1, scopes: ['everything', 'doc:read'] },
          { id: 2, scopes: ['docs'] }
        ])
      })
    })
  })

  it('fails where the type has neither name, instead of leaving a hole', async () => {
    await withDatabase(async (client) => {
      await client.query(`CREATE TYPE api_key_scope AS ENUM ('docs')`)
      await expect(migrate(client, renamed, { from: old })).rejects.toThrow(
        'neither value everything nor all'
      )
    })
  })

  it('is no renaming where the other scope was there before: its keys have to be moved first', async () => {
    await withDatabase(async (client) => {
      const two = policyOf({ a: [], b: [] })
      const one = policyOf({ b: ['a'] })
      await migrate(client, two)
      await client.query(`CREATE TABLE api_keys (id int, scope api_key_scope)`)
      await client.query(`INSERT INTO api_keys VALUES (1, 'a'), (2, 'b')`)
      expect(generateSql(one, { name, from: two })).toContain('-- a is an alias of b now')
      await expect(migrate(client, one, { from: two })).rejects.toThrow('1 stored keys still use them')
      await client.query(`UPDATE api_keys SET scope = 'b' WHERE scope = 'a'`)
      await migrate(client, one, { from: two })
      expect(await labels(client)).toEqual(['b', 'doc:*', 'doc:read'])
    })
  })
})

describe('two scopes that become one of a new name', () => {
  const old = policyOf({ view: [], edit: [], gone: [] })
  const merged = policyOf({ all: ['edit', 'gone'], view: [] })

  it('keep every key once those of the second are stored as the first, as the migration says', async () => {
    await withDatabase(async (client) => {
      await migrate(client, old)
      await client.query(`CREATE TABLE api_keys (id int, scope api_key_scope)`)
      await client.query(`INSERT INTO api_keys VALUES (1, 'view'), (2, 'edit'), (3, 'gone')`)
      const sql = generateSql(merged, { name, from: old })
      expect(sql).toContain(
        '-- gone and edit are both all now: store the keys of gone with the name edit first.'
      )
      // Refused, it changes nothing, though every statement is a transaction of its own: the advice still holds.
      await expect(migrate(client, merged, { from: old })).rejects.toThrow('1 stored keys still use them')
      expect(await labels(client)).toEqual(enumValues(old))
      await client.query(`UPDATE api_keys SET scope = 'edit' WHERE scope = 'gone'`)
      await twice(async () => {
        await migrate(client, merged, { from: old })
        expect((await labels(client)).sort()).toEqual(enumValues(merged).sort())
        expect(await keys(client)).toEqual([
          { id: 1, scope: 'view' },
          { id: 2, scope: 'all' },
          { id: 3, scope: 'all' }
        ])
      })
      await twice(() => migrate(client, merged, { from: old, isDown: true }))
      expect((await labels(client)).sort()).toEqual(enumValues(old).sort())
    })
  })
})

describe('a removed scope', () => {
  const old = policyOf({ a: [], b: [], c: [] })
  const without = policyOf({ a: [], d: [] })

  it('leaves defaults, constraints, indexes, partitions, owner, comment and privileges as they were', async () => {
    await withDatabase(async (client) => {
      const role = `keeper_${process.pid}`
      await migrate(client, old)
      await client.query(`
        CREATE ROLE ${role};
        ALTER TYPE api_key_scope OWNER TO ${role};
        COMMENT ON TYPE api_key_scope IS 'what a key''s holder may do';
        REVOKE ALL ON TYPE api_key_scope FROM PUBLIC;
        GRANT USAGE ON TYPE api_key_scope TO CURRENT_USER;
        CREATE TABLE api_keys (
          id int, scope api_key_scope NOT NULL DEFAULT 'a',
          CONSTRAINT not_d CHECK (scope <> 'doc:read'::api_key_scope OR id > 0)
        ) PARTITION BY RANGE (id);
        CREATE TABLE low PARTITION OF api_keys FOR VALUES FROM (0) TO (100);
        ALTER TABLE low ALTER COLUMN scope SET DEFAULT 'doc:*';
        CREATE TABLE high PARTITION OF api_keys FOR VALUES FROM (100) TO (200);
        CREATE UNIQUE INDEX only_one_a ON low (id) WHERE scope = 'a'::api_key_scope;
        CREATE INDEX by_scope ON api_keys (scope);
        CREATE TABLE "Other Keys" ("the scopes" api_key_scope[][] DEFAULT '{{a}}');
        INSERT INTO api_keys VALUES (1, 'a'), (101, 'doc:read');
        INSERT INTO "Other Keys" VALUES ('{{a,doc:*},{doc:read,a}}'), (NULL)`)
      const facts = async (): Promise<unknown[]> => {
        const { rows } = await client.query<Record<string, unknown>>(`
          SELECT pg_get_constraintdef(oid) AS fact FROM pg_constraint WHERE conname = 'not_d'
          UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'
          UNION ALL SELECT adrelid::regclass || ' ' || pg_get_expr(adbin, adrelid) FROM pg_attrdef
          UNION ALL SELECT typowner::regrole || ' ' || obj_description(oid) || ' ' || typacl::text FROM pg_type
            WHERE typname = 'api_key_scope'
          UNION ALL SELECT k::text FROM api_keys AS k UNION ALL SELECT k::text FROM "Other Keys" AS k
          ORDER BY 1`)
        return rows.map(({ fact }) => fact)
      }
      const known = await facts()
      expect(known).toHaveLength(16)
      await migrate(client, without, { from: old })
      expect(await labels(client)).toEqual(['a', 'doc:*', 'doc:read', 'd'])
      expect(await facts()).toEqual(known)
      await client.query(`INSERT INTO api_keys (id) VALUES (150)`)
      await expect(client.query(`INSERT INTO low VALUES (1, 'a')`)).rejects.toThrow('only_one_a')
      await client.query(`DROP OWNED BY ${role} CASCADE; DROP ROLE ${role}`)
    })
  })

  it('fails as a whole where PostgreSQL cannot carry something over', async () => {
    await withDatabase(async (client) => {
      await migrate(client, old)
      await client.query(`
        CREATE TABLE api_keys (id int, scope api_key_scope);
        CREATE VIEW seen AS SELECT scope FROM api_keys`)
      await expect(migrate(client, without, { from: old })).rejects.toThrow('used by a view')
      expect(await labels(client)).toEqual(enumValues(old))
    })
  })

  it('keeps values that neither policy knows', async () => {
    await withDatabase(async (client) => {
      await migrate(client, old)
      await client.query(`ALTER TYPE api_key_scope ADD VALUE 'by hand' BEFORE 'a'`)
      await migrate(client, without, { from: old })
      expect(await labels(client)).toEqual(['by hand', 'a', 'doc:*', 'doc:read', 'd'])
    })
  })

  it('counts keys that row-level security would hide', async () => {
    await withDatabase(async (client) => {
      const role = `hidden_${process.pid}`
      await client.query(`CREATE ROLE ${role}; GRANT CREATE ON SCHEMA public TO ${role}; SET ROLE ${role}`)
      await migrate(client, old)
      await client.query(`
        CREATE TABLE api_keys (id int, scope api_key_scope);
        INSERT INTO api_keys VALUES (1, 'b');
        ALTER TABLE api_keys ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY`)
      await expect(migrate(client, without, { from: old })).rejects.toThrow(
        /row-level security|1 stored keys/
      )
      expect(await labels(client)).toEqual(enumValues(old))
      await client.query(`RESET ROLE; DROP OWNED BY ${role} CASCADE; DROP ROLE ${role}`)
    })
  })
})

describe('names that PostgreSQL has to be told apart', () => {
  const odd = [
    "it's",
    'a\\b',
    "\\'; DROP TABLE api_keys; --",
    '$casemate$',
    '"quoted"',
    'élan',
    '*/',
    '%s %I'
  ]

  it.each(['on', 'off'])(
    'are values like any other, with standard_conforming_strings %s',
    async (setting) => {
      await withDatabase(async (client) => {
        await client.query(`SET standard_conforming_strings = ${setting}`)
        const settings = { name: 'Scope"; DROP TABLE api_keys; --', schema: 'select' }
        const type = `"select"."Scope""; DROP TABLE api_keys; --"`
        const some = policyOf(Object.fromEntries(odd.slice(0, 4).map((scope) => [scope, []])))
        const others = policyOf({
          ...Object.fromEntries(odd.slice(3).map((scope) => [scope, []])),
          [`renamed ${odd[0]!}`]: [odd[0]!]
        })
        await client.query('CREATE SCHEMA "select"; CREATE TABLE api_keys (id int)')
        await migrate(client, some, settings)
        expect(await labels(client, type)).toEqual(enumValues(some))
        await client.query(`ALTER TABLE api_keys ADD COLUMN scope ${type}`)
        await client.query(`INSERT INTO api_keys VALUES (1, '$casemate$')`)
        await twice(() => migrate(client, others, { ...settings, from: some }))
        expect((await labels(client, type)).sort()).toEqual(enumValues(others).sort())
        await twice(() => migrate(client, others, { ...settings, from: some, isDown: true }))
        expect((await labels(client, type)).sort()).toEqual(enumValues(some).sort())
        expect(await keys(client)).toEqual([{ id: 1, scope: '$casemate$' }])
      })
    }
  )

  it('are stored as they are where a reader of the file sees an escape', async () => {
    const unseen = ['right\u202eleft', 'line\u2028break', '\u{e0001}tag\\', '##[error]forged']
    const hidden = policyOf(Object.fromEntries(unseen.map((scope) => [scope, []])))
    for (const setting of ['on', 'off'])
      await withDatabase(async (client) => {
        await client.query(`SET standard_conforming_strings = ${setting}`)
        await migrate(client, hidden, { name: 'scope' })
        expect(await labels(client, 'scope')).toEqual(enumValues(hidden))
      })
  })

  it('are in quotes where PostgreSQL itself would put them, and where another version might', async () => {
    await withDatabase(async (client) => {
      const names = ['a', 'A', 'a b', 'a"b', 'é', '1a', '_a', 'a1', 'a$', '', 'api_key_scope', ...odd]
      const words = await client.query<{ word: string }>('SELECT word FROM pg_get_keywords()')
      const all = [...names.filter((text) => text !== ''), ...words.rows.map(({ word }) => word)]
      const { rows } = await client.query<{ text: string; quoted: string; literal: string }>(
        'SELECT text, quote_ident(text) AS quoted, quote_literal(text) AS literal FROM unnest($1::text[]) AS t (text)',
        [all]
      )
      expect(rows.length).toBeGreaterThan(400)
      for (const { text, quoted, literal } of rows) {
        expect([quoted, `"${text}"`]).toContain(quoteIdentifier(text))
        expect(quoteLiteral(text)).toBe(literal.trim())
      }
      // Where it needs no quotes in this version, it has some only if it is a keyword of another.
      const { rows: plain } = await client.query<{ word: string }>(
        "SELECT word FROM pg_get_keywords() WHERE catcode = 'U'"
      )
      const needless = plain.filter(({ word }) => quoteIdentifier(word) !== word)
      expect(needless.map(({ word }) => word).filter((word) => !/^json|^merge_action$/.test(word))).toEqual(
        []
      )
    })
  })
})

describe('any two policies', () => {
  const word = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f')
  const world = fc.uniqueArray(word, { maxLength: 6 }).chain((scopes) =>
    fc.array(fc.tuple(word, fc.constantFrom(...scopes, 'none')), { maxLength: 3 }).map((aliases) => {
      const known = new Map<string, string[]>(scopes.map((scope) => [scope, []]))
      const taken = new Set<string>(scopes)
      for (const [alias, scope] of aliases)
        if (!taken.has(alias)) {
          known.get(scope)?.push(alias)
          if (known.has(scope)) taken.add(alias)
        }
      return Object.fromEntries(known)
    })
  )

  it('lead to each other and back, and no key that may stay is lost or changed', async () => {
    await withDatabase(async (client) => {
      const property = fc.asyncProperty(world, world, async (one, other) => {
        const [from, to] = [policyOf(one), policyOf(other)]
        const { removed, renamed } = enumChanges(from, to)
        await migrate(client, from)
        await client.query('CREATE TABLE api_keys (id serial, scope api_key_scope, scopes api_key_scope[])')
        const gone = new Set(removed.map(({ value }) => value))
        const staying = enumValues(from).filter((value) => !gone.has(value))
        for (const value of staying)
          await client.query('INSERT INTO api_keys (scope, scopes) VALUES ($1, $2)', [value, [value]])
        const names = new Map(renamed.map((rename) => [rename.from, rename.to]))
        const stored = await keys(client)
        await twice(() => migrate(client, to, { from }))
        expect((await labels(client)).sort()).toEqual(enumValues(to).sort())
        expect(await keys(client)).toEqual(
          staying.map((value, index) => ({
            id: index + 1,
            scope: names.get(value) ?? value,
            scopes: [names.get(value) ?? value]
          }))
        )
        await twice(() => migrate(client, to, { from, isDown: true }))
        expect((await labels(client)).sort()).toEqual(enumValues(from).sort())
        expect(await keys(client)).toEqual(stored)
        await client.query('DROP TABLE api_keys; DROP TYPE api_key_scope')
      })
      await fc.assert(property, { numRuns: runs(60) })
    })
  })
})
