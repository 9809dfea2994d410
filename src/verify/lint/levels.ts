// Lines that never decide anything, because another level of the same role always decides before them. A line is
// looked at under every setting in which it applies: one that counts under any of them is no finding.
import type { CompiledPermission } from '../../compile/catalogue.js'
import type { CompiledPolicy } from '../../compile/compile.js'
import { linePath, listHas } from '../../compile/permission-set.js'
import type { Path } from '../../document/problem.js'
import { quoteValue } from '../../document/suggest.js'
import type { Effect } from '../../document/types.js'
import {
  canReach,
  deciderBefore,
  isCastBy,
  linesIn,
  type Decider,
  type Line,
  type LintContext
} from './context.js'
import type { Remark, Rule } from './types.js'

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

/** What always decides in place of a line, or of one action of its list. */
interface Verdict {
  readonly by: Effect
  /** The line that decides, where it is first found. */
  readonly path: string
  readonly decider: Decider
}

function* remarksOn(context: LintContext, effect: Effect, by: Effect): Generator<Remark> {
  for (const line of linesIn(context)) {
    if (line.effect !== effect) continue
    const units = unitsOf(line)
    const verdicts = units.map(({ action }) => verdictOn(context, line, action))
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

/** What of a line is judged alone: each action that it lists, or all of it. */
function unitsOf({ list, at }: Line): readonly { readonly at: Path; readonly action?: string }[] {
  if (list === '*' || 'except' in list) return [{ at }]
  return list.map((action, index) => ({ at: [...at, index], action }))
}

/** `undefined` where some vote of the line decides, or where it casts none. */
function verdictOn({ engine }: LintContext, line: Line, action: string | undefined): Verdict | undefined {
  let found: Verdict | undefined
  for (const ballot of line.voter.ballots)
    for (const permission of permissionsOf(engine, line)) {
      if (action !== undefined && permission.action !== action) continue
      if (!canReach(line.level, permission) || !isCastBy(ballot, line, permission)) continue
      const decider = deciderBefore(ballot, line.level, line.effect, permission)
      if (decider === undefined) return undefined
      const { level, effect } = decider
      const deciding = ballot.line(level, effect, permission)
      // The other answer is the graver one: it is said wherever some permission of the line gets it.
      if (found === undefined || (found.by === line.effect && effect !== line.effect))
        found = { by: effect, path: deciding === undefined ? '' : linePath(deciding), decider }
    }
  return found
}

function permissionsOf({ catalogue }: CompiledPolicy, { key }: Line): Iterable<CompiledPermission> {
  return key === '*' ? catalogue.permissions : (catalogue.resources.get(key)?.actions.values() ?? [])
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
  for (const line of linesIn(context)) {
    if (line.effect !== 'deny' || line.key === '*' || !Object.hasOwn(line.set, '*')) continue
    const wildcard = line.set['*'] ?? []
    const actions = context.engine.catalogue.resources.get(line.key)?.actions.keys() ?? []
    const named = [...actions].filter((action) => listHas(line.list, action))
    if (named.length > 0 && named.every((action) => listHas(wildcard, action)))
      yield { at: line.at, message: 'adds nothing: `*` of the same deny names all of it' }
  }
}
