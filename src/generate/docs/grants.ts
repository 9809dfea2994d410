// Grants as tables with one row for each resource, so that a resource that is added or removed changes one row. A row
// says whether the policy names the resource or the wildcard reaches it.
import { partsOf, whereText, type LinePart } from '../../compile/permission-set.js'
import type { ActionList, Grants, PermissionSet } from '../../document/types.js'
import { containerLevels, levels as fixedLevels } from '../../levels.js'
import type { DescribedResource } from '../names.js'
import { cellCode, cellCodes, table, type Block } from './markdown.js'
import type { Effect, Level } from '../../types.js'

const reaches: Readonly<Record<string, string>> = {
  site: 'every object',
  org: 'every object in the organization',
  orgMember: 'what they own in the organization',
  user: 'what they own outside any organization'
}

/** Every level with the objects that it reaches, in the order of the pages. */
export function levelsOf(containers: readonly string[]): readonly (readonly [Level, string])[] {
  const fixed = fixedLevels.map((level) => [level, reaches[level] ?? ''] as const)
  const further = containers.flatMap((container) => {
    const [all, own] = containerLevels(container)
    return [
      [all, `every object in the ${container}`],
      [own, `what they own in the ${container}`]
    ] as const
  })
  return [...fixed, ...further]
}

export const effects: readonly (readonly [Effect, string])[] = [
  ['allow', 'may'],
  ['deny', 'may not']
]

/** A table for every level and effect that has grants, each under a line that names them. */
export function grantTables(
  resources: readonly DescribedResource[],
  containers: readonly string[],
  grants: Grants
): Block[] {
  return levelsOf(containers).flatMap(([level, reach]) =>
    effects.flatMap(([effect, verb]): Block[] => {
      const set = grants[level]?.[effect]
      if (set === undefined) return []
      const rows = setRows(resources, set, effect)
      return rows.length === 0
        ? []
        : [`To ${reach}, they ${verb}:`, table(['Resource', 'Actions', 'From'], rows)]
    })
  )
}

/**
 * The rows of a permission set, `resources` being all in the order of their names: resource, actions, and the line of
 * the policy that says so.
 */
export function setRows(
  resources: readonly DescribedResource[],
  set: PermissionSet,
  effect: Effect
): string[][] {
  const reached = Object.hasOwn(set, '*')
    ? resources
    : resources.filter(({ name }) => Object.hasOwn(set, name))
  return reached.flatMap((resource) => {
    const { name } = resource
    const own = Object.hasOwn(set, name) ? set[name] : undefined
    const named = namedBy(own, effect, resource)
    // In a deny the wildcard adds to a resource's own line; in an allow that line stands alone.
    const from = own !== undefined && effect === 'allow' ? [] : namedBy(set['*'], effect, resource)
    const found = join([...named, ...from], resource)
    if (found.length === 0) return []
    const isOwn = join(named, resource).join() === found.join()
    return [[cellCode(name), found.join('; '), isOwn ? 'its own line' : 'everything else']]
  })
}

/** Actions that a part of a line names, with its condition as text; empty for every object. */
interface Named {
  readonly where: string
  readonly actions: ReadonlySet<string>
}

function namedBy(list: ActionList | undefined, effect: Effect, resource: DescribedResource): Named[] {
  const parts = list === undefined ? [] : partsOf(list)
  return parts.map((part) => ({
    where: part.where === undefined ? '' : whereText(part.where),
    actions: actionsOf(part, effect, resource)
  }))
}

/** The actions of a part; in an allow with those that they imply. */
function actionsOf(
  { names, isExcept }: LinePart,
  effect: Effect,
  { actions, implying }: DescribedResource
): ReadonlySet<string> {
  const isNamed = (action: string): boolean => names === '*' || names.includes(action) !== isExcept
  const isImplied = (action: string): boolean =>
    effect === 'allow' && !isExcept && (implying.get(action) ?? []).some(isNamed)
  return new Set(actions.map(({ name }) => name).filter((action) => isNamed(action) || isImplied(action)))
}

/** Parts as texts, those with the same condition together and those without one first. */
function join(parts: readonly Named[], { actions }: DescribedResource): string[] {
  const all = actions.map(({ name }) => name)
  return [...new Set(['', ...parts.map(({ where }) => where)])].flatMap((where) => {
    const some = parts.filter((part) => part.where === where)
    const found = all.filter((action) => some.some(({ actions }) => actions.has(action)))
    if (found.length === 0) return []
    const text = found.length === all.length ? `all: ${cellCodes(found)}` : cellCodes(found)
    return [where === '' ? text : `${text} where ${cellCode(where)}`]
  })
}

/** A part of a line as the policy writes it. */
export function partText({ names, isExcept, where }: LinePart): string {
  const actions =
    names === '*'
      ? 'everything'
      : isExcept
        ? `everything but ${cellCodes(names)}`
        : names.length === 0
          ? 'nothing'
          : cellCodes(names)
  return where === undefined ? actions : `${actions} where ${whereText(where)}`
}
