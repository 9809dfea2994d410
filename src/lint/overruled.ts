// A rule about denies that do not stop whoever holds another role too, because that role allows the same at a wider
// level, which is asked before. Roles are compared in pairs, so those with the same grants are looked at together, and
// the roles that allow a permission are a set of bits.
import type { CompiledPermission } from '../compile/catalogue.js'
import { bitsAt, isFixed, levelsAbove } from '../levels.js'
import { quoteValue } from '../problems/quote.js'
import type { Level } from '../types.js'
import type { LintContext } from './context.js'
import { verdictsOn } from './levels.js'
import type { Rule } from './types.js'
import { permissionsOf, unitsOf, type Unit } from './units.js'
import type { Line, Voter } from './voters.js'
import { castingLine, deciderBefore, isCastBy, isReachable, votesOn } from './votes.js'

export const overruledDeny: Rule = {
  id: 'overruled-deny',
  severity: 'info',
  summary:
    'A deny that does not stop whoever holds another role beside it: that one allows all of it at a wider level, and by name.',
  help: 'Deny it at the level that allows, or say in `lint.ignore` that these roles are above it.',
  *find(context) {
    const overruling = new Overruling(context)
    for (const line of context.lines) {
      const { voter, effect, level } = line
      if (effect !== 'deny' || level === 'site' || voter.role === undefined) continue
      const units = unitsOf(line)
      const verdicts = verdictsOn(context, line, units)
      // One that its own role makes idle is found by another rule.
      const beaten = units.map((unit, index) =>
        verdicts[index] === undefined ? overruling.over(line, unit) : undefined
      )
      const [first] = beaten
      const isWhole = beaten.every((one) => one !== undefined && first !== undefined && isSame(one, first))
      for (const [index, { at, what = 'it' }] of units.entries()) {
        const roles = beaten[index]
        if (roles === undefined || (isWhole && index > 0)) continue
        const subject = isWhole ? 'it' : what
        const message = `does not deny ${isWhole ? 'anything' : what} to whoever also holds ${overruling.namesOf(roles)}, which allows ${subject} before \`${level}\` is asked`
        yield { at: isWhole ? line.at : at, message }
      }
    }
  }
}

const mostTold = 3

/** A set of groups of roles, a bit for each. */
type Groups = Uint32Array

/** The roles that allow a permission before a level is asked, under every setting. */
class Overruling {
  readonly #context: LintContext
  /** Roles with the same grants, in document order; the first of each group stands for all. */
  readonly #groups: readonly (readonly [Voter, ...Voter[]])[]
  readonly #positions: ReadonlyMap<Voter, number>
  readonly #cached = new Map<string, Groups>()

  constructor(context: LintContext) {
    this.#context = context
    this.#groups = groupsOf(context.voters)
    this.#positions = new Map(context.voters.map((voter, position) => [voter, position]))
  }

  /** The roles that overrule every vote of a part of a line; `undefined` where there is none, or no vote. */
  over(line: Line, unit: Unit): Groups | undefined {
    const { catalogue } = this.#context.compiled
    let common: Groups | undefined
    for (const permission of permissionsOf(this.#context, line, unit)) {
      if (!isReachable(line.level, permission, catalogue) || !isLive(line, permission)) continue
      const groups = this.#allowing(permission, line.level)
      common = common === undefined ? groups : groups.map((word, index) => word & (common?.[index] ?? 0))
      if (common.every((word) => word === 0)) return undefined
    }
    return common
  }

  /** The first roles of a set, and how many more there are. */
  namesOf(groups: Groups): string {
    const voters = this.#groups.flatMap((group, index) => (hasBit(groups, index) ? group : []))
    voters.sort((a, b) => (this.#positions.get(a) ?? 0) - (this.#positions.get(b) ?? 0))
    const told = voters.slice(0, mostTold).map(({ name }) => quoteValue(name))
    const more = voters.length - told.length
    const last = told.pop() ?? ''
    if (more > 0) return `${[...told, last].join(', ')} or one of ${more} more roles`
    return told.length === 0 ? last : `${told.join(', ')} or ${last}`
  }

  #allowing(permission: CompiledPermission, level: Level): Groups {
    const wider = levelsBefore(level, permission)
    const key = `${permission.index} ${wider.join()}`
    const cached = this.#cached.get(key)
    if (cached !== undefined) return cached
    const groups = new Uint32Array(Math.ceil(this.#groups.length / 32))
    for (const [index, [voter]] of this.#groups.entries())
      if (doesAllow(voter, permission, wider))
        groups[index >> 5] = (groups[index >> 5] ?? 0) | (1 << (index & 31))
    this.#cached.set(key, groups)
    return groups
  }
}

function groupsOf(voters: readonly Voter[]): readonly (readonly [Voter, ...Voter[]])[] {
  const groups = new Map<unknown, [Voter, ...Voter[]]>()
  for (const voter of voters) {
    const { role } = voter
    // A role that is not assignable is given by code, which knows what it is beside.
    if (role === undefined || role.document.assignable === false) continue
    const { kind, grants, variants = [], includes = [] } = role.document
    const key = variants.length + includes.length > 0 ? voter : JSON.stringify([kind, grants])
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [voter])
    else group.push(voter)
  }
  return [...groups.values()]
}

/** Whether a line's deny of a permission counts under some setting, as far as its own role goes. */
function isLive(line: Line, permission: CompiledPermission): boolean {
  return line.voter
    .roleCasesAbout(permission, true)
    .some(
      ({ roleTable }) =>
        isCastBy(roleTable, line, permission) &&
        deciderBefore(votesOn(roleTable, permission), line.level, 'deny') === undefined
    )
}

/** Levels that are asked before one about every object that it is about, as far as roles held in one place go. */
function levelsBefore(level: Level, { definition: { org } }: CompiledPermission): readonly Level[] {
  if (isFixed(level)) return levelsAbove[level]
  const isOwn = level.endsWith('Member')
  const ofOrg: readonly Level[] = isOwn ? ['org', 'orgMember'] : ['org']
  const ofContainer = isOwn ? [level.slice(0, -'Member'.length)] : []
  // What is in a container alone is no organization's.
  return ['site', ...(org === 'required' ? ofOrg : []), ...ofContainer]
}

/**
 * Whether the first of these levels that does not abstain allows, under every setting. An allow under the key `*` is
 * left out: whoever may do everything is meant to.
 */
function doesAllow(voter: Voter, permission: CompiledPermission, wider: readonly Level[]): boolean {
  return voter.roleCasesAbout(permission).every(({ roleTable }) => {
    const votes = votesOn(roleTable, permission)
    const level = wider.find((one) => {
      const { allow, deny } = bitsAt(one)
      return voter.levels.includes(one) && (votes & (allow | deny)) !== 0
    })
    if (level === undefined || (votes & bitsAt(level).deny) !== 0) return false
    return castingLine(roleTable, level, 'allow', permission)?.key !== '*'
  })
}

function hasBit(groups: Groups, index: number): boolean {
  return ((groups[index >> 5] ?? 0) & (1 << (index & 31))) !== 0
}

function isSame(a: Groups, b: Groups): boolean {
  return a.every((word, index) => word === b[index])
}
