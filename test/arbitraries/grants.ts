// Permission sets, grants, variants and roles over a catalogue: everything that a valid document may say, and nothing
// that its validation calls a problem (a grant that can never match among them). Conditions on attributes come up
// where a resource has attributes, and nowhere else.
import type {
  ActionList,
  ActionsWhere,
  Effects,
  Grants,
  OptionDocument,
  PermissionSet,
  ResourceDocument,
  RoleDocument,
  RoleKind,
  Where
} from '../../src/document/types.js'
import type { Dice } from './dice.js'
import type { AttributeValue, Effect, Level, OptionValue } from '../../src/types.js'

export type Catalogue = Readonly<Record<string, ResourceDocument>>

type Options = Readonly<Record<string, OptionDocument>>

/** A permission set; at a level it names only resources that have objects there. */
export function rollPermissionSet(
  dice: Dice,
  catalogue: Catalogue,
  level: Level = 'site',
  effect: Effect = 'allow'
): PermissionSet {
  const named = Object.entries(catalogue).filter(([, resource]) => isReachable(resource, level))
  const all = Object.values(catalogue)
  const everyAction = [...new Set(all.flatMap(({ actions }) => Object.keys(actions)))]
  const entries: (readonly [string, ActionList])[] = dice
    .some(named, 0, 4)
    .map(([name, resource]) => [
      name,
      rollCondition(dice, resource, rollActionList(dice, Object.keys(resource.actions), [resource], effect))
    ])
  if (dice.chance(40))
    entries.splice(dice.below(entries.length + 1), 0, ['*', rollActionList(dice, everyAction, all, effect)])
  return Object.fromEntries(entries)
}

/** Whether a grant at that level can match an object of the resource. */
function isReachable({ org, in: places = {} }: ResourceDocument, level: Level): boolean {
  if (level === 'site') return true
  if (level === 'org' || level === 'orgMember') return org !== 'never'
  if (level === 'user') return org !== 'required' && !Object.values(places).includes('required')
  return (places[level.replace(/Member$/, '')] ?? 'never') !== 'never'
}

type PlainList = '*' | readonly string[] | { readonly except: readonly string[] }

/** Some of these actions; `reached` are the resources that the list is about. */
export function rollActionList(
  dice: Dice,
  actions: readonly string[],
  reached: readonly ResourceDocument[],
  effect: Effect = 'allow'
): PlainList {
  // An action that implies others, alone: or what it implies is nearly always named too.
  const impliers = effect === 'deny' ? [] : reached.flatMap(({ implies = {} }) => Object.keys(implies))
  if (impliers.length > 0 && dice.chance(40)) return [dice.pick(impliers)]
  if (dice.chance(30)) return '*'
  if (dice.chance(25)) {
    const except = dice.some(actions, dice.chance(10) ? 0 : 1, actions.length)
    return { except: effect === 'deny' ? except : withImpliers(except, reached) }
  }
  return dice.some(actions, dice.chance(8) ? 0 : Math.min(2, actions.length), actions.length)
}

/** The exceptions of an allow, with all that imply one of them: what is implied is not taken out. */
function withImpliers(except: readonly string[], reached: readonly ResourceDocument[]): string[] {
  const all = new Set(except)
  for (const action of all) {
    for (const { implies = {} } of reached) {
      for (const [implier, implied] of Object.entries(implies)) if (implied.includes(action)) all.add(implier)
    }
  }
  return [...all]
}

/** The list as it is, or for objects with certain attributes, all of it or in part. */
function rollCondition(dice: Dice, resource: ResourceDocument, list: PlainList): ActionList {
  if (Object.keys(resource.attributes ?? {}).length === 0 || !dice.chance(45)) return list
  const where = rollWhere(dice, resource)
  if (list === '*') return dice.chance(50) ? { actions: '*', where } : [{ actions: '*', where }]
  if ('except' in list) return { ...list, where }
  if (dice.chance(30)) return { actions: list, where }
  // A plain action beside the same one with a condition is no problem; the same condition twice need not be tried.
  const other = rollWhere(dice, resource)
  const conditional: ActionsWhere[] = [
    { actions: dice.some(list, 1, list.length), where },
    ...(dice.chance(30) && !isSameWhere(where, other)
      ? [{ actions: dice.some(list, 1, 2), where: other }]
      : [])
  ]
  return [...dice.some(list, 0, list.length), ...conditional]
}

function rollWhere(dice: Dice, { attributes = {} }: ResourceDocument): Where {
  const chosen = dice.some(Object.entries(attributes), 1, 2)
  return Object.fromEntries(
    chosen.map(([name, { values }]): [string, Where[string]] => [name, rollValues(dice, values)])
  )
}

function rollValues(dice: Dice, values: readonly AttributeValue[]): Where[string] {
  return dice.chance(60) ? dice.pick(values) : dice.some(values, 1, dice.chance(15) ? values.length : 2)
}

function isSameWhere(one: Where, other: Where): boolean {
  const text = (where: Where): string =>
    JSON.stringify(
      Object.entries(where)
        .map(([name, values]) => [name, [values].flat().map(String).sort()])
        .sort()
    )
  return text(one) === text(other)
}

/** Grants at some of the levels. */
export function rollGrants(dice: Dice, catalogue: Catalogue, levels: readonly Level[]): Grants {
  const chosen = dice.some(levels, dice.chance(10) ? 0 : 1, levels.length)
  return Object.fromEntries(chosen.map((level) => [level, rollEffects(dice, catalogue, level)]))
}

function rollEffects(dice: Dice, catalogue: Catalogue, level: Level): Effects {
  const allow = dice.chance(85) ? { allow: rollPermissionSet(dice, catalogue, level) } : {}
  return dice.chance(30) ? { ...allow, deny: rollPermissionSet(dice, catalogue, level, 'deny') } : allow
}

/** A role of that kind; `levels` are those at which it may have grants. */
export function rollRole(
  dice: Dice,
  catalogue: Catalogue,
  kind: RoleKind,
  levels: readonly Level[],
  options: Options
): RoleDocument {
  const grants = dice.chance(92) ? { grants: rollGrants(dice, catalogue, levels) } : {}
  const isVarying = Object.keys(options).length > 0 && dice.chance(65)
  const variants = Array.from({ length: isVarying ? 1 + dice.below(3) : 0 }, () => {
    return { when: rollWhen(dice, options), grants: rollGrants(dice, catalogue, levels) }
  })
  return {
    ...(dice.chance(10) ? { title: 'A role' } : {}),
    kind,
    ...grants,
    ...(variants.length > 0 ? { variants } : {})
  }
}

function rollWhen(dice: Dice, options: Options): Record<string, OptionValue> {
  const chosen = dice.some(Object.entries(options), 1, 2)
  return Object.fromEntries(chosen.map(([option, { values }]) => [option, dice.pick(values)]))
}
