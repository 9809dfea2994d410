// What a subject's roles allow with one permission, for any object, read from the tables that decisions read.
// Permissions with the same reach share one object; organizations with the same roles are read once.
import type { CompiledPermission } from '../compile/catalogue.js'
import type { SubjectState } from '../request/state.js'
import { voteOf } from '../decide/votes.js'
import type { Vote } from '../types.js'
import type { IdList, IdLists } from './id-list.js'

export interface Reach {
  readonly key: number
  /** The vote at `site`. Unless it abstains, it decides about every object, and no other level is asked. */
  readonly site: Vote
  /** Whether the subject's own objects in no organization are allowed. */
  readonly user: boolean
  /** The organizations in which every object is allowed. */
  readonly all: IdList
  /** The organizations in which only the subject's own objects are allowed. */
  readonly own: IdList
  /** The organizations that are not among `all`. */
  readonly rest: IdList
}

/** Reads the reaches of one subject; equal ones are the same object. */
export function createReachReader(
  state: SubjectState,
  lists: IdLists
): (permission: CompiledPermission) => Reach {
  const held = organizationsByRoles(state)
  const known = new Map<string, Reach>()
  /** The organizations of the sets of roles that the mask marks with `1`; it has one digit per set. */
  const marked = (mask: string): IdList =>
    lists(`orgs ${mask}`, () => held.flatMap(({ orgs }, i) => (mask[i] === '1' ? orgs : [])))
  return (permission) => {
    const site = voteOf(state.site.table, 'site', permission)
    const isOpen = site === 'abstain'
    const user = isOpen && voteOf(state.site.table, 'user', permission) === 'allow'
    let [all, own, rest] = ['', '', '']
    for (const { table } of held) {
      const org = isOpen ? voteOf(table, 'org', permission) : site
      const isOwn = org === 'abstain' && voteOf(table, 'orgMember', permission) === 'allow'
      all += org === 'allow' ? '1' : '0'
      rest += org === 'allow' ? '0' : '1'
      own += isOwn ? '1' : '0'
    }
    const name = `${site} ${user} ${all} ${own}`
    const found = known.get(name)
    if (found !== undefined) return found
    const reach: Reach = {
      key: known.size,
      site,
      user,
      all: marked(all),
      own: marked(own),
      rest: marked(rest)
    }
    known.set(name, reach)
    return reach
  }
}

interface HeldAlike {
  readonly table: Uint8Array
  readonly orgs: readonly string[]
}

/** The organizations of a subject, those with the same roles under the same settings together. */
function organizationsByRoles(state: SubjectState): readonly HeldAlike[] {
  const alike = new Map<Uint8Array, string[]>()
  for (const [org, { table }] of state.orgs) {
    const orgs = alike.get(table)
    if (orgs === undefined) alike.set(table, [org])
    else orgs.push(org)
  }
  return [...alike].map(([table, orgs]) => ({ table, orgs }))
}
