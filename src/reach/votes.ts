// What a subject's roles say to one permission at every level and in every class of places, read from the tables that
// decisions read. Permissions with the same reach share one object.
import type { CompiledPermission } from '../compile/catalogue.js'
import { voteOf } from '../decide/votes.js'
import type { SubjectState } from '../request/state.js'
import type { Vote } from '../types.js'
import type { Ground } from './ground.js'
import type { IdClass } from './id-sets.js'

export interface Reach {
  readonly key: number
  /** The vote at `site`. Unless it abstains, it decides about every object, and no other level is asked. */
  readonly site: Vote
  readonly user: Vote
  /** For each class of organizations a `VotePair`, and for all other organizations that of no roles. */
  readonly orgs: string
  /** The same for each container that objects can be in; elsewhere no roles count. */
  readonly containers: readonly string[]
}

/** The votes of a place's wider level and of its level for the owner, as one character. */
const pairs: Readonly<Record<Vote, Readonly<Record<Vote, string>>>> = {
  abstain: { abstain: '0', allow: '1', deny: '2' },
  allow: { abstain: '3', allow: '4', deny: '5' },
  deny: { abstain: '6', allow: '7', deny: '8' }
}
const noVotes = pairs.abstain.abstain

/** Whether a place decides about every object, or about none. */
export const isAllowed = (pair: string): boolean => pair >= '3' && pair <= '5'
export const isDenied = (pair: string): boolean => pair >= '6'
/** Whether it leaves every object but those of the owner, and what it says of these. */
export const isOwnAllowed = (pair: string): boolean => pair === pairs.abstain.allow
export const isOwnDenied = (pair: string): boolean => pair === pairs.abstain.deny
/** Whether its level for the owner denies, whatever the wider one says. */
export const hasOwnDeny = (pair: string): boolean => pair === '2' || pair === '5' || pair === '8'

/** Reads the reaches of one subject; equal ones are the same object. */
export function createReachReader(
  { site: { table } }: SubjectState,
  { orgs, containers }: Ground
): (permission: CompiledPermission) => Reach {
  const reaches = new Map<string, Reach>()
  return (permission) => {
    const site = voteOf(table, 'site', permission)
    const isOpen = site === 'abstain'
    const read: Omit<Reach, 'key'> = {
      site,
      user: isOpen ? voteOf(table, 'user', permission) : 'abstain',
      orgs: votesIn(orgs, isOpen && permission.definition.org !== 'never', permission),
      containers: containers.map((classes, number) =>
        votesIn(classes, isOpen && permission.definition.places[number] !== 'never', permission)
      )
    }
    const name = [read.site, read.user, read.orgs, ...read.containers].join()
    const found = reaches.get(name)
    if (found !== undefined) return found
    const reach = { key: reaches.size, ...read }
    reaches.set(name, reach)
    return reach
  }
}

function votesIn(classes: readonly IdClass[], isAsked: boolean, permission: CompiledPermission): string {
  const votes = classes.map(({ table }) =>
    isAsked && table !== undefined
      ? pairs[voteOf(table, 'org', permission)][voteOf(table, 'orgMember', permission)]
      : noVotes
  )
  return votes.join('') + noVotes
}
