// What granting or changing a role would give that the subject does not hold itself. Granting is a change from nothing,
// so both are one comparison: every allow added and every deny removed must be covered.
import type { CompiledPermission } from '../compile/catalogue.js'
import { linePath, writtenPermission } from '../compile/permission-set.js'
import type { CompiledRole } from '../compile/roles.js'
import { compileRole } from '../compile/roles.js'
import type { CompiledPolicy } from '../compile/compile.js'
import { parseRoles } from '../document/index.js'
import type { SubjectState } from '../request/state.js'
import { withoutPrototypes } from '../problems/own-fields.js'
import { holdingsOf, setsOfRole, type Holdings, type Shortfall } from './cover.js'
import { byResource, createGains, type Gain } from './gains.js'
import { namePermissions } from './name-permissions.js'
import { idAt, kindAt, placeParts, type Place } from './place.js'
import { readPlace } from './read.js'
import { roleTableUnder, settingsOf, type Settings } from './settings.js'
import { isFuture, withoutImplied } from './future.js'
import type { GrantDecision, GrantGap } from './types.js'

export function explainGrant(state: SubjectState, document: unknown, given: unknown): GrantDecision {
  const place = readPlace(state.compiled, given)
  const role = readCustomRole(state.compiled, 'role', document, place)
  return explainChange(holdingsOf(state, place), undefined, role)
}

export function explainReplace(
  state: SubjectState,
  oldRole: unknown,
  newRole: unknown,
  given: unknown
): GrantDecision {
  const place = readPlace(state.compiled, given)
  const before = readCustomRole(state.compiled, 'oldRole', oldRole, place)
  const after = readCustomRole(state.compiled, 'newRole', newRole, place)
  return explainChange(holdingsOf(state, place), before, after)
}

/** Reads a role document as a custom role of a place; paths in problems and answers begin with `label`. */
function readCustomRole(
  compiled: CompiledPolicy,
  label: string,
  document: unknown,
  place: Place
): CompiledRole {
  // A document has no name. Any name will do, except that of a shipped role, which would be a problem.
  let name = label
  while (compiled.roles.shipped.has(name)) name += '_'
  // `undefined` would count as a missing key, so that a missing role would be no problem.
  const id = idAt(place)
  const at = id === undefined ? {} : { [kindAt(place)]: id }
  const roles = parseRoles(compiled.document, { [name]: document ?? null }, at)
  const parsed = new Map(Object.entries(roles)).get(name)
  if (parsed === undefined) throw new TypeError('a role without problems was not read')
  return compileRole(name, withoutPrototypes(parsed), [name], compiled.context, { place: id })
}

/** Whether everything that a change gives is covered, under every setting that either role distinguishes. */
export function explainChange(
  holdings: Holdings,
  before: CompiledRole | undefined,
  after: CompiledRole
): GrantDecision {
  const { compiled } = holdings.state
  const where = placeParts(holdings.place)
  const roles = before === undefined ? [after] : [before, after]
  const everySetting = settingsOf(compiled, roles)
  if (everySetting === undefined) return { allowed: false, reason: 'too_many_settings', ...where, gaps: [] }
  const { shipped } = compiled.context
  const future = holdings.futurePermissions(
    roles.flatMap(({ document }) => [...setsOfRole(document, shipped)])
  )
  const gainsOf = createGains([...byResource(compiled.catalogue.permissions), ...byResource(future)])
  const gaps = new Map<string, OpenGap>()
  for (const settings of everySetting) {
    const held = before && roleTableUnder(compiled, before, settings)
    const given = roleTableUnder(compiled, after, settings)
    for (const gain of gainsOf(held, given)) {
      const shortfall = holdings.shortfall(gain.level, gain.permission)
      if (shortfall !== undefined) addGap(gaps, gain, shortfall, settings)
    }
  }
  if (gaps.size === 0) return { allowed: true, reason: 'covered', ...where, gaps: [] }
  return { allowed: false, reason: 'not_covered', ...where, gaps: [...gaps.values()].map(closeGap) }
}

/** A gap while it is collected over all settings: one for each written permission, path and reason. */
interface OpenGap extends Omit<GrantGap, 'permissions' | 'future' | 'denies'> {
  readonly missing: Set<CompiledPermission>
  readonly denies: Map<string, GrantGap['denies'][number]>
}

function addGap(
  gaps: Map<string, OpenGap>,
  { level, effect, permission, line, included }: Gain,
  { reason, denies }: Shortfall,
  settings: Settings
): void {
  const path = linePath(line)
  const written = writtenPermission(line, effect, permission)
  const key = `${reason} ${written} ${path}`
  const gap = gaps.get(key) ?? {
    reason,
    effect,
    level,
    ...(included === undefined ? {} : { included }),
    permission: written,
    path,
    settings: Object.fromEntries(settings),
    missing: new Set(),
    denies: new Map()
  }
  gaps.set(key, gap)
  gap.missing.add(permission)
  for (const deny of denies)
    gap.denies.set(`${deny.permission} ${deny.path} ${deny.org ?? deny.container ?? ''}`, deny)
}

function closeGap({ missing, denies, settings, ...gap }: OpenGap): GrantGap {
  const inOrder = withoutImplied([...missing].sort((a, b) => a.index - b.index))
  const names = (inFuture: boolean): string[] =>
    namePermissions(inOrder.filter((permission) => isFuture(permission) === inFuture))
  return { ...gap, permissions: names(false), future: names(true), denies: [...denies.values()], settings }
}
