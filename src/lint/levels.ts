// Rules about lines that never decide anything, because another level of the same role always decides before them. A
// line is checked under every setting in which it applies: if it decides under one of them, it is no finding.
import type { CompiledPermission } from '../compile/catalogue.js'
import { linePath, listHas } from '../compile/permission-set.js'
import type { OptionDocument } from '../document/types.js'
import { valueIn, type Values } from '../verify/space/settings.js'
import {
  deciderBefore,
  isVoteOf,
  type Line,
  type LintContext,
  type Verdict,
  type Voter,
  type VoterRoleCase
} from './context.js'
import type { Remark, Rule } from './types.js'
import { quoteValue } from '../problems/quote.js'
import type { Path } from '../problems/path.js'
import type { Effect } from '../types.js'
import { canReach } from '../levels.js'

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
    'A grant that adds nothing: a wider level of the same role gives the same answer before it is asked.',
  help: 'Take it out: nothing changes.',
  *find(context) {
    yield* remarksOn(context, 'allow', 'allow')
    yield* remarksOn(context, 'deny', 'deny')
    yield* repeatedDenies(context)
  }
}

function* remarksOn(context: LintContext, effect: Effect, by: Effect): Generator<Remark> {
  for (const line of context.lines) {
    if (line.effect !== effect) continue
    const units = unitsOf(line)
    const verdicts = context.verdicts.get(line) ?? units.map(({ action }) => verdictOn(context, line, action))
    // Several rules need the same verdicts.
    context.verdicts.set(line, verdicts)
    const [first] = verdicts
    const isWhole = verdicts.every((verdict) => verdict !== undefined && verdict.path === first?.path)
    for (const [index, { at, action }] of units.entries()) {
      const verdict = verdicts[index]
      if (verdict?.by !== by || (isWhole && index > 0)) continue
      yield isWhole
        ? { at: line.at, message: sentence(line, verdict, undefined) }
        : { at, message: sentence(line, verdict, action) }
    }
  }
}

/** The parts of a line that get a verdict of their own: each listed action, or the whole line. */
function unitsOf({ list, at }: Line): readonly { readonly at: Path; readonly action?: string }[] {
  if (list === '*' || 'except' in list) return [{ at }]
  if (!Array.isArray(list)) return [{ at }]
  return list.flatMap((action: unknown, index) =>
    typeof action === 'string' ? [{ at: [...at, index], action }] : []
  )
}

/**
 * What decides in place of a line; `undefined` if some vote of the line decides, or if it has no vote. If several lines
 * decide in its place, it is the one under the plainest setting, and of these the first in catalogue order.
 */
function verdictOn(context: LintContext, line: Line, action: string | undefined): Verdict | undefined {
  const { voter, level, effect } = line
  // A verdict with the opposite effect is graver: one permission of the line with it is enough to report that.
  let alike: Ranked | undefined
  let graver: Ranked | undefined
  for (const permission of permissionsOf(context, line, action)) {
    if (!canReach(level, permission.definition.org)) continue
    for (const roleCase of voter.roleCasesAbout(permission, true)) {
      const { roleTable } = roleCase
      if (!isVoteOf(roleTable, line, permission)) continue
      const decider = deciderBefore(roleTable, level, effect, permission)
      if (decider === undefined) return undefined
      const best = decider.effect === effect ? alike : graver
      const rank = rankOf(context, voter, roleCase)
      if (best !== undefined && compareRanks(best.rank, rank) <= 0) continue
      const deciding = roleTable.line(decider.level, decider.effect, permission)
      const path = deciding === undefined ? '' : linePath(deciding)
      const found = { rank, verdict: { by: decider.effect, path, decider } }
      if (decider.effect === effect) alike = found
      else graver = found
    }
  }
  return (graver ?? alike)?.verdict
}

/** A verdict, and how plain the setting is under which it was found. */
interface Ranked {
  readonly rank: readonly number[]
  readonly verdict: Verdict
}

/** The position of each value among those of its option, the default being the first: the plainest setting is all 0. */
function rankOf({ compiled }: LintContext, { role }: Voter, { options, settings }: VoterRoleCase): number[] {
  if (role === undefined || Object.keys({ ...options, ...settings }).length === 0) return []
  const deployment = new Map(Object.entries(compiled.document.options ?? {}))
  const asked = [...new Set((role.document.variants ?? []).flatMap(({ when }) => Object.keys(when)))]
  const position = (values: Values, name: string, option: OptionDocument | undefined): number => {
    const value = valueIn(values, name)
    if (value === undefined || option === undefined || value === option.default) return 0
    return option.values.filter((one) => one !== option.default).indexOf(value) + 1
  }
  return [
    ...asked
      .filter((name) => deployment.has(name))
      .map((name) => position(options, name, deployment.get(name))),
    ...role.reads.map((name) => position(settings, name, compiled.context.orgOptions.get(name)))
  ]
}

function compareRanks(a: readonly number[], b: readonly number[]): number {
  for (let index = 0; index < Math.max(a.length, b.length); index++) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}

function permissionsOf(
  { compiled, byAction }: LintContext,
  { key }: Line,
  action: string | undefined
): Iterable<CompiledPermission> {
  if (key === '*') return action === undefined ? compiled.catalogue.permissions : (byAction.get(action) ?? [])
  const actions = compiled.catalogue.resources.get(key)?.actions
  return (action === undefined ? actions?.values() : [actions?.get(action) ?? []].flat()) ?? []
}

function sentence({ level, effect }: Line, { by, path, decider }: Verdict, action?: string): string {
  const what = action === undefined ? undefined : quoteValue(action)
  const verb = { allow: 'allows', deny: 'denies' } as const
  const where = decider.level === level ? 'at the same level' : `before \`${level}\` is asked`
  const does =
    by === effect
      ? `adds nothing${what === undefined ? '' : ` for ${what}`}`
      : `never ${verb[effect]} ${what ?? 'anything'}`
  return `${does}: \`${path}\` ${verb[by]} it ${where}`
}

/** In a deny the wildcard and the named keys add up, so that a named key may repeat what the wildcard says. */
function* repeatedDenies(context: LintContext): Generator<Remark> {
  for (const line of context.lines) {
    if (line.effect !== 'deny' || line.key === '*' || !Object.hasOwn(line.set, '*')) continue
    const wildcard = line.set['*'] ?? []
    const actions = context.compiled.catalogue.resources.get(line.key)?.actions.keys() ?? []
    const named = [...actions].filter((action) => listHas(line.list, action))
    if (named.length > 0 && named.every((action) => listHas(wildcard, action)))
      yield { at: line.at, message: 'adds nothing: `*` of the same deny names all of it' }
  }
}
