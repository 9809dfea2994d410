// A rule about included roles: one whose votes the role has anyway, by its own lines or through the other roles that it
// includes.
import { includedRoles, type RoleTable } from '../compile/roles.js'
import { bitsAt } from '../levels.js'
import { quoteValue } from '../problems/quote.js'
import type { LintContext } from './context.js'
import type { Rule } from './types.js'
import type { Voter, VoterRoleCase } from './voters.js'
import { deciderBefore, ownVotes } from './votes.js'

export const idleInclude: Rule = {
  id: 'idle-include',
  severity: 'warning',
  summary: 'An included role that adds nothing: the role says the same without it, under every setting.',
  help: 'Take it out of `includes`: nothing changes.',
  *find(context) {
    for (const voter of context.voters) {
      const idle = idleIncludes(context, voter)
      for (const [index, name] of includesOf(voter).entries())
        if (idle.has(name))
          yield {
            at: [...voter.at, 'includes', index],
            message: `${quoteValue(name)} adds nothing: the role says the same without it`
          }
    }
  }
}

export function includesOf({ role }: Voter): readonly string[] {
  return role?.document.includes ?? []
}

/**
 * The roles in a role's `includes` that add nothing, all of them together. Of two that say the same it is the one that
 * stands later.
 */
export function idleIncludes(context: LintContext, voter: Voter): ReadonlySet<string> {
  const cached = context.idleIncludes.get(voter)
  if (cached !== undefined) return cached
  const idle = new Set<string>()
  context.idleIncludes.set(voter, idle)
  const names = includesOf(voter)
  if (names.length === 0) return idle
  for (const name of [...names].reverse()) {
    const others = names.filter((other) => other !== name && !idle.has(other))
    if (isIdle(context, voter, name, others)) idle.add(name)
  }
  return idle
}

/** The tables of the roles that a role still includes when those that add nothing are gone. */
export function tellingIncludes(
  context: LintContext,
  voter: Voter,
  { included }: RoleTable
): readonly RoleTable[] {
  const idle = idleIncludes(context, voter)
  if (idle.size === 0) return included
  const left = closureOf(
    context,
    includesOf(voter).filter((name) => !idle.has(name))
  )
  return included.filter(({ role }) => left.has(role))
}

function closureOf({ compiled }: LintContext, includes: readonly string[]): ReadonlySet<string> {
  return new Set(includedRoles({ includes }, compiled.context.shipped).keys())
}

function isIdle(context: LintContext, voter: Voter, name: string, others: readonly string[]): boolean {
  const kept = closureOf(context, others)
  const added = [...closureOf(context, [name])].filter((one) => !kept.has(one))
  if (added.length === 0) return true
  return context.permissions.every((permission) =>
    voter.roleCasesAbout(permission, true).every(({ roleTable }: VoterRoleCase) => {
      const votesOf = (names: (role: string) => boolean): number =>
        roleTable.included.reduce(
          (votes, one) => (names(one.role) ? votes | ownVotes(one, voter.levels, permission) : votes),
          0
        )
      const more = votesOf((role) => added.includes(role))
      if (more === 0) return true
      const left = ownVotes(roleTable, voter.levels, permission) | votesOf((role) => kept.has(role))
      return voter.levels.every((level) =>
        (['allow', 'deny'] as const).every((effect) => {
          const bit = bitsAt(level)[effect]
          return (more & ~left & bit) === 0 || deciderBefore(left, level, effect) !== undefined
        })
      )
    })
  )
}
