// Permission sets near to those that a giver holds: narrower, or changed in one line. All are what a document may say.
import type { ActionList, PermissionSet, ResourceDocument, Where } from '../../src/document/types.js'
import { rollCustomIncludes } from '../arbitraries/includes.js'
import type { Dice } from '../arbitraries/index.js'
import type { World } from '../model.js'
import type { Effect, Level } from '../../src/types.js'

/** Where a set stands: what it may say depends on it. */
export interface SetAt {
  readonly world: World
  readonly level: Level
  readonly effect: Effect
}

/** The roles that a custom role of this kind may include, some of them; none in a world without containers and the rest. */
export function customIncludes(
  dice: Dice,
  { document }: World,
  kind: string
): { readonly includes?: readonly string[] } {
  const isWide = Object.values(document.roles ?? {}).some(({ includes }) => includes !== undefined)
  if (!isWide && document.containers === undefined) return {}
  const roles = Object.entries(document.roles ?? {}).filter(([, { assignable }]) => assignable !== false)
  const { includes } = rollCustomIncludes(dice, { ...document, roles: Object.fromEntries(roles) }, { kind })
  return includes === undefined ? {} : { includes }
}

/** The set without some of it; a line that takes its resource out of the wildcard is rarely lost. */
export function narrowSet(dice: Dice, at: SetAt, set: PermissionSet): PermissionSet {
  const lines = Object.entries(set).flatMap(([key, list]): [string, ActionList][] => {
    if (key !== '*' && !fits(at, key)) return []
    if (dice.chance(25) && !(Object.hasOwn(set, '*') && key !== '*' && dice.chance(70))) return []
    return [[key, dice.chance(30) ? narrowList(dice, at, key, list) : list]]
  })
  return Object.fromEntries(lines)
}

function narrowList(dice: Dice, at: SetAt, key: string, list: ActionList): ActionList {
  const actions = actionsUnder(at.world, key)
  if (list === '*') return dice.chance(50) ? rollExcept(dice, at, key) : dice.some(actions, 1, 3)
  if ('except' in list) {
    const left = actions.filter((action) => !list.except.includes(action))
    const some = dice.some(left, 1, 3)
    return list.where === undefined ? some : { actions: some, where: list.where }
  }
  if ('actions' in list)
    return { ...list, actions: list.actions === '*' ? dice.some(actions, 1, 3) : list.actions }
  return dice.some(list, 0, list.length)
}

/** The set with one line more, or another: more or less than it was. */
export function changeSet(dice: Dice, at: SetAt, set: PermissionSet): PermissionSet {
  const keys = [...Object.keys(at.world.document.resources).filter((key) => fits(at, key)), '*']
  const key = dice.pick(keys)
  const actions = actionsUnder(at.world, key)
  const form = dice.below(3)
  const list = form === 0 ? dice.some(actions, 1, 2) : form === 1 ? '*' : rollExcept(dice, at, key)
  const resource = key === '*' ? undefined : at.world.document.resources[key]
  const changed = resource === undefined ? list : withCondition(dice, resource, list)
  return Object.fromEntries([...Object.entries(set).filter(([other]) => other !== key), [key, changed]])
}

/** All but some; in an allow, with all that imply one of them: what is implied is not taken out. */
function rollExcept(
  dice: Dice,
  { world, effect }: SetAt,
  key: string
): { readonly except: readonly string[] } {
  const { resources } = world.document
  const except = new Set(dice.some(actionsUnder(world, key), 1, 2))
  const reached = key === '*' ? Object.values(resources) : [resources[key]]
  if (effect === 'allow')
    for (const action of except)
      for (const resource of reached)
        for (const [implier, implied] of Object.entries(resource?.implies ?? {}))
          if (implied.includes(action)) except.add(implier)
  return { except: [...except] }
}

function withCondition(
  dice: Dice,
  { attributes = {} }: ResourceDocument,
  list: '*' | readonly string[] | { readonly except: readonly string[] }
): ActionList {
  const all = Object.entries(attributes)
  if (all.length === 0 || !dice.chance(45)) return list
  const where: Where = Object.fromEntries(
    dice.some(all, 1, 2).map(([name, { values }]) => {
      return [name, dice.chance(60) ? dice.pick(values) : dice.some(values, 1, values.length)]
    })
  )
  if (list === '*') return { actions: '*', where }
  return 'except' in list ? { ...list, where } : { actions: list, where }
}

function actionsUnder({ document }: World, key: string): readonly string[] {
  if (key !== '*') return Object.keys(document.resources[key]?.actions ?? {})
  return [...new Set(Object.values(document.resources).flatMap(({ actions }) => Object.keys(actions)))]
}

/** Whether a grant of that level may name the resource. */
function fits({ world, level }: SetAt, name: string): boolean {
  const { org, in: places = {} } = world.document.resources[name] ?? {}
  if (level === 'site') return true
  if (level === 'user') return org !== 'required' && !Object.values(places).includes('required')
  if (level === 'org' || level === 'orgMember') return org !== 'never'
  return (places[level.replace(/Member$/, '')] ?? 'never') !== 'never'
}
