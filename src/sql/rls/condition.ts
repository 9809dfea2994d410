// The condition of an action as a row policy asks it: the text that filters are written with, in which every parameter
// is a fact of the transaction. A fact is an uncorrelated subquery, so that it is read once for a statement.
import type { CompiledPolicy } from '../../compile/compile.js'
import { compileRole, type CompiledRole } from '../../compile/roles.js'
import type { Effects, Grants, PermissionSet, Where } from '../../document/types.js'
import { levelsOfKind } from '../../levels.js'
import { findPermission } from '../../request/ask.js'
import type { Columns } from '../columns.js'
import { columnAt } from '../dialect/postgres-columns.js'
import { quoteLiteral } from '../dialect/postgres-quote.js'
import { writeCondition } from '../dialect/write.js'
import { fragment, type Fragment, type Hole } from '../fragment.js'
import type { Flag } from '../plan/slots.js'
import { shapeOf, type RowShape } from '../plan/shape.js'
import type { TableParts } from '../table.js'
import { hexOf, sha256 } from './sha256.js'

/** What a row policy knows of a subject: the ids of a slot, or a flag. */
export type Fact =
  | { readonly kind: 'ids'; readonly hole: Hole }
  /** `value` where the flag is set, else NULL. */
  | { readonly kind: 'flag'; readonly hole: Hole; readonly flag: number; readonly value: string }

/** The condition of one action on one table. */
export interface ActionCondition {
  /** The action and what its facts are: facts that were made for another condition have another key. */
  readonly key: string
  readonly shape: RowShape
  readonly facts: readonly Fact[]
  /** The condition, with the facts of a schema's functions. */
  text(schema: string): string
}

/** The condition of an action; `hasCustomRoles` if it also has to serve roles that are added at run time. */
export function conditionFor(
  { columns, dialect }: Pick<TableParts, 'columns' | 'dialect'>,
  policy: CompiledPolicy,
  action: string,
  { alias, hasCustomRoles }: { readonly alias: string; readonly hasCustomRoles: boolean }
): ActionCondition {
  const permission = findPermission(policy, action, columns.resource.name)
  const shape = shapeOf(hasCustomRoles ? withAnyRole(policy) : policy, permission, columns)
  const flags = shape.flags.map((flag, number) => flagFact(flag, number, columns, alias))
  const written = writeCondition(
    shape.condition,
    flags.map(({ text }) => text),
    dialect,
    { columns, alias }
  )
  const condition = typeof written === 'boolean' ? fragment(dialect.constant(written)) : written
  const facts = factsIn(
    condition.holes,
    flags.flatMap((flag) => flag.facts)
  )
  const names = [...shape.slots, ...shape.flags].map(({ name }) => name)
  const keys = facts.map(({ hole }) => keyOf(hole))
  const print = JSON.stringify(['1', alias, condition.strings, condition.holes.map(keyOf), keys, names])
  const key = `${columns.resource.name}:${action} ${hexOf(sha256(new TextEncoder().encode(print))).slice(0, 16)}`
  return {
    key,
    shape,
    facts,
    text: (schema) => {
      const fact = (hole: Hole): string => {
        const { type } = hole
        const read = `(SELECT ${schema}.fact(${quoteLiteral(key)}, ${keys.indexOf(keyOf(hole))})::${type})`
        // Without a cast outside, `ANY ((SELECT …))` would be a subquery and not a list; with no cast inside, the text
        // would be read as a list again for every row.
        return type.endsWith('[]') ? `${read}::${type}` : read
      }
      const text = condition.strings
        .map((part, at) => {
          const hole = condition.holes[at]
          if (hole === undefined) return part
          // A list of facts is looked up by a hash. As an array it would be gone through for every row: an index could
          // answer it, but which index is for the filter to say.
          return part + (part.endsWith(' = ANY(') ? `SELECT unnest(${fact(hole)})` : fact(hole))
        })
        .join('')
      // Of no column, so that it costs least and is asked of the first row before anything else.
      return `((SELECT ${schema}.has_subject(${quoteLiteral(key)})) AND ${text})`
    }
  }
}

/** The same for holes that always have the same value. */
function keyOf({ slot, encoding }: Hole): string {
  return `${slot} ${encoding}`
}

/** The facts of a condition, each once, in the order of their first hole. */
function factsIn(holes: readonly Hole[], flags: readonly Fact[]): readonly Fact[] {
  const found = new Map<string, Fact>()
  for (const hole of holes)
    if (!found.has(keyOf(hole)))
      found.set(keyOf(hole), flags.find((fact) => fact.hole === hole) ?? { kind: 'ids', hole })
  return [...found.values()]
}

/** The least and greatest id of a column: between them is every id. */
const ranges = new Map<string, readonly [string, string]>([
  ['uuid', ['00000000-0000-0000-0000-000000000000', 'ffffffff-ffff-ffff-ffff-ffffffffffff']],
  ['int4', ['-2147483648', '2147483647']],
  ['int8', ['-9223372036854775808', '9223372036854775807']]
])

/**
 * A flag as a fact. "Every row", as the roles of the site may say, is a range over the ids where the column allows it:
 * a flag between conditions that indexes answer would have the database read the whole table for every subject.
 */
function flagFact(
  { name }: Flag,
  flag: number,
  { id }: Columns,
  alias: string
): { readonly text: Fragment; readonly facts: readonly Fact[] } {
  const range = name.startsWith('site.allow') && id?.isNotNull === true ? ranges.get(id.kind) : undefined
  const make = (what: string, type: string, value: string): Extract<Fact, { kind: 'flag' }> => ({
    kind: 'flag',
    flag,
    value,
    hole: { encoding: `${what} ${flag} ${type}`, slot: -1, type, value: () => null }
  })
  if (range === undefined || id === undefined) {
    const fact = make('flag', 'boolean', 'true')
    return { text: fragment(fact.hole), facts: [fact] }
  }
  const [from, to] = [make('from', id.kind, range[0]), make('to', id.kind, range[1])]
  const column = columnAt({ alias }, id.name)
  return {
    text: fragment(`(${column} >= `, from.hole, ` AND ${column} <= `, to.hole, ')'),
    facts: [from, to]
  }
}

/**
 * The policy with roles of every kind that say everything there is to say: each level allows and denies each value of
 * each attribute, so that no role that is added later says anything to which a condition has no answer.
 */
function withAnyRole(policy: CompiledPolicy): CompiledPolicy {
  const { resources, containers } = policy.catalogue
  const wheres = [...resources.values()].map(({ name, attributes }) => ({
    name,
    list: attributes.flatMap((attribute) =>
      attribute.values.map((value): Where => ({ [attribute.name]: value }))
    )
  }))
  const most = Math.max(0, ...wheres.map(({ list }) => list.length))
  const byValue = Array.from({ length: most }, (_, at): PermissionSet => {
    const lines = wheres.flatMap(({ name, list }) => {
      const where = list[at]
      return where === undefined ? [] : [[name, { actions: '*', where }] as const]
    })
    return Object.fromEntries(lines)
  })
  const sets: readonly PermissionSet[] = [{ '*': '*' }, ...byValue]
  const roles = ['site', 'org', ...containers].flatMap((kind) =>
    sets.map((set): CompiledRole => {
      const effects: Effects = { allow: set, deny: set }
      const grants: Grants = Object.fromEntries(levelsOfKind(kind).map((level) => [level, effects]))
      return compileRole('any', { kind, grants }, [], policy.context)
    })
  )
  const shipped = new Map([
    ...policy.roles.shipped,
    // No name of a role begins with a space.
    ...roles.map((role, number): [string, CompiledRole] => [` ${number}`, role])
  ])
  return { ...policy, roles: { ...policy.roles, shipped } }
}
