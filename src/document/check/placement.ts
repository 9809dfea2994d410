// Which levels can reach the objects of a resource.
import type { DocumentLevel } from '../levels.js'
import type { ResourceFacts } from './facts.js'
import { quoteValue } from '../../problems/quote.js'

/** What a resource says of where its objects are. */
type Placed = Pick<ResourceFacts, 'org' | 'in'>

/** Why a grant at a level can never match an object of the resource, in words; `undefined` where it can. */
export function whyUnreachable(name: string, facts: Placed, level: DocumentLevel): string | undefined {
  const why = whereAlways(facts, level)
  if (why === undefined) return undefined
  const [which, place] = why
  const where = place === 'org' ? 'an organization' : `a ${quoteValue(place)}`
  return `can never match at level \`${level.name}\`: ${which} object of ${quoteValue(name)} is in ${where}`
}

/** Whether every object is in a place in which those of the level are not, or none in the place in which they are. */
function whereAlways(facts: Placed, { place }: DocumentLevel): ['every' | 'no', string] | undefined {
  if (place === 'site') return undefined
  if (place === 'org') return facts.org === 'never' ? ['no', 'org'] : undefined
  if (place !== 'user') return (facts.in.get(place) ?? 'never') === 'never' ? ['no', place] : undefined
  if (facts.org === 'required') return ['every', 'org']
  const required = [...facts.in].find(([, placement]) => placement === 'required')
  return required === undefined ? undefined : ['every', required[0]]
}
