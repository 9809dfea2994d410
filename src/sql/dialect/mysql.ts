// Conditions as MySQL 8 and MariaDB ask them, from 10.6 on. An ACL and a list of containers are in tables of their own:
// what the JSON of the two does with duplicate keys and escapes differs.
import type { Column } from '../columns.js'
import { fragment, type Fragment, type Piece } from '../fragment.js'
import type { Dialect, WriteContext } from './dialect.js'
import { handleOf, type SqlDialect } from './handle.js'
import { entryAt, joinAt, type At, type EntryCondition, type LeafTexts, type TableAcl } from './leaf-texts.js'
import { isGiven, writeLeaf, writeNegated } from './leaves.js'
import { columnAt, hasTexts, isAmong, isIn, isOne, isText, type Pair } from './mysql-columns.js'
import { quoteIdentifier, quoteText, tableName } from './mysql-quote.js'
import { plainReader } from './plain-reader.js'

const isFull = (at: At, { name }: Column): string => `CHAR_LENGTH(${columnAt(at, name)}) > 0`

const texts: LeafTexts = {
  columnAt,
  hasTexts,
  isOne,
  isIn,
  // A text of spaces equals the empty one, so its length is asked.
  isEmpty: (at, { name }) => `CHAR_LENGTH(${columnAt(at, name)}) = 0`,
  isFull,
  isAny: (at, column, values) => {
    if (column.kind !== 'boolean')
      return isText(
        at,
        column,
        values.filter((value) => typeof value === 'string')
      )
    return `${columnAt(at, column.name)} IN (${values.map((value) => (value === true ? 1 : 0)).join(', ')})`
  },
  joined: {
    isIn,
    isGiven: (at, column) => isGiven({ columnAt, hasTexts, isFull }, column, at),
    has: (context, id, { from, object }, condition) =>
      isAmong(context, [[id, object]], tableName(from), joinAt, condition),
    hasNot: isNotTrue
  },
  inTable,
  isReadable: (at, { name, kind }) => {
    const column = columnAt(at, name)
    return kind === 'boolean' ? `(${column} IN (0, 1) OR ${column} IS NULL)` : undefined
  }
}

function isNotTrue(condition: Fragment): Fragment {
  return fragment('(', condition, ') IS NOT TRUE')
}

/** An entry in a table. */
function inTable(
  condition: EntryCondition,
  { from, object, list, grantee, action }: TableAcl,
  id: Column,
  context: WriteContext
): Fragment {
  const { org } = context.columns
  const hasWord = isText(entryAt, { name: action }, condition.words)
  const entry = (name: 'user' | 'group', pairs: readonly Pair[], ...who: readonly Piece[]): Fragment => {
    const asked = fragment(isText(entryAt, { name: list }, [name]), ` AND ${hasWord}`, ...who)
    return isAmong(context, pairs, tableName(from), entryAt, asked)
  }
  const same: Pair = [id, object]
  if (condition.kind === 'userEntry')
    return entry('user', [same], ' AND ', isOne(entryAt, grantee, condition.user))
  const ofGroups = entry('group', [same], ' AND ', isIn(entryAt, grantee, condition.groups))
  if (org === undefined) return ofGroups
  return fragment('(', ofGroups, ' OR ', entry('group', [same, [org, grantee]]), ')')
}

const dialect: Dialect = {
  name: 'MySQL',
  columns: {
    kinds: ['text', 'uuid', 'int4', 'int8', 'cast', 'enum', 'boolean'],
    hasArrays: false,
    hasAclColumns: false,
    hasCheckedAcls: false,
    isLoose: true
  },
  reader: { ...plainReader, attribute: readAttribute },
  leaf: (leaf, context) => writeLeaf(texts, leaf, context),
  negatedLeaf: (leaf, context) => writeNegated(texts, leaf, context),
  isNotTrue,
  isTrue: (condition) => fragment('(', condition, ') IS TRUE'),
  constant: (value) => (value ? 'TRUE' : 'FALSE'),
  hasNumbers: false,
  hasHalves: false,
  parameter: () => '?',
  castAfter: () => '',
  quoteName: quoteIdentifier,
  tableName,
  addCheck: undefined,
  quoteText
}

/**
 * MySQL 8 and MariaDB from 10.6 on, for the settings of `defineTable`. Columns are of the kinds `text` (at most 512 bytes in
 * UTF-8), `uuid` (a text: upper case is another id), `int4`, `int8`, `cast`, `enum` and `boolean` (0 and 1); ACLs and lists
 * of containers are in tables of their own. A name that a driver would change is `not_expressible`.
 *
 * @example
 * defineTable(policy, 'document', mapping, { dialect: mysql })
 */
export const mysql: SqlDialect = /* @__PURE__ */ handleOf(dialect)

/** True and false are numbers, or a bit; another number is as it is, so that a decision refuses it. */
function readAttribute(value: unknown, { kind }: Column): unknown {
  if (kind !== 'boolean') return value
  const number = value instanceof Uint8Array && value.length === 1 ? value[0] : value
  return number === 1 ? true : number === 0 ? false : value
}
