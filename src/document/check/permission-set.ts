// Checks one permission set: every resource and action exists, none is named twice, and none is named where it can
// never match. An empty list, or a wildcard that matches nothing yet, is fine here; the linter reports those.
import { entriesOf, fieldOf, itemsOf, textsOf } from '../read.js'
import type { DocumentLevel } from '../levels.js'
import { checkRepeats, type Context } from './context.js'
import { checkExcepted } from './implies.js'
import { whyUnreachable } from './placement.js'
import { isEmptyList } from './reach.js'
import { checkAttributesOf, type NamedResource } from './where.js'
import { quoteValue } from '../../problems/quote.js'
import type { Path } from '../../problems/path.js'

/** Where a set stands. */
export interface SetPlace {
  /** Where it is part of a grant that can match. */
  readonly level?: DocumentLevel | undefined
  /** Denies imply nothing. */
  readonly effect: 'allow' | 'deny'
  /** In a variant: the set whose keys it replaces. */
  readonly base?: unknown
}

/** Checks a set. */
export function checkPermissionSet(set: unknown, path: Path, context: Context, place: SetPlace): void {
  const { problems, resources } = context
  for (const [name, list] of entriesOf(set)) {
    const at = [...path, name]
    const facts = resources.get(name)
    if (name === '*') checkEntry(list, at, context.actions, 'no resource has an', undefined, context)
    else if (facts === undefined) problems.addUnknown('unknown_resource', at, 'resource', name, resources)
    else {
      if (facts.actions !== undefined) {
        const refusal = `${quoteValue(name)} has no`
        checkEntry(list, at, facts.actions, refusal, { name, facts }, context)
      }
      const why =
        place.level === undefined || isEmptyList(list) ? undefined : whyUnreachable(name, facts, place.level)
      if (why !== undefined) problems.add('dead_grant', at, why, name)
    }
    if (place.effect === 'allow') checkExceptions(name, list, set, at, context, place)
  }
}

function checkEntry(
  list: unknown,
  path: Path,
  known: ReadonlySet<string>,
  refusal: string,
  resource: NamedResource,
  context: Context
): void {
  checkActions(list, path, known, refusal, context)
  checkAttributesOf(fieldOf(list, 'where'), resource, [...path, 'where'], context)
  for (const [index, item] of itemsOf(list)) {
    const at = [...path, index]
    checkActions(fieldOf(item, 'actions'), [...at, 'actions'], known, refusal, context)
    checkAttributesOf(fieldOf(item, 'where'), resource, [...at, 'where'], context)
  }
}

/** Checks the actions of a list, of the `except` or of the `actions` of a record; `refusal` begins the message. */
export function checkActions(
  list: unknown,
  path: Path,
  known: ReadonlySet<string>,
  refusal: string,
  context: Context
): void {
  const key = ['except', 'actions'].find((name) => fieldOf(list, name) !== undefined)
  const [names, at] = key === undefined ? [list, path] : [fieldOf(list, key), [...path, key]]
  for (const [index, action] of textsOf(names)) {
    if (known.has(action)) continue
    const { problems } = context
    const message = `${refusal} action ${quoteValue(action)}`
    problems.add('unknown_action', [...at, index], message, action, problems.suggest(action, known))
  }
  checkRepeats(names, at, context)
}

/** Checks that exceptions take something out of every resource that the entry reaches. */
function checkExceptions(
  name: string,
  list: unknown,
  set: unknown,
  path: Path,
  context: Context,
  { level, base }: SetPlace
): void {
  const except = fieldOf(list, 'except')
  if (except === undefined || context.implying.length === 0) return
  const isReached = (resource: string): boolean =>
    name === resource ||
    (name === '*' && fieldOf(set, resource) === undefined && fieldOf(base, resource) === undefined)
  const reached = context.implying.filter(
    ([resource, facts]) =>
      isReached(resource) && (level === undefined || whyUnreachable(resource, facts, level) === undefined)
  )
  checkExcepted(except, reached, [...path, 'except'], context)
}
