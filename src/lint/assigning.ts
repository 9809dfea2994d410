// Finds roles that assign more than they hold. There may be millions of pairs of roles to compare: most are decided by
// their role tables alone, and a full explanation is computed only for those that are reported.
import type { CompiledRole } from '../compile/roles.js'
import type { Rule } from './types.js'
import { quoteValue } from '../problems/quote.js'
import { type Alike, GivenRoles, Giver } from './giving.js'

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
        const { first, count } = lackedAmong(given.reachedBy(voter, entry), giver, voter.role)
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

/** The first roles of which a giver lacks something, in the order of the document, and how many there are. */
function lackedAmong(
  groups: readonly Alike[],
  giver: Giver,
  itself: CompiledRole | undefined
): { readonly first: readonly CompiledRole[]; readonly count: number } {
  let count = 0
  const some: CompiledRole[] = []
  for (const { given, roles } of groups) {
    const [example] = roles
    if (example === undefined || !giver.lacksAnyOf(example, given)) continue
    const own = itself === undefined || !roles.includes(itself) ? 0 : 1
    count += roles.length - own
    some.push(...roles.slice(0, mostTold + 1).filter((role) => role !== itself))
  }
  if (count === 0) return { first: [], count }
  const position = giver.positions
  some.sort((a, b) => (position.get(a) ?? 0) - (position.get(b) ?? 0))
  return { first: some.slice(0, mostTold), count }
}
