// Rules about sets, lists and roles that have no effect.
import type { ActionList, PermissionSet } from '../document/types.js'
import { listHas } from '../compile/permission-set.js'
import type { CompiledPolicy } from '../compile/compile.js'
import { saysAnything, type LintContext } from './context.js'
import { includesOf } from './includes.js'
import type { Remark, Rule } from './types.js'
import { quoteValue } from '../problems/quote.js'
import type { Path } from '../problems/path.js'
import { isListEmpty, setsIn, setsOfLayers, type LayerSet } from './voters.js'
import { isReachable } from './votes.js'

export const emptySet: Rule = {
  id: 'empty-set',
  severity: 'warning',
  summary: 'An empty set, or an empty list that takes nothing out of anything.',
  help: 'Take it out, or write what was meant.',
  *find(context) {
    yield* emptyInResources(context)
    for (const layerSet of setsIn(context.voters)) {
      const below = setsBelow(layerSet)
      if (Object.keys(layerSet.set).length === 0) yield { at: layerSet.at, message: 'the set names nothing' }
      for (const [key, list] of Object.entries(layerSet.set))
        if (isEmpty(context.compiled, key, list) && !below.some((set) => Object.hasOwn(set, key)))
          yield* remarkOn(context, layerSet, key)
        else yield* emptyItems(list, [...layerSet.at, key])
    }
    yield* emptyInScopes(context)
  }
}

export const emptyRole: Rule = {
  id: 'empty-role',
  severity: 'info',
  summary: 'A role or system subject that allows nothing, denies nothing and assigns nothing.',
  help: 'Give it grants, or take it out.',
  *find(context) {
    for (const voter of context.voters)
      // A role that includes others says what they say; one of them that says nothing is found itself.
      if (voter.assigns.length === 0 && includesOf(voter).length === 0 && !saysAnything(context, voter))
        yield { at: voter.at, message: 'it allows nothing, denies nothing and assigns nothing' }
  }
}

/** Levels of an ACL, and actions that imply none. */
function* emptyInResources({ compiled }: LintContext): Generator<Remark> {
  for (const [name, { acl, actions, implies = {} }] of Object.entries(compiled.document.resources)) {
    const levels = typeof acl === 'object' ? (acl.levels ?? {}) : {}
    for (const [level, list] of Object.entries(levels))
      if (!Object.keys(actions).some((action) => listHas(list, action)))
        yield { at: ['resources', name, 'acl', 'levels', level], message: 'the level holds no action' }
    for (const [action, implied] of Object.entries(implies))
      if (implied.length === 0)
        yield { at: ['resources', name, 'implies', action], message: 'the action implies nothing' }
  }
}

/** Actions under a condition, of which there are none, in a list that names others. */
function* emptyItems(list: ActionList, at: Path): Generator<Remark> {
  if (typeof list === 'string' || !('length' in list)) return
  for (const [index, item] of list.entries())
    if (typeof item !== 'string' && item.actions.length === 0)
      yield { at: [...at, index], message: 'it names no action' }
}

/** The sets that a variant's keys replace. */
function setsBelow({ voter, layer, level, effect }: LayerSet): readonly PermissionSet[] {
  return setsOfLayers(voter.layers.slice(0, layer), level, effect)
}

function isEmpty({ catalogue }: CompiledPolicy, key: string, list: ActionList): boolean {
  const resource = catalogue.resources.get(key)
  if (resource === undefined) return isListEmpty(list)
  return ![...resource.actions.keys()].some((action) => listHas(list, action))
}

/** In an allow, an empty list takes its resource out of the wildcard, also out of one in another layer. */
function* remarkOn({ compiled }: LintContext, layerSet: LayerSet, key: string): Generator<Remark> {
  const { voter, level, effect } = layerSet
  const at = [...layerSet.at, key]
  if (key === '*') yield { at, message: 'the wildcard names nothing' }
  else if (effect === 'deny')
    yield { at, message: 'denies nothing: in a deny an empty list takes nothing out of anything' }
  else {
    const sets = setsOfLayers(voter.layers, level, 'allow')
    const permissions = [...(compiled.catalogue.resources.get(key)?.actions.values() ?? [])]
    const isTaken = permissions
      .filter((permission) => isReachable(level, permission, compiled.catalogue))
      .some(({ action }) => hasInWildcard(sets, action))
    if (!isTaken) yield { at, message: takesNothing(sets, ` at level ${quoteValue(level)}`) }
  }
}

function hasInWildcard(sets: readonly PermissionSet[], action: string): boolean {
  return sets.some((set) => {
    const wildcard = Object.hasOwn(set, '*') ? set['*'] : undefined
    return wildcard !== undefined && listHas(wildcard, action)
  })
}

function takesNothing(sets: readonly PermissionSet[], where: string): string {
  const hasWildcard = sets.some((set) => Object.hasOwn(set, '*'))
  return hasWildcard
    ? `takes nothing out: the wildcard does not reach it${where}`
    : `allows nothing, and there is no wildcard${where} that it could be taken out of`
}

/** Scopes and templates; a template's variants replace the keys of what stands before them. */
function* emptyInScopes({ compiled }: LintContext): Generator<Remark> {
  const { scopes = {}, scopeTemplates = {} } = compiled.document
  for (const [name, { allow }] of Object.entries(scopes))
    yield* emptyLists(compiled, [allow], ['scopes', name, 'allow'])
  for (const [name, { allow, variants = [] }] of Object.entries(scopeTemplates)) {
    const at = ['scopeTemplates', name]
    yield* emptyLists(compiled, [allow], [...at, 'allow'])
    for (const [index, variant] of variants.entries()) {
      const before = variants.slice(0, index).map((earlier) => earlier.allow)
      const path = [...at, 'variants', index, 'allow']
      if (Object.keys(variant.allow).length === 0) yield { at: path, message: 'the set names nothing' }
      yield* emptyLists(compiled, [variant.allow, allow, ...before], path)
    }
  }
}

/** The empty lists of the first set that replace nothing in the others and take nothing out of any wildcard. */
function* emptyLists(
  compiled: CompiledPolicy,
  sets: readonly [PermissionSet, ...PermissionSet[]],
  at: Path
): Generator<Remark> {
  const [set, ...below] = sets
  for (const [key, list] of Object.entries(set)) {
    if (!isEmpty(compiled, key, list) || below.some((other) => Object.hasOwn(other, key))) {
      yield* emptyItems(list, [...at, key])
      continue
    }
    const actions = [...(compiled.catalogue.resources.get(key)?.actions.keys() ?? [])]
    if (key === '*' || !actions.some((action) => hasInWildcard(sets, action)))
      yield { at: [...at, key], message: key === '*' ? 'the wildcard names nothing' : takesNothing(sets, '') }
  }
}
