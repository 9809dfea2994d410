// The vote of each level on one question, and the grants that cast it. For explanations; `can` reads the same tables
// without this.
import { type Union } from '../compile/tables.js'
import { linePath, writtenPermission } from '../compile/permission-set.js'
import type { RoleTable } from '../compile/roles.js'
import type { CompiledPermission } from '../compile/catalogue.js'
import type { DecidingGrant, LevelVote, Vote, Effect, FixedLevel, Level } from '../types.js'
import type { Question } from '../request/question.js'
import type { SubjectState } from '../request/state.js'
import { bitsAt, containerLevels, isFixed } from '../levels.js'
import { countingOrgs } from './counting-orgs.js'
import { containerVotes, isInside } from './roles-say.js'

/** The votes of every level that applies to the question, in the order in which they are asked. */
export function votesOn(state: SubjectState, question: Question): readonly LevelVote[] {
  const { permission, org, anyOrg, containers } = question
  const isOwner = question.owner !== undefined && question.owner === state.id
  const votes = [siteVote(state, 'site', permission)]
  if (org !== undefined) addOrgVotes(votes, state, org, permission, isOwner)
  else if (anyOrg)
    for (const held of countingOrgs(state)) addOrgVotes(votes, state, held, permission, isOwner)
  if (isInside(containers)) votes.push(...allContainerVotes(state, containers, permission, isOwner))
  else if (org === undefined && !anyOrg && isOwner) votes.push(siteVote(state, 'user', permission))
  return votes
}

/** The level that decides: the first that does not abstain; under `anyOrg` one that allows, else only the site. */
export function decidingVotes(votes: readonly LevelVote[], anyOrg: boolean): readonly LevelVote[] {
  if (!anyOrg) return votes.filter((vote) => vote.vote !== 'abstain').slice(0, 1)
  const [site] = votes
  if (site !== undefined && site.vote !== 'abstain') return [site]
  return allowingVotes(votes)
}

/**
 * One vote for each organization in which the object would be allowed: that of its `org` level, else of its `orgMember`
 * level, else of the containers that the object is in.
 */
function allowingVotes(votes: readonly LevelVote[]): readonly LevelVote[] {
  const decided = new Map<string, LevelVote | undefined>()
  for (const vote of votes)
    if (vote.org !== undefined && decided.get(vote.org) === undefined)
      decided.set(vote.org, vote.vote === 'abstain' ? undefined : vote)
  const allowing = [...decided.values()].flatMap((vote) => (vote?.vote === 'allow' ? [vote] : []))
  const isOpen = [...decided.values()].includes(undefined)
  const inside = votes.find((vote) => !isFixed(vote.level) && vote.vote !== 'abstain')
  // The widest level first, which is the decision's: the order of the roles must not matter.
  return [
    ...allowing.filter(isWhole),
    ...allowing.filter((vote) => !isWhole(vote)),
    ...(isOpen && inside?.vote === 'allow' ? [inside] : [])
  ]
}

function isWhole({ level }: LevelVote): boolean {
  return level === 'org'
}

function addOrgVotes(
  votes: LevelVote[],
  state: SubjectState,
  org: string,
  permission: CompiledPermission,
  isOwner: boolean
): void {
  const held = state.orgs.get(org)
  votes.push(orgVote(held, 'org', org, permission))
  if (isOwner) votes.push(orgVote(held, 'orgMember', org, permission))
}

function orgVote(
  held: Union<RoleTable> | undefined,
  level: FixedLevel,
  org: string,
  permission: CompiledPermission
): LevelVote {
  const vote = held === undefined ? 'abstain' : voteOf(held.table, level, permission)
  const by: DecidingGrant[] = []
  if (held !== undefined && vote !== 'abstain')
    for (const roleTable of held.members) addGrants(by, roleTable, level, vote, permission, { org })
  return { level, org, vote, by }
}

/** The votes of the containers that the object is in. The roles held in any of one kind vote together. */
function allContainerVotes(
  { compiled, containers: held }: SubjectState,
  containers: Question['containers'],
  permission: CompiledPermission,
  isOwner: boolean
): LevelVote[] {
  return compiled.catalogue.containers.flatMap((kind, number) => {
    const ids = [...new Set(containers[number])]
    if (ids.length === 0) return []
    const votes = containerVotes(held[number], ids, permission.index)
    const [all, own] = containerLevels(kind)
    return (isOwner ? [all, own] : [all]).map((level): LevelVote => {
      const vote = voteAt(votes, level)
      const by: DecidingGrant[] = []
      if (vote !== 'abstain')
        for (const id of ids)
          for (const roleTable of held[number]?.get(id)?.members ?? [])
            addGrants(by, roleTable, level, vote, permission, { container: id })
      return { level, vote, by }
    })
  })
}

function siteVote(state: SubjectState, level: 'site' | 'user', permission: CompiledPermission): LevelVote {
  const vote = voteOf(state.site.table, level, permission)
  if (vote === 'abstain') return { level, vote, by: [] }
  const by: DecidingGrant[] = []
  for (const roleTable of state.site.members) {
    if (roleTable.document?.kind !== 'org') addGrants(by, roleTable, level, vote, permission)
    else
      for (const [org, held] of state.orgs)
        if (held.members.includes(roleTable)) addGrants(by, roleTable, level, vote, permission, { org })
  }
  return { level, vote, by }
}

/** The vote of a table at a level: `deny` if there is one, else `allow`, else `abstain`. */
export function voteOf(table: Uint8Array, level: FixedLevel, permission: CompiledPermission): Vote {
  return voteAt(table[permission.index] ?? 0, level)
}

/** The vote of a level in a byte of its place. */
function voteAt(byte: number, level: Level): Vote {
  const bits = bitsAt(level)
  if ((byte & bits.deny) !== 0) return 'deny'
  return (byte & bits.allow) !== 0 ? 'allow' : 'abstain'
}

/** Where a grant is held, if it is not the site. */
type HeldAt = Pick<DecidingGrant, 'org' | 'container'>

const atSite: HeldAt = Object.freeze({})

/** The grants of a role that cast a vote: its own, and those of the roles that it includes. */
export function grantsOfRole(
  roleTable: RoleTable,
  level: Level,
  effect: Effect,
  permission: CompiledPermission
): DecidingGrant[] {
  const grants: DecidingGrant[] = []
  addGrants(grants, roleTable, level, effect, permission)
  return grants
}

function addGrants(
  grants: DecidingGrant[],
  holder: RoleTable,
  level: Level,
  effect: Effect,
  permission: CompiledPermission,
  at: HeldAt = atSite
): void {
  addGrantOf(holder, grants, holder, level, effect, permission, at)
  for (const included of holder.included) addGrantOf(included, grants, holder, level, effect, permission, at)
}

function addGrantOf(
  writer: RoleTable,
  grants: DecidingGrant[],
  holder: RoleTable,
  level: Level,
  effect: Effect,
  permission: CompiledPermission,
  at: HeldAt
): void {
  const line = writer.line(level, effect, permission)
  if (line === undefined) return
  const { role } = holder
  const written = writtenPermission(line, effect, permission)
  const path = linePath(line)
  grants.push(
    writer === holder
      ? { role, level, permission: written, path, ...at }
      : { role, included: writer.role, level, permission: written, path, ...at }
  )
}
