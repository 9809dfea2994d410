// Permission sets, grants, variants and roles over a catalogue: everything that a valid document may say, and nothing
// that its validation calls a problem (a grant that can never match among them).
import type {
  ActionList,
  Effects,
  Grants,
  OptionDocument,
  PermissionSet,
  ResourceDocument,
  RoleDocument,
  RoleKind
} from '../../src/document/types.js'
import type { Dice } from './dice.js'
import type { Level, OptionValue } from '../../src/types.js'

export type Catalogue = Readonly<Record<string, ResourceDocument>>

type Options = Readonly<Record<string, OptionDocument>>

/** A permission set; at a level it names only resources that have objects there. */
export function rollPermissionSet(dice: Dice, catalogue: Catalogue, level: Level = 'site'): PermissionSet {
  const named = Object.keys(catalogue).filter((resource) => {
    const placement = catalogue[resource]?.org
    return level === 'site' || placement !== (level === 'user' ? 'required' : 'never')
  })
  const everyAction = [...new Set(Object.values(catalogue).flatMap(({ actions }) => Object.keys(actions)))]
  const entries: (readonly [string, ActionList])[] = dice
    .some(named, 0, 4)
    .map((resource) => [resource, rollActionList(dice, Object.keys(catalogue[resource]?.actions ?? {}))])
  if (dice.chance(40))
    entries.splice(dice.below(entries.length + 1), 0, ['*', rollActionList(dice, everyAction)])
  return Object.fromEntries(entries)
}

function rollActionList(dice: Dice, actions: readonly string[]): ActionList {
  if (dice.chance(30)) return '*'
  if (dice.chance(25)) return { except: dice.some(actions, dice.chance(10) ? 0 : 1, actions.length) }
  return dice.some(actions, dice.chance(8) ? 0 : Math.min(2, actions.length), actions.length)
}

/** Grants at some of the levels. */
export function rollGrants(dice: Dice, catalogue: Catalogue, levels: readonly Level[]): Grants {
  const chosen = dice.some(levels, dice.chance(10) ? 0 : 1, levels.length)
  return Object.fromEntries(chosen.map((level) => [level, rollEffects(dice, catalogue, level)]))
}

function rollEffects(dice: Dice, catalogue: Catalogue, level: Level): Effects {
  const allow = dice.chance(85) ? { allow: rollPermissionSet(dice, catalogue, level) } : {}
  return dice.chance(30) ? { ...allow, deny: rollPermissionSet(dice, catalogue, level) } : allow
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
    return { when: rollCondition(dice, options), grants: rollGrants(dice, catalogue, levels) }
  })
  return {
    ...(dice.chance(10) ? { title: 'A role' } : {}),
    kind,
    ...grants,
    ...(variants.length > 0 ? { variants } : {})
  }
}

function rollCondition(dice: Dice, options: Options): Record<string, OptionValue> {
  const chosen = dice.some(Object.entries(options), 1, 2)
  return Object.fromEntries(chosen.map(([option, { values }]) => [option, dice.pick(values)]))
}
