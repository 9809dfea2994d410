// The mutants of one record of grants: changes of its sets, and of the level or effect of its lines.
import type { Catalogue, CompiledResource } from '../compile/catalogue.js'
import type { ActionList, Grants, PermissionSet } from '../document/types.js'
import { mutateAllow } from './set-mutations.js'
import {
  actionsUnder,
  expand,
  isConditional,
  itemsOf,
  lineOf,
  withActions,
  withLine,
  withoutAction,
  withoutLine
} from './sets.js'
import type { MutationKind } from './types.js'
import type { Effect, Level } from '../types.js'
import { canBeInOrg, canBeOutside, canReach, containerLevels, isFixed, nextWider } from '../levels.js'

export interface GrantMutation {
  readonly kind: MutationKind
  /** From the grants on. */
  readonly at: readonly string[]
  readonly change: string
  /** The changed grants, made each time they are asked for. */
  readonly grants: () => Grants
}

/** What decides which grants can have an effect. */
export interface Holder {
  readonly catalogue: Catalogue
  readonly levels: readonly Level[]
  /** For a variant, the grants of its role below it; then only levels that the variant names get new lines. */
  readonly under: Grants | undefined
}

/** Pairs of levels of which a line can move from one to the other by one step, the wider one first. */
function stepsOf(levels: readonly Level[]): readonly (readonly [wider: Level, narrower: Level])[] {
  return levels.flatMap((level, index): (readonly [Level, Level])[] => {
    // A container's two levels stand together.
    const wider = isFixed(level) ? nextWider(level) : levels[index - 1]
    return wider !== undefined && levels.includes(wider) ? [[wider, level]] : []
  })
}

/** Whether objects of a resource can be at a level. */
function canNameAt(level: Level, { org, places }: CompiledResource, { containers }: Catalogue): boolean {
  if (isFixed(level)) return canReach(level, org) && (level !== 'user' || places.every(canBeOutside))
  return containers.some(
    (name, number) => containerLevels(name).includes(level) && canBeInOrg(places[number] ?? 'never')
  )
}

export function* mutateGrants(grants: Grants, holder: Holder): Generator<GrantMutation> {
  const { catalogue, levels, under } = holder
  for (const level of levels) {
    const { allow, deny } = grants[level] ?? {}
    if (allow !== undefined || under === undefined)
      for (const { kind, key, change, set } of mutateAllow(
        allow ?? {},
        catalogue,
        (resource) => canNameAt(level, resource, catalogue),
        under?.[level]?.allow
      ))
        yield {
          kind,
          at: [level, 'allow', key],
          change,
          grants: () => withSet(grants, level, 'allow', set())
        }
    yield* flip(grants, level, 'allow', allow, catalogue)
    yield* flip(grants, level, 'deny', deny, catalogue)
    yield* dropDenies(grants, level, deny, catalogue)
    for (const [wider, narrower] of stepsOf(levels)) {
      if (level === narrower) yield* move(grants, narrower, wider, 'widen', holder)
      if (level === wider) yield* move(grants, wider, narrower, 'narrow', holder)
    }
  }
}

function* dropDenies(
  grants: Grants,
  level: Level,
  deny: PermissionSet | undefined,
  catalogue: Catalogue
): Generator<GrantMutation> {
  for (const [key, list] of Object.entries(deny ?? {}))
    for (const action of expand(list, actionsUnder(catalogue, key))) {
      const set = (): PermissionSet => withoutAction(deny ?? {}, 'deny', key, action, catalogue)
      yield {
        kind: 'drop-deny',
        at: [level, 'deny', key],
        change: `without ${action}`,
        grants: () => withSet(grants, level, 'deny', set())
      }
    }
}

/** Turns an allowed action into a denied one or the reverse, for lines that name a resource. */
function* flip(
  grants: Grants,
  level: Level,
  effect: Effect,
  set: PermissionSet | undefined,
  catalogue: Catalogue
): Generator<GrantMutation> {
  const other: Effect = effect === 'allow' ? 'deny' : 'allow'
  for (const [key, list] of Object.entries(set ?? {})) {
    if (key === '*') continue
    for (const action of expand(list, actionsUnder(catalogue, key))) {
      const left = (): PermissionSet => withoutAction(set ?? {}, effect, key, action, catalogue)
      const turned = (): PermissionSet => withActions(grants[level]?.[other], other, key, [action], catalogue)
      yield {
        kind: effect === 'allow' ? 'allow-to-deny' : 'deny-to-allow',
        at: [level, effect, key],
        change: `${action} as ${other}`,
        grants: () => withSet(withSet(grants, level, effect, left()), level, other, turned())
      }
    }
  }
}

/** Moves each line of one level to another, adding it to the lines there. */
function* move(
  grants: Grants,
  from: Level,
  to: Level,
  kind: 'widen' | 'narrow',
  { catalogue }: Holder
): Generator<GrantMutation> {
  for (const effect of ['allow', 'deny'] as const) {
    const set = grants[from]?.[effect]
    for (const [key, list] of Object.entries(set ?? {})) {
      const resource = catalogue.resources.get(key)
      const actions = expand(list, actionsUnder(catalogue, key))
      if (actions.length === 0 || (resource !== undefined && !canNameAt(to, resource, catalogue))) continue
      const moved = (): PermissionSet => withLineAdded(grants[to]?.[effect], effect, key, list, catalogue)
      yield {
        kind,
        at: [from, effect, key],
        change: `at ${to}`,
        grants: () =>
          withSet(withSet(grants, from, effect, withoutLine(set, effect, key)), to, effect, moved())
      }
    }
  }
}

/** The set with what a line of another level names; its conditions stay. */
function withLineAdded(
  set: PermissionSet | undefined,
  effect: Effect,
  key: string,
  list: ActionList,
  catalogue: Catalogue
): PermissionSet {
  const actions = actionsUnder(catalogue, key)
  if (!isConditional(list)) return withActions(set, effect, key, expand(list, actions), catalogue)
  const there = lineOf(set, key) ?? (effect === 'allow' ? lineOf(set, '*') : undefined)
  return withLine(set, key, [...itemsOf(there ?? [], actions), ...itemsOf(list, actions)])
}

function withSet(grants: Grants, level: Level, effect: Effect, set: PermissionSet): Grants {
  return { ...grants, [level]: { ...grants[level], [effect]: set } }
}
