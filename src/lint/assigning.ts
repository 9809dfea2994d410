// Finds roles that assign more than they hold. There may be millions of pairs of roles to compare: most are decided by
// their role tables alone, and a full explanation is computed only for those that are reported.
import type { CompiledRole } from '../compile/roles.js'
import type { Rule } from './types.js'
import { quoteValue } from '../problems/quote.js'
import { GivenRoles, Giver } from './giving.js'
import type { Alike } from './lacking.js'

export const overAssigningRole: Rule = {
  id: 'over-assigning-role',
  severity: 'warning',
  summary: 'A role that assigns more than it holds: its holder can give themselves what they lack.',
  help: 'Narrow `assigns`, give the role what it hands on, or say in `lint.ignore` why it may.',
  *find(context) {
    const given = new GivenRoles(context)
    for (const voter of context.voters) {
      if (voter.assigns.length === 0) continue
      const giver = new Giver(context, voter, given)
      for (const [index, entry] of voter.assigns.entries()) {
        const { first, count } = firstOf(given.lackedOf(giver, voter, entry), given.positions, voter.role)
        if (count === 0) continue
        const told = first.map((role) => {
          const list = given.mayExplain() ? shortList(giver.lackedOf(role).map(quoteValue)) : ''
          const name = entry === '*' ? quoteValue(role.name) : ''
          return name === '' || list === '' ? `${name}${list}` : `${name} (${list})`
        })
        const what = told.some((text) => text !== '') ? `: ${told.join(', ')}` : ''
        const more = count - told.length
        yield {
          at: [...voter.at, 'assigns', index],
          message: `${quoteValue(entry)} gives more than ${quoteValue(voter.name)} holds${what}${more > 0 ? ` and ${more} more` : ''}`
        }
      }
    }
  }
}

const mostTold = 3

function shortList(items: readonly string[]): string {
  const shown = items.slice(0, mostTold).join(', ')
  return items.length > mostTold ? `${shown} and ${items.length - mostTold} more` : shown
}

/** The first roles of some groups but the giver itself, in the order of the document, and how many there are. */
function firstOf(
  groups: readonly Alike[],
  positions: ReadonlyMap<CompiledRole, number>,
  itself: CompiledRole | undefined
): { readonly first: readonly CompiledRole[]; readonly count: number } {
  let count = 0
  const first: { readonly role: CompiledRole; readonly position: number }[] = []
  for (const { roles } of groups) {
    count += itself !== undefined && roles.includes(itself) ? roles.length - 1 : roles.length
    let taken = 0
    // Each group is in the order of the document too.
    for (const role of roles) {
      if (role === itself) continue
      const position = positions.get(role) ?? 0
      if (taken++ === mostTold || (first.length === mostTold && position > (first.at(-1)?.position ?? 0)))
        break
      first.push({ role, position })
      first.sort((a, b) => a.position - b.position)
      first.splice(mostTold)
    }
  }
  return { first: first.map(({ role }) => role), count }
}
