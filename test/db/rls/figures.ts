// What the law of row policies counts, and the rows that it compares.
import type pg from 'pg'
import type { defineTable } from '../../../src/sql/index.js'
import type { DriverRow } from '../../sql/law/database.js'
import type { Storage } from '../../sql/law/rows.js'
import { readTables } from '../../sql/law/worlds.js'
import { databaseOf } from '../sql/postgres.js'

/** Decisions, and how many of them were yes. */
export interface Figures {
  readonly select: [number, number]
  readonly update: [number, number]
  readonly delete: [number, number]
  readonly insert: [number, number]
  readonly move: [number, number]
  tables: number
}

export const noFigures = (): Figures => ({
  select: [0, 0],
  update: [0, 0],
  delete: [0, 0],
  insert: [0, 0],
  move: [0, 0],
  tables: 0
})

export function decisionsIn(figures: Figures): number {
  return (['select', 'update', 'delete', 'insert', 'move'] as const).reduce(
    (sum, what) => sum + figures[what][0],
    0
  )
}

export type Command = 'select' | 'insert' | 'update' | 'updated' | 'delete'

/** A row as the driver gives it, and whatever rows of other tables have its id. */
export interface Rows {
  readonly all: readonly DriverRow[]
  readonly objectOf: (row: DriverRow) => unknown
}

export function count(figure: [number, number], isAllowed: boolean): void {
  figure[0]++
  if (isAllowed) figure[1]++
}

/** The rows as a driver gives them, and their objects. */
export async function readRows(
  client: pg.Client,
  table: ReturnType<typeof defineTable>,
  storage: Storage
): Promise<Rows> {
  const { rows, relatedTo } = await readTables(databaseOf(client), storage)
  // What is picked of them depends on their order.
  const all = rows.toSorted((a, b) => Number(a['n']) - Number(b['n']))
  return { all, objectOf: (row) => table.toObject(row, relatedTo(row)) }
}
