// The leaves of a plan, for every dialect: which column a leaf asks about, what is known without asking, and what NULL is.
// A dialect has only the words for it (`leaf-texts.ts`).
import type { AttributeSource, Column, ContainerSource } from '../columns.js'
import { fragment, type Fragment } from '../fragment.js'
import type { LeafCondition } from '../plan/condition.js'
import type { WriteContext } from './dialect.js'
import {
  joinAt,
  type At,
  type EntryCondition,
  type JoinSource,
  type LeafOf,
  type LeafTexts
} from './leaf-texts.js'

/** SQL, or a boolean where nothing has to be asked. */
type Written = Fragment | boolean

/** What a leaf asks, as `Dialect.leaf` promises. */
export function writeLeaf(texts: LeafTexts, leaf: LeafCondition, context: WriteContext): Written {
  const { id, owner, org, containers, attributes, acl } = context.columns
  switch (leaf.kind) {
    case 'owner':
      return owner !== undefined && texts.isOne(context, owner, leaf.slot)
    case 'id':
      return id !== undefined && texts.isIn(context, id, leaf.slot)
    case 'org':
      return org !== undefined && texts.isIn(context, org, leaf.slot)
    case 'noOrg':
      return org === undefined || isNone(texts, org, context)
    case 'container':
      return inContainer(texts, containers[leaf.container], leaf.slot, context)
    case 'noContainer':
      return inNoContainer(texts, containers[leaf.container], context)
    case 'containerList': {
      const source = containers[leaf.container]
      return source?.form !== 'array' || textOr(true, texts.lists?.isReadable(context, source.column))
    }
    case 'attribute':
      return attributeIs(texts, attributes[leaf.attribute], leaf, context)
    case 'userEntry':
    case 'groupEntry':
      return hasEntry(texts, leaf, context)
    case 'aclColumn': {
      const half = acl?.form === 'columns' ? acl[leaf.list] : undefined
      return half === undefined || textOr(true, texts.isAclColumn?.(context, half))
    }
    case 'readable':
      return textOr(true, texts.isReadable?.(context, leaf.column))
  }
}

/** What is true where a leaf is false or NULL, as `Dialect.negatedLeaf` promises. */
export function writeNegated(
  texts: LeafTexts,
  leaf: LeafCondition,
  context: WriteContext
): Written | undefined {
  const { org, containers } = context.columns
  if (leaf.kind === 'noOrg') return org !== undefined && isSome(texts, org, context)
  if (leaf.kind !== 'noContainer') return undefined
  const source = containers[leaf.container]
  if (source === undefined) return false
  if (source.form === 'join') return isJoined(texts, source, context)
  return source.form === 'array'
    ? textOr(false, texts.lists?.isFull(context, source.column))
    : isSome(texts, source.column, context)
}

function textOr(otherwise: boolean, text: string | undefined): Written {
  return text === undefined ? otherwise : fragment(text)
}

function orNull({ columnAt }: LeafTexts, { name, isNotNull }: Column, at: At, condition: string): Fragment {
  return fragment(isNotNull ? condition : `(${columnAt(at, name)} IS NULL OR ${condition})`)
}

/** The column has no id: it is NULL or an empty text. */
function isNone(texts: LeafTexts, column: Column, at: At): Written {
  if (texts.hasTexts(column.kind)) return orNull(texts, column, at, texts.isEmpty(at, column))
  return !column.isNotNull && fragment(`${texts.columnAt(at, column.name)} IS NULL`)
}

/** The column has an id. */
function isSome(texts: LeafTexts, column: Column, at: At): Written {
  return (column.isNotNull && !texts.hasTexts(column.kind)) || fragment(isGiven(texts, column, at))
}

/** The same where the column can be NULL: of NULL, a comparison is not true either. */
export function isGiven(
  { columnAt, hasTexts, isFull }: Pick<LeafTexts, 'columnAt' | 'hasTexts' | 'isFull'>,
  column: Column,
  at: At
): string {
  return hasTexts(column.kind) ? isFull(at, column) : `${columnAt(at, column.name)} IS NOT NULL`
}

/** An operand is one of some literals; `undefined` where there are none. */
export function isAny(operand: string, literals: readonly string[]): string | undefined {
  const [only] = literals
  if (only === undefined) return undefined
  return literals.length === 1 ? `${operand} = ${only}` : `${operand} IN (${literals.join(', ')})`
}

function inContainer(
  texts: LeafTexts,
  source: ContainerSource | undefined,
  slot: number,
  context: WriteContext
): Written {
  if (source === undefined) return false
  const { joined, lists } = texts
  const { form, column } = source
  if (form === 'join') return isJoined(texts, source, context, joined.isIn(joinAt, column, slot))
  return form === 'array' && lists !== undefined
    ? lists.overlaps(context, column, slot)
    : texts.isIn(context, column, slot)
}

function inNoContainer(
  texts: LeafTexts,
  source: ContainerSource | undefined,
  context: WriteContext
): Written {
  if (source === undefined) return true
  const { joined, lists } = texts
  const { form, column } = source
  if (form === 'join') {
    const given = isJoined(texts, source, context)
    return typeof given === 'boolean' ? !given : joined.hasNot(given)
  }
  return form === 'array' && lists !== undefined
    ? orNull(texts, column, context, lists.isEmpty(context, column))
    : isNone(texts, column, context)
}

/** The object has a row in the other table of which something holds: that it names a container, unless it is more. */
function isJoined(
  { joined }: LeafTexts,
  source: JoinSource,
  context: WriteContext,
  condition: Fragment = fragment(joined.isGiven(joinAt, source.column))
): Written {
  const { id } = context.columns
  return id !== undefined && joined.has(context, id, source, condition)
}

function attributeIs(
  texts: LeafTexts,
  source: AttributeSource | undefined,
  { values, orNone }: LeafOf<'attribute'>,
  context: WriteContext
): Written {
  const column = source?.column
  if (column === undefined) return false
  const name = texts.columnAt(context, column.name)
  // Where a column has no other values than its own, two booleans are all there are.
  if (column.kind === 'boolean' && values.length > 1 && texts.isReadable === undefined)
    return orNone || column.isNotNull || fragment(`${name} IS NOT NULL`)
  const isAny = values.length === 0 ? undefined : texts.isAny(context, column, values)
  const isNull = `${name} IS NULL`
  if (isAny === undefined) return orNone && fragment(isNull)
  return fragment(orNone ? `(${isAny} OR ${isNull})` : isAny)
}

/** An entry of the row's ACL for the subject, or for its groups and organizations, has one of the words. */
function hasEntry(texts: LeafTexts, leaf: EntryCondition, context: WriteContext): Written {
  const { id, acl } = context.columns
  if (acl === undefined) return false
  if (acl.form === 'table') return id !== undefined && texts.inTable(leaf, acl, id, context)
  const half = leaf.kind === 'userEntry' ? acl.users : acl.groups
  return half !== undefined && texts.inColumn !== undefined && texts.inColumn(leaf, half, acl, context)
}
