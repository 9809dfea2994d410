// Rules about lines that never decide anything, because another vote of the same role always decides before them. A
// line is checked under every setting in which it applies, and for every combination of attributes that it names: if it
// decides once, it is no finding.
import type { CompiledPermission } from '../compile/catalogue.js'
import { listHas, type WrittenLine } from '../compile/permission-set.js'
import type { RoleTable } from '../compile/roles.js'
import type { Effect } from '../types.js'
import type { LintContext, Verdict } from './context.js'
import { tellingIncludes } from './includes.js'
import { compareRanks, rankOf } from './plainest.js'
import type { Remark, Rule } from './types.js'
import { permissionsOf, unitsOf, type Unit } from './units.js'
import { setsOfLayers, type Line } from './voters.js'
import { votingLine, deciderBefore, isVoteOf, isReachable, votesOn, type Decider } from './votes.js'

export const unreachableGrant: Rule = {
  id: 'unreachable-grant',
  severity: 'error',
  summary: 'An allow that never allows: a deny of the same role decides before it.',
  help: 'Take out the allow, or what denies it.',
  find: (context) => remarksOn(context, 'allow', 'deny')
}

export const pointlessDeny: Rule = {
  id: 'pointless-deny',
  severity: 'error',
  summary: 'A deny that never denies: a wider level of the same role allows before it is asked.',
  help: 'Move the deny to the level that allows, or take the permission out of that allow.',
  find: (context) => remarksOn(context, 'deny', 'allow')
}

export const shadowedGrant: Rule = {
  id: 'shadowed-grant',
  severity: 'warning',
  summary:
    'A grant that adds nothing: a wider level of the same role gives the same answer before it is asked, or a role that it includes gives it at the same level.',
  help: 'Take it out: nothing changes.',
  *find(context) {
    yield* remarksOn(context, 'allow', 'allow')
    yield* remarksOn(context, 'deny', 'deny')
    yield* repeatedDenies(context)
    yield* repeatedConditions(context)
  }
}

function* remarksOn(context: LintContext, effect: Effect, by: Effect): Generator<Remark> {
  for (const line of context.lines) {
    if (line.effect !== effect) continue
    const units = unitsOf(line)
    const verdicts = verdictsOn(context, line, units)
    const [first] = verdicts
    const isWhole = verdicts.every((verdict) => verdict !== undefined && verdict.path === first?.path)
    for (const [index, { at, what }] of units.entries()) {
      const verdict = verdicts[index]
      if (verdict?.by !== by || (isWhole && index > 0)) continue
      yield isWhole
        ? { at: line.at, message: sentence(line, verdict, undefined) }
        : { at, message: sentence(line, verdict, what) }
    }
  }
}

/** What decides in place of each unit of a line. Several rules need it. */
export function verdictsOn(
  context: LintContext,
  line: Line,
  units: readonly Unit[]
): readonly (Verdict | undefined)[] {
  const cached = context.verdicts.get(line)
  if (cached !== undefined) return cached
  const verdicts = units.map((unit) => verdictOn(context, line, unit))
  context.verdicts.set(line, verdicts)
  return verdicts
}

/** A verdict, and how plain the setting is under which it was found. */
interface Ranked {
  readonly rank: readonly number[]
  readonly verdict: Verdict
}

/**
 * What decides in place of a line; `undefined` if some vote of the line decides, or if it has no vote. If several lines
 * decide in its place, it is the one under the plainest setting, and of these the first in catalogue order.
 */
function verdictOn(context: LintContext, line: Line, unit: Unit): Verdict | undefined {
  const { voter, level, effect } = line
  // A verdict with the opposite effect is graver: one permission of the line with it is enough to report that.
  let alike: Ranked | undefined
  let graver: Ranked | undefined
  for (const permission of permissionsOf(context, line, unit)) {
    if (!isReachable(level, permission, context.compiled.catalogue)) continue
    for (const roleCase of voter.roleCasesAbout(permission, true)) {
      const { roleTable } = roleCase
      if (!isVoteOf(roleTable, line, permission)) continue
      const found = decidingInstead(context, line, roleTable, permission)
      if (found === undefined) return undefined
      const { decider, deciding } = found
      const best = decider.effect === effect ? alike : graver
      const rank = rankOf(context, voter, roleCase)
      if (best !== undefined && compareRanks(best.rank, rank) <= 0) continue
      const path = deciding === undefined ? '' : context.pathOf(deciding.at)
      const ranked = { rank, verdict: { by: decider.effect, path, decider } }
      if (decider.effect === effect) alike = ranked
      else graver = ranked
    }
  }
  return (graver ?? alike)?.verdict
}

function decidingInstead(
  context: LintContext,
  { voter, level, effect }: Line,
  roleTable: RoleTable,
  permission: CompiledPermission
): { readonly decider: Decider; readonly deciding: WrittenLine | undefined } | undefined {
  const decider = deciderBefore(votesOn(roleTable, permission), level, effect)
  if (decider !== undefined)
    return { decider, deciding: votingLine(roleTable, decider.level, decider.effect, permission) }
  if (roleTable.included.length === 0) return undefined
  // A role that adds nothing is a finding itself: taking out both would change something.
  for (const one of tellingIncludes(context, voter, roleTable)) {
    const deciding = one.line(level, effect, permission)
    if (deciding !== undefined) return { decider: { level, effect }, deciding }
  }
  return undefined
}

function sentence({ level, effect }: Line, { by, path, decider }: Verdict, what: string | undefined): string {
  const verb = { allow: 'allows', deny: 'denies' } as const
  const where = decider.level === level ? 'at the same level' : `before \`${level}\` is asked`
  const does =
    by === effect
      ? `adds nothing${what === undefined ? '' : ` for ${what}`}`
      : `never ${verb[effect]} ${what ?? 'anything'}`
  return `${does}: \`${path}\` ${verb[by]} it ${where}`
}

/**
 * In a deny the wildcard and the named keys add up, so that a named key may repeat what the wildcard says; not where a
 * variant replaces the wildcard and leaves the key.
 */
function* repeatedDenies(context: LintContext): Generator<Remark> {
  for (const line of context.lines) {
    if (line.effect !== 'deny' || line.key === '*' || !Object.hasOwn(line.set, '*')) continue
    const later = setsOfLayers(line.voter.layers.slice(line.layer + 1), line.level, 'deny')
    if (later.some((set) => Object.hasOwn(set, '*'))) continue
    const wildcard = line.set['*'] ?? []
    const actions = context.compiled.catalogue.resources.get(line.key)?.actions.keys() ?? []
    const named = [...actions].filter((action) => listHas(line.list, action))
    if (named.length > 0 && named.every((action) => listHas(wildcard, action)))
      yield { at: line.at, message: 'adds nothing: `*` of the same deny names all of it' }
  }
}

/** Actions under a condition that the same list names of every object. */
function* repeatedConditions({ lines }: LintContext): Generator<Remark> {
  for (const line of lines) {
    const { list, parts } = line
    if (typeof list === 'string' || !('length' in list) || parts.length < 2) continue
    const plain = { ...line, parts: parts.filter(({ where }) => where === undefined) }
    for (const {
      at,
      what,
      parts: [part]
    } of unitsOf(line)) {
      if (part?.where === undefined || part.names === '*') continue
      const [action] = part.names
      if (action !== undefined && plain.parts.some(({ names }) => names.includes(action)))
        yield { at, message: `adds nothing for ${what ?? ''}: the same list names it of every object` }
    }
  }
}
