// The mutants of one permission set that allows something, in a grant or in a scope.
import type { Catalogue, CompiledResource } from '../compile/catalogue.js'
import { partsOf, whereText, type LinePart } from '../compile/permission-set.js'
import type { ActionList, PermissionSet, Where } from '../document/types.js'
import {
  actionsUnder,
  expand,
  isConditional,
  lineOf,
  mapParts,
  namesOf,
  withActions,
  withLine,
  without,
  withoutAction,
  writeList
} from './sets.js'

export interface SetMutation {
  readonly kind: 'drop-action' | 'drop-resource' | 'add-action' | 'add-resource' | 'wildcard' | 'drop-where'
  readonly key: string
  readonly change: string
  /** The changed set, made each time it is asked for: there may be a million changes, of which few are tried. */
  readonly set: () => PermissionSet
}

/**
 * Every change of an allow; `canName` says whether a resource may have a line in it. For a variant, `under` is the
 * set of its role, which the variant is on top of.
 */
export function* mutateAllow(
  set: PermissionSet,
  catalogue: Catalogue,
  canName: (resource: CompiledResource) => boolean,
  under: PermissionSet = {}
): Generator<SetMutation> {
  yield* changeLines(set, catalogue)
  const hasWildcard = lineOf(set, '*') !== undefined
  for (const resource of resourcesOpenIn(set, under, catalogue)) {
    const { name: key } = resource
    if (lineOf(set, key) !== undefined || !canName(resource)) continue
    const actions = [...resource.actions.keys()]
    const line = lineOf(under, key) ?? lineOf(set, '*') ?? lineOf(under, '*')
    const named = new Set(line === undefined ? [] : expand(line, actions))
    if (hasWildcard && named.size > 0)
      yield { kind: 'drop-resource', key, change: 'with no action', set: () => withLine(set, key, []) }
    for (const action of actions)
      if (!named.has(action)) {
        // A line of its own replaces whatever named the resource before.
        const list = (): ActionList => writeList(new Set([...named, action]), actions, undefined)
        yield { kind: 'add-resource', key, change: `with ${action}`, set: () => withLine(set, key, list()) }
      }
  }
}

/** The resources that a new line can be about: over a full wildcard only those that have a line there already. */
function resourcesOpenIn(
  set: PermissionSet,
  under: PermissionSet,
  { resources }: Catalogue
): Iterable<CompiledResource> {
  const isFull = lineOf(set, '*') === undefined && lineOf(under, '*') === '*'
  return isFull ? Object.keys(under).flatMap((key) => resources.get(key) ?? []) : resources.values()
}

function* changeLines(set: PermissionSet, catalogue: Catalogue): Generator<SetMutation> {
  for (const [key, list] of Object.entries(set)) {
    const actions = actionsUnder(catalogue, key)
    if (isConditional(list)) {
      yield* changeParts(set, key, list, catalogue)
      continue
    }
    const named = new Set(expand(list, actions))
    // From a full wildcard, resources are dropped one by one: dropping one action of all of them is too coarse.
    if (!(key === '*' && list === '*'))
      for (const action of named)
        yield {
          kind: 'drop-action',
          key,
          change: `without ${action}`,
          set: () => withoutAction(set, 'allow', key, action, catalogue)
        }
    const left = actions.filter((action) => !named.has(action))
    for (const action of left)
      yield {
        kind: 'add-action',
        key,
        change: `with ${action}`,
        set: () => withActions(set, 'allow', key, [action], catalogue)
      }
    if (left.length > 1)
      yield { kind: 'wildcard', key, change: 'with every action', set: () => withLine(set, key, '*') }
  }
}

/** Changes of a line of which a part asks for attributes: part by part. */
function* changeParts(
  set: PermissionSet,
  key: string,
  list: ActionList,
  catalogue: Catalogue
): Generator<SetMutation> {
  const actions = actionsUnder(catalogue, key)
  const everywhere = new Set<string>()
  for (const [index, part] of partsOf(list).entries()) {
    const { where } = part
    const named = namesOf(part, actions)
    const said = where === undefined ? '' : ` where ${whereText(where)}`
    if (where === undefined) for (const action of named) everywhere.add(action)
    const withPart =
      (change: (part: LinePart) => LinePart): (() => PermissionSet) =>
      () =>
        withLine(
          set,
          key,
          mapParts(list, actions, (one, at) => (at === index ? change(one) : one))
        )
    for (const action of named)
      yield {
        kind: 'drop-action',
        key,
        change: `without ${action}${said}`,
        set: withPart(without(action, actions))
      }
    for (const attribute of Object.keys(where ?? {}))
      yield {
        kind: 'drop-where',
        key,
        change: `with ${named.join(', ')} whatever \`${attribute}\` is`,
        set: withPart((one) => ({ ...one, where: withoutAttribute(where, attribute) }))
      }
  }
  for (const action of actions)
    if (!everywhere.has(action))
      yield {
        kind: 'add-action',
        key,
        change: `with ${action}`,
        set: () => withActions(set, 'allow', key, [action], catalogue)
      }
}

/** A condition without one attribute; none where it asks for no other. */
function withoutAttribute(where: Where | undefined, attribute: string): Where | undefined {
  const left = Object.entries(where ?? {}).filter(([name]) => name !== attribute)
  return left.length === 0 ? undefined : Object.fromEntries(left)
}
