// A condition in two: a wider one, for which indexes find rows, and what is asked of these alone. A database that reads an
// OR by several indexes asks all of it again of every row unless the indexes answer each part to the end, and goes through
// a thousand organizations for each; or it looks for an owner once for each of them.
import { isText, type Columns } from '../columns.js'
import { all, any, not, type Condition } from './condition.js'
import { mySlot } from './places.js'
import type { Slot } from './slots.js'

/** What holds exactly of the rows of which both hold. */
export interface Candidates {
  /** An OR of what indexes answer. */
  readonly wider: Condition
  readonly check: Condition
}

interface Found {
  /** As an OR. */
  readonly parts: readonly Condition[]
  /** Those of them that hold of more rows than what they were found for. */
  readonly widened: readonly Condition[]
}

/**
 * The two halves of a condition without flags; `undefined` where indexes answer all of it, or where there is a part for
 * which they find nothing.
 */
export function candidatesOf(
  condition: Condition,
  columns: Columns,
  slots: readonly Slot[]
): Candidates | undefined {
  const found = condition.kind === 'any' ? find(condition, columns) : undefined
  if (found === undefined || found.widened.length === 0) return undefined
  const isMine = (part: Condition): boolean => part.kind === 'owner' && slots[part.slot]?.name === mySlot
  const mine = found.widened.find(isMine)
  // Every other owner is the same one, or nobody.
  const withoutOthers = (parts: readonly Condition[]): readonly Condition[] =>
    mine === undefined ? parts : [mine, ...parts.filter((part) => !hasOwner(part))]
  const widened = withoutOthers(found.widened)
  const isOwner = widened.every(({ kind }) => kind === 'owner')
  return {
    wider: any(...new Set(withoutOthers(found.parts))),
    // What found a row of somebody else holds of no other rows than it should.
    check: isOwner ? any(all(...widened.map(not)), condition) : condition
  }
}

function hasOwner(part: Condition): boolean {
  return part.kind === 'owner' || (part.kind === 'all' && part.parts.some(hasOwner))
}

function find(condition: Condition, columns: Columns): Found | undefined {
  switch (condition.kind) {
    case 'owner':
    case 'org':
    case 'id':
      return { parts: [condition], widened: [] }
    case 'container':
      return columns.containers[condition.container]?.form === 'join'
        ? undefined
        : { parts: [condition], widened: [] }
    case 'userEntry':
      return columns.acl?.form === 'table' ? { parts: [condition], widened: [] } : undefined
    case 'groupEntry':
      return columns.acl?.form === 'table' ? { parts: [condition], widened: [condition] } : undefined
    case 'any':
      return findAny(condition.parts, columns)
    case 'all':
      return findAll(condition, columns)
    case 'constant':
    case 'flag':
    case 'not':
    case 'noOrg':
    case 'noContainer':
    case 'containerList':
    case 'attribute':
    case 'readable':
    case 'aclColumn':
      return undefined
  }
}

function findAny(parts: readonly Condition[], columns: Columns): Found | undefined {
  const found = parts.flatMap((part) => find(part, columns) ?? [])
  if (found.length < parts.length) return undefined
  return { parts: found.flatMap((one) => one.parts), widened: found.flatMap((one) => one.widened) }
}

/** Of an AND, the one part for which fewest rows are found. */
function findAll(
  condition: Extract<Condition, { readonly kind: 'all' }>,
  columns: Columns
): Found | undefined {
  const { parts } = condition
  const founds = parts.flatMap((part) => {
    const found = find(part, columns)
    return found === undefined ? [] : [{ part, found, width: Math.max(...found.parts.map(widthOf)) }]
  })
  const [best] = founds.sort((a, b) => a.width - b.width)
  if (best === undefined) return undefined
  const isAnswered = parts.every((part) => part === best.part || isAnsweredByIndex(part, columns))
  if (isAnswered && best.part.kind === 'owner') return { parts: [condition], widened: [] }
  return { parts: best.found.parts, widened: best.found.parts }
}

/** About how many rows it has beside others. */
function widthOf(part: Condition): number {
  if (hasOwner(part)) return 0
  return part.kind === 'org' ? 2 : part.kind === 'container' ? 3 : 1
}

/** Whether an index answers it behind the owner. */
function isAnsweredByIndex(part: Condition, { org, containers }: Columns): boolean {
  if (part.kind === 'noOrg') return org === undefined || !isText(org.kind)
  if (part.kind !== 'noContainer') return false
  const source = containers[part.container]
  return source === undefined || (source.form === 'column' && !isText(source.column.kind))
}
