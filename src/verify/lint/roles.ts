// Roles beside one another: two that say the same, and one that hands on more than it has.
import { stateOf } from '../../compiled-form.js'
import { holdingsOf, type Holdings } from '../../delegate/cover.js'
import { explainChange } from '../../delegate/grant.js'
import type { SubjectState } from '../../decide/state.js'
import type { CompiledRole } from '../../compile/roles.js'
import { quoteValue } from '../../document/suggest.js'
import type { RoleDocument, RoleKind } from '../../document/types.js'
import { holdersOf } from '../holding.js'
import { subjectOf } from '../request.js'
import type { LintContext, Voter } from './context.js'
import type { Rule } from './types.js'

export const duplicateRole: Rule = {
  id: 'duplicate-role',
  severity: 'warning',
  summary: 'A role that equals another: the same votes under every setting, and it assigns the same.',
  help: 'Keep one of them, or write down what tells them apart.',
  *find({ voters }) {
    const known = new Map<string, string>()
    for (const { name, role, at, casts, ballots } of voters) {
      // Roles that say nothing are another rule's.
      if (role === undefined || ballots.every(({ table }) => table.every((byte) => byte === 0))) continue
      const votes = casts.map(({ ballot, options, settings }) =>
        JSON.stringify([sorted(options), sorted(settings), [...ballot.table]])
      )
      const key = JSON.stringify([role.kind, votes.sort(), delegationOf(role.document)])
      const first = known.get(key)
      if (first === undefined) known.set(key, name)
      else yield { at, message: `it says the same as the role ${quoteValue(first)}` }
    }
  }
}

export const overAssigningRole: Rule = {
  id: 'over-assigning-role',
  severity: 'warning',
  summary: 'A role that assigns more than it holds: its holder can give themselves what they lack.',
  help: 'Narrow `assigns`, give the role what it hands on, or say in `lint.ignore` why it may.',
  *find(context) {
    for (const voter of context.voters) {
      const lackingOf = lackingFor(context, voter)
      for (const [index, entry] of voter.assigns.entries()) {
        const more = reachedBy(context, voter, entry).flatMap((role) => {
          const lacking = lackingOf(role)
          if (lacking.length === 0) return []
          const list = shortList(lacking.map(quoteValue))
          return [entry === '*' ? `${quoteValue(role.name)} (${list})` : list]
        })
        if (more.length > 0)
          yield {
            at: [...voter.at, 'assigns', index],
            message: `${quoteValue(entry)} gives more than ${quoteValue(voter.name)} holds: ${shortList(more)}`
          }
      }
    }
  }
}

function sorted(values: Readonly<Record<string, unknown>>): [string, unknown][] {
  return Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1))
}

function delegationOf({ assigns = [], assignable = true }: RoleDocument): unknown[] {
  return [[...assigns].sort(), assignable]
}

/** The roles of the document that an entry of `assigns` reaches; a custom role has to be covered anyway. */
function reachedBy({ engine }: LintContext, voter: Voter, entry: string): readonly CompiledRole[] {
  return [...engine.roles.shipped.values()].filter(
    (role) =>
      role !== voter.role &&
      role.document.assignable !== false &&
      (entry === '*' || entry === role.name) &&
      (voter.role?.kind !== 'org' || role.kind === 'org')
  )
}

/** What of a role its giver lacks, as written; what the giver holds is read once. */
function lackingFor({ engine }: LintContext, voter: Voter): (role: CompiledRole) => readonly string[] {
  const givers = (): readonly SubjectState[] =>
    voter.role === undefined
      ? [stateOf(subjectOf(engine, { system: voter.name.slice('system:'.length) }))]
      : holdersOf(engine, [voter.role]).map(({ data }) => stateOf(subjectOf(engine, data)))
  const known = new Map<RoleKind, readonly Holdings[]>()
  return (role) => {
    const org = role.kind === 'org' ? 'o1' : undefined
    const held = known.get(role.kind) ?? givers().map((giver) => holdingsOf(giver, org))
    known.set(role.kind, held)
    const lacking = held.flatMap((holdings) => {
      const { allowed, reason, gaps } = explainChange(holdings, undefined, role)
      return allowed ? [] : gaps.length === 0 ? [reason] : gaps.map(({ permission }) => permission)
    })
    return [...new Set(lacking)]
  }
}

function shortList(items: readonly string[]): string {
  const shown = items.slice(0, 3).join(', ')
  return items.length > 3 ? `${shown} and ${items.length - 3} more` : shown
}
