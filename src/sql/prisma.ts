// A plan → an object for Prisma's `where`. Prisma asks PostgreSQL by the three-valued logic of SQL, and leaves out of AND
// and OR what is empty: `{ AND: [{ OR: [] }] }` is every row. So nothing here is empty: every row, and none, are asked with
// a list without values. NOT stands before nothing that may be NULL without NULL being asked for beside it.
import type { AttributeSource, Column, Columns, ContainerSource } from './columns.js'
import { isText } from './columns.js'
import type { Condition, LeafCondition } from './plan/condition.js'
import type { RowPlan } from './plan/plan.js'
import { notForPrisma, readPrismaFields, type PrismaFields, type PrismaNames } from './prisma-fields.js'
import { isStorable } from './storable.js'

/** A condition of `findMany`, `count`, `updateMany` and the like; to be joined with others by `AND: [it, …]`. */
export interface PrismaWhere {
  /** What has to hold: to be handed on as it is, and not to be read. */
  readonly AND: never[]
}

type Where = Readonly<Record<string, unknown>>
type Part = Where | boolean

/** Prisma splits a statement with more than 32,767 values into several; so many are left to the rest of the query. */
const mostValues = 30_000

/**
 * The rows of a plan.
 *
 * @throws CasemateError as `RowFilter.toPrisma`.
 */
export function prismaWhere(plan: RowPlan, columns: Columns, fields: PrismaFields): PrismaWhere {
  const names = readPrismaFields(columns, fields)
  const constant = constantOf(columns, names)
  const leaves = new Leaves(columns, names, plan.ids)
  const write = (part: Condition, holds: boolean): Part => {
    if (part.kind === 'constant') return part.value === holds
    if (part.kind === 'flag') return (plan.isSet[part.flag] ?? false) === holds
    if (part.kind === 'not') return write(part.part, !holds)
    if (part.kind !== 'all' && part.kind !== 'any') return leaves.write(part, holds)
    // Every part is written, so that what cannot be asked is an error whoever asks.
    const parts = part.parts.map((one) => write(one, holds))
    return combine(parts, (part.kind === 'all') === holds)
  }
  const written = write(plan.condition, true)
  const where = typeof written === 'boolean' ? constant(written) : written
  // Only Prisma reads it: for whoever writes a program it is a list of what is to hold.
  return { AND: [where] as readonly Where[] as never[] }
}

/** Parts that are known are not there; no part is ever an empty record or list. */
function combine(parts: readonly Part[], isAll: boolean): Part {
  if (parts.includes(!isAll)) return !isAll
  const asked = parts.filter((part) => typeof part !== 'boolean')
  const [only] = asked
  if (only === undefined) return isAll
  return asked.length === 1 ? only : { [isAll ? 'AND' : 'OR']: asked }
}

const either = (...parts: readonly Part[]): Part => combine(parts, false)

/** Every row, or none, as a condition that Prisma does not leave out: a column that is among no values, or is not. */
function constantOf(columns: Columns, names: PrismaNames): (value: boolean) => Where {
  const found = (['id', 'owner', 'org'] as const).find((name) => columns[name] !== undefined)
  const column = found && columns[found]
  return (value) => {
    if (column === undefined)
      throw notForPrisma('id', 'without `id`, `owner` and `org` nothing says every row, or none')
    return { [names.fieldOf(found ?? '', column)]: { [value ? 'notIn' : 'in']: [] } }
  }
}

/** The conditions on a row, each with what is true where it is not: false or NULL. */
class Leaves {
  readonly #columns: Columns
  readonly #names: PrismaNames
  readonly #ids: RowPlan['ids']
  #count = 0

  constructor(columns: Columns, names: PrismaNames, ids: RowPlan['ids']) {
    this.#columns = columns
    this.#names = names
    this.#ids = ids
  }

  write(leaf: LeafCondition, holds: boolean): Part {
    const { kinds, containers, attributes } = this.#columns
    switch (leaf.kind) {
      case 'owner':
      case 'id':
      case 'org': {
        const column = this.#columns[leaf.kind]
        return column === undefined ? !holds : this.#isIn(leaf.kind, column, leaf.slot, holds)
      }
      case 'noOrg':
        return this.#isNone('org', this.#columns.org, holds)
      case 'container':
        return this.#inContainer(kinds[leaf.container] ?? '', containers[leaf.container], leaf.slot, holds)
      case 'noContainer':
        return this.#inNoContainer(kinds[leaf.container] ?? '', containers[leaf.container], holds)
      case 'containerList':
        throw notForPrisma(
          kinds[leaf.container] ?? '',
          'Prisma cannot look for NULL in a list; keep it out with a constraint and say `checked: true`'
        )
      case 'attribute':
        return this.#attributeIs(attributes[leaf.attribute], leaf, holds)
      case 'userEntry':
      case 'groupEntry':
      case 'aclColumn':
        throw notForPrisma('acl', 'Prisma cannot ask for an entry of an ACL')
      case 'readable':
        throw notForPrisma(leaf.column.name, 'Prisma cannot ask what type a value has')
    }
  }

  /** The field of a column. */
  #field(name: string, column: Column): string {
    if (column.kind === 'cast') throw notForPrisma(name, 'Prisma cannot compare it byte by byte')
    return this.#names.fieldOf(name, column)
  }

  /** The ids of a slot that the column can hold, as Prisma takes them. */
  #valuesOf(slot: number, { kind }: Column): readonly unknown[] {
    const ids = (this.#ids[slot] ?? []).flat().filter((id) => isStorable(id, kind))
    this.#count += ids.length
    if (this.#count > mostValues)
      throw notForPrisma('where', `more than ${mostValues} ids, and Prisma would split the statement`)
    return kind === 'int4' ? ids.map(Number) : kind === 'int8' ? ids.map(BigInt) : ids
  }

  #isIn(name: string, column: Column, slot: number, holds: boolean): Part {
    const field = this.#field(name, column)
    const values = this.#valuesOf(slot, column)
    if (values.length === 0) return !holds
    return holds ? { [field]: { in: values } } : either({ [field]: { notIn: values } }, isNull(field, column))
  }

  #isNone(name: string, column: Column | undefined, holds: boolean): Part {
    if (column === undefined) return holds
    const field = this.#field(name, column)
    if (isText(column.kind))
      // NULL is not unequal to anything.
      return holds ? either({ [field]: '' }, isNull(field, column)) : { [field]: { not: '' } }
    return holds ? isNull(field, column) : column.isNotNull || { [field]: { not: null } }
  }

  #inContainer(kind: string, source: ContainerSource | undefined, slot: number, holds: boolean): Part {
    if (source === undefined) return !holds
    const { column } = source
    if (source.form === 'column') return this.#isIn(kind, column, slot, holds)
    if (source.form === 'join') {
      const { relation, field } = this.#relation(kind, column)
      const values = this.#valuesOf(slot, column)
      return values.length === 0
        ? !holds
        : { [relation]: { [holds ? 'some' : 'none']: { [field]: { in: values } } } }
    }
    const field = this.#field(kind, column)
    const values = this.#valuesOf(slot, column)
    if (values.length === 0) return !holds
    const has = { [field]: { hasSome: values } }
    return holds ? has : either({ NOT: has }, isNullList(field, column))
  }

  #inNoContainer(kind: string, source: ContainerSource | undefined, holds: boolean): Part {
    if (source === undefined) return holds
    const { column } = source
    if (source.form === 'column') return this.#isNone(kind, column, holds)
    if (source.form === 'join') {
      const { relation, field } = this.#relation(kind, column)
      return { [relation]: { [holds ? 'none' : 'some']: { [field]: isGiven(column) } } }
    }
    const field = this.#field(kind, column)
    return holds
      ? either({ [field]: { isEmpty: true } }, isNullList(field, column))
      : { [field]: { isEmpty: false } }
  }

  #relation(kind: string, column: Column): ReturnType<PrismaNames['relationOf']> {
    if (column.kind === 'cast') throw notForPrisma(kind, 'Prisma cannot compare it byte by byte')
    return this.#names.relationOf(kind)
  }

  #attributeIs(
    source: AttributeSource | undefined,
    { values, orNone }: Extract<LeafCondition, { readonly kind: 'attribute' }>,
    holds: boolean
  ): Part {
    const column = source?.column
    if (column === undefined) return !holds
    const field = this.#field(source?.attribute.name ?? '', column)
    const none = isNull(field, column)
    if (column.kind === 'boolean') {
      const wanted = [true, false].filter((value) => values.includes(value) === holds)
      return either(...wanted.map((value) => ({ [field]: value })), orNone === holds && none)
    }
    const texts = values.filter((value) => typeof value === 'string' && isStorable(value, 'text'))
    if (holds) return either(texts.length > 0 && { [field]: { in: texts } }, orNone && none)
    if (texts.length === 0) return !orNone || column.isNotNull || { [field]: { not: null } }
    return either({ [field]: { notIn: texts } }, !orNone && none)
  }
}

function isNull(field: string, { isNotNull }: Column): Part {
  return !isNotNull && { [field]: null }
}

function isNullList(field: string, { isNotNull }: Column): Part {
  return !isNotNull && { [field]: { equals: null } }
}

/** A column of another table names a container; asked so that it does not matter whether the column can be NULL. */
function isGiven({ kind }: Column): Where {
  if (kind === 'uuid') return { gte: '00000000-0000-0000-0000-000000000000' }
  if (kind === 'int4') return { gte: -(2 ** 31) }
  return kind === 'int8' ? { gte: -(2n ** 63n) } : { not: '' }
}
