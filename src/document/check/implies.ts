// Checks implied actions: they exist, none implies itself, and no exception names one that the rest of its entry implies.
import { entriesOf, fieldOf, textsOf } from '../read.js'
import { findCircles, type Reference } from './circles.js'
import { checkRepeats, type Context } from './context.js'
import type { ResourceFacts } from './facts.js'
import { quoteValue } from '../../problems/quote.js'
import type { Path } from '../../problems/path.js'

/** Checks the `implies` of every resource. */
export function checkImplies(context: Context): void {
  for (const [resource, value] of entriesOf(fieldOf(context.document, 'resources'))) {
    const implies = fieldOf(value, 'implies')
    const actions = context.resources.get(resource)?.actions
    if (implies === undefined || actions === undefined) continue
    checkResource(resource, implies, actions, context)
  }
}

function checkResource(
  resource: string,
  implies: unknown,
  actions: ReadonlySet<string>,
  context: Context
): void {
  const { problems } = context
  const references = new Map<string, Reference<Path>[]>()
  for (const [action, list] of entriesOf(implies)) {
    const path = ['resources', resource, 'implies', action]
    checkAction(action, resource, actions, path, context)
    for (const [index, implied] of textsOf(list)) {
      checkAction(implied, resource, actions, [...path, index], context)
    }
    checkRepeats(list, path, context)
    const targets = new Map(textsOf(list).map(([index, to]) => [to, [...path, index]]))
    references.set(
      action,
      [...targets].map(([to, place]) => ({ to, place }))
    )
  }
  for (const { to, place, words } of findCircles(references)) {
    problems.add('circular_reference', place, `${quoteValue(to)} implies itself: ${words}`, to)
  }
}

/** Adds `unknown_action` for what is no action of the resource. */
export function checkAction(
  action: string,
  resource: string,
  actions: ReadonlySet<string>,
  path: Path,
  { problems }: Context
): void {
  if (actions.has(action)) return
  const message = `${quoteValue(resource)} has no action ${quoteValue(action)}`
  problems.add('unknown_action', path, message, action, problems.suggest(action, actions))
}

/**
 * Checks an `except` of an allow, or of an ACL level: what it names is not implied by another action of these resources.
 * Of several resources in which it is, the first is named.
 */
export function checkExcepted(
  except: unknown,
  resources: Iterable<readonly [name: string, facts: ResourceFacts]>,
  path: Path,
  { problems }: Context
): void {
  const listed = textsOf(except)
  const excepted = new Set(listed.map(([, action]) => action))
  const reported = new Set<string>()
  for (const [name, facts] of resources) {
    const impliers = impliersOf(excepted, facts)
    if (impliers.size === 0) continue
    for (const [index, action] of listed) {
      const implier = impliers.get(action)
      if (implier === undefined || reported.has(action)) continue
      reported.add(action)
      const message = `${quoteValue(implier)} of ${quoteValue(name)} implies ${quoteValue(action)}, so this takes nothing out`
      problems.add('implied_exception', [...path, index], message, action)
    }
  }
}

/** By excepted action, an action that is not excepted and implies it, directly or through others that are. */
function impliersOf(excepted: ReadonlySet<string>, facts: ResourceFacts): ReadonlyMap<string, string> {
  const impliers = new Map<string, string>()
  for (const action of excepted) {
    const implier = facts.implied.get(action)?.find((source) => !excepted.has(source))
    if (implier !== undefined) impliers.set(action, implier)
  }
  // A map is visited in the order in which it grows.
  for (const [action, implier] of impliers) {
    for (const implied of facts.implies.get(action) ?? [])
      if (excepted.has(implied) && !impliers.has(implied)) impliers.set(implied, implier)
  }
  return impliers
}
