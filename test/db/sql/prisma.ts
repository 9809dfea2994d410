// Prisma's own client, for the tables of rows.ts: what `prisma generate` makes of test/fixtures/prisma/schema.prisma, with
// the query compiler that comes with the client, and `pg` below it.
import { createRequire } from 'node:module'
import { PrismaPg } from '@prisma/adapter-pg'
import { getPrismaClient, type GetPrismaClientConfig } from '@prisma/client/runtime/client'
import type pg from 'pg'
import { isCasemateError } from '../../../src/index.js'
import { whereFor, type PrismaFields, type PrismaWhere } from '../../../src/sql/index.js'
import generated from '../../fixtures/prisma/client.json' with { type: 'json' }
import { visitWorld, type Asked, type Filter } from '../../sql/law/law.js'
import { columns, mostAttributes, mostContainers, type Storage } from '../../sql/law/rows.js'
import type { DrawnWorld, Fault } from '../../sql/law/worlds.js'
import { asGiven } from '../../support/engine.js'
import { databaseOf, forms, quoted, tableOf } from './postgres.js'

/** The rows of a form that a `where` finds, by number. */
export type FindRows = (form: Storage['form'], where: unknown) => Promise<ReadonlySet<number>>

interface Model {
  findMany(query: object): Promise<readonly { readonly n: number }[]>
  count(query: object): Promise<number>
}

type Client = Readonly<Record<string, Model>> & { readonly $disconnect: () => Promise<void> }

/** The views that the schema calls tables. */
export async function createViews(client: pg.Client): Promise<void> {
  const plain = [
    ...Array.from({ length: mostContainers }, (_, k) => [`c${k}`, `l${k}`]),
    ...Array.from({ length: mostAttributes }, (_, k) => [`a${k}`, `b${k}`])
  ].flat()
  for (const form of forms) {
    const named = (['id', 'owner', 'org'] as const).map((name) => `${quoted(columns[name])} AS ${name}`)
    await client.query(
      `CREATE VIEW ${form.name}_rows AS SELECT n, ${[...named, ...plain].join(', ')} FROM ${tableOf(form)}`
    )
    for (let k = 0; k < mostContainers; k++)
      await client.query(
        `CREATE VIEW ${form.name}_in_${k} AS SELECT row_number() OVER ()::int AS n,
           ${quoted(columns.object)} AS object, inside FROM ${tableOf(form, `in ${k}`)}`
      )
  }
}

/**
 * Takes the organization, the owner or a container out of rows that have something else in common with others: NULL is
 * what a NOT in front of a list forgets.
 */
async function takeOut(client: pg.Client, { form, kinds, isNotNull }: Storage): Promise<void> {
  if (isNotNull) return
  const table = tableOf(form)
  const places = [quoted(columns.org), ...kinds.map((_, k) => `c${k}`)]
  for (const [at, name] of [quoted(columns.owner), ...places].entries()) {
    const most = places.map((place) => {
      const found = `SELECT ${place} FROM ${table} WHERE ${place} IS NOT NULL GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1`
      return `${place} = (${found})`
    })
    const others = most.filter((_, k) => places[k] !== name)
    await client.query(`UPDATE ${table} SET ${[`${name} = NULL`, ...others].join(', ')} WHERE n % 10 = ${at}`)
  }
}

/** The same storage without ACLs, its lists `checked`: then no list has NULL, an empty text or lists in it. */
async function withoutOdd(client: pg.Client, storage: Storage): Promise<Storage> {
  const { form, kinds, containers, resource, mapping } = storage
  for (const k of kinds.keys())
    await client.query(
      `UPDATE ${tableOf(form)} SET l${k} = DEFAULT WHERE array_ndims(l${k}) > 1
         OR EXISTS (SELECT FROM unnest(l${k}::text[]) AS t (one) WHERE one IS NULL OR one = '')`
    )
  const lists = kinds.flatMap((kind, k) =>
    containers[k] === 'array'
      ? [[kind, { ...Object(mapping[kind]), notNull: false, checked: true }] as const]
      : []
  )
  const acl = resource.acl === undefined || resource.acl === false ? {} : { acl: null }
  return { ...storage, acl: undefined, mapping: { ...mapping, ...Object.fromEntries(lists), ...acl } }
}

/** Asks Prisma for every subject and action of a world, as far as it can be asked. */
export function visitForPrisma(
  client: pg.Client,
  drawn: DrawnWorld,
  count: number,
  visit: (asked: Asked, filter: Filter, where: PrismaWhere) => Promise<Fault>
): Promise<Fault> {
  return visitWorld(databaseOf(client), drawn, count, {
    store: async (storage) => {
      await takeOut(client, storage)
      return withoutOdd(client, storage)
    },
    asked: async (one) => {
      const filter = whereFor(one.subject, asGiven(one.action), one.table, { as: 'd' })
      const where = orRefusal(() => filter.toPrisma(fieldsOf(one.storage)))
      // Columns to be cast are refused; where no column is asked, there is no model to find rows with.
      if (one.storage.form.name === 'cast') return undefined
      if ('path' in where) return where.path === 'id' ? undefined : `refused: ${where.path}`
      return visit(one, filter, where)
    }
  })
}

function orRefusal<T extends object>(make: () => T): T | { readonly path: string } {
  try {
    return make()
  } catch (error) {
    if (isCasemateError(error) && error.code === 'not_expressible') return { path: error.path }
    throw error
  }
}

/** The names of the schema's fields, for a mapping. */
function fieldsOf({ kinds, containers }: Storage): PrismaFields {
  const relations = kinds.flatMap((kind, k) =>
    containers[k] === 'join' ? [[kind, { relation: `in${k}`, field: 'inside' }] as const] : []
  )
  return { owner: 'owner', org: 'org', ...Object.fromEntries(relations) }
}

/** What the client loads itself, for which it has no types. */
const load = createRequire(import.meta.url) as (file: string) => unknown
/** Types of Node know it only beside those of browsers. */
const { Module } = (globalThis as unknown as { WebAssembly: { Module: new (code: Uint8Array) => object } })
  .WebAssembly

/** Runs `use` with a client that is connected to a database. */
export async function withPrisma(url: string, use: (find: FindRows) => Promise<void>): Promise<void> {
  const config = {
    ...generated,
    previewFeatures: [],
    clientVersion: '7',
    engineVersion: '7',
    activeProvider: 'postgresql',
    compilerWasm: {
      getRuntime: () => Promise.resolve(load('@prisma/client/runtime/query_compiler_fast_bg.postgresql.js')),
      getQueryCompilerWasmModule: () => {
        const { wasm } = load('@prisma/client/runtime/query_compiler_fast_bg.postgresql.wasm-base64.js') as {
          readonly wasm: string
        }
        return Promise.resolve(new Module(Buffer.from(wasm, 'base64')))
      },
      importName: './query_compiler_fast_bg.js'
    }
  } as unknown as GetPrismaClientConfig
  const PrismaClient = getPrismaClient(config)
  const client = new PrismaClient({ adapter: new PrismaPg({ connectionString: url }) }) as unknown as Client
  try {
    await use(async (form, where) => {
      const model = client[`${form.name}Row`]
      if (model === undefined) throw new Error(`no model for ${form.name}`)
      const rows = await model.findMany({ where, select: { n: true } })
      return new Set(rows.map(({ n }) => n))
    })
  } finally {
    await client.$disconnect()
  }
}

/** The condition among others, as a query of a user has it. */
export function amongOthers(where: PrismaWhere): unknown {
  return { OR: [{ n: -1 }, { AND: [{ n: { gte: 0 } }, where] }] }
}

/** An object for Prisma as a text. */
export function textOf(where: unknown): string {
  return JSON.stringify(where, (_, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value))
}
