// The mutants of one record of grants: changes of its sets, and of the level or effect of its lines.
import type { Catalogue } from '../compile/catalogue.js'
import type { Grants, PermissionSet } from '../document/types.js'
import { mutateAllow } from './set-mutations.js'
import { actionsUnder, expand, withActions, withoutAction, withoutLine } from './sets.js'
import type { MutationKind } from './types.js'
import type { Effect, FixedLevel } from '../types.js'
import { levels, nextWider, canReach } from '../levels.js'

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
  readonly levels: readonly FixedLevel[]
  /** For a variant, the grants of its role below it; then only levels that the variant names get new lines. */
  readonly under: Grants | undefined
}

/** The wider of two levels first; a line moves by one step. */
const steps = levels.flatMap((level): (readonly [wider: FixedLevel, narrower: FixedLevel])[] => {
  const wider = nextWider(level)
  return wider === undefined ? [] : [[wider, level]]
})

export function* mutateGrants(grants: Grants, holder: Holder): Generator<GrantMutation> {
  const { catalogue, levels, under } = holder
  for (const level of levels) {
    const { allow, deny } = grants[level] ?? {}
    if (allow !== undefined || under === undefined)
      for (const { kind, key, change, set } of mutateAllow(
        allow ?? {},
        catalogue,
        (resource) => canReach(level, resource.org),
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
    for (const [wider, narrower] of steps) {
      if (level === narrower && levels.includes(wider)) yield* move(grants, narrower, wider, 'widen', holder)
      if (level === wider && levels.includes(narrower)) yield* move(grants, wider, narrower, 'narrow', holder)
    }
  }
}

function* dropDenies(
  grants: Grants,
  level: FixedLevel,
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
  level: FixedLevel,
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
  from: FixedLevel,
  to: FixedLevel,
  kind: 'widen' | 'narrow',
  { catalogue }: Holder
): Generator<GrantMutation> {
  for (const effect of ['allow', 'deny'] as const) {
    const set = grants[from]?.[effect]
    for (const [key, list] of Object.entries(set ?? {})) {
      const resource = catalogue.resources.get(key)
      const actions = expand(list, actionsUnder(catalogue, key))
      if (actions.length === 0 || (resource !== undefined && !canReach(to, resource.org))) continue
      const moved = (): PermissionSet => withActions(grants[to]?.[effect], effect, key, actions, catalogue)
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

function withSet(grants: Grants, level: FixedLevel, effect: Effect, set: PermissionSet): Grants {
  return { ...grants, [level]: { ...grants[level], [effect]: set } }
}
