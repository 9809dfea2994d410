// The vote of each level on one question, and the grants that cast it. For explanations; `can` reads the same tables
// without this.
import { type Union } from '../compile/tables.js'
import { linePath, writtenPermission } from '../compile/permission-set.js'
import type { RoleTable } from '../compile/roles.js'
import type { CompiledPermission } from '../compile/catalogue.js'
import type { DecidingGrant, LevelVote, Vote, Effect, Level } from '../types.js'
import type { Question } from '../request/question.js'
import type { SubjectState } from '../request/state.js'
import { levelBits } from '../levels.js'

/** The votes of every level that applies to the question, widest first. */
export function votesOn(state: SubjectState, question: Question): readonly LevelVote[] {
  const { permission, org, anyOrg } = question
  const isOwner = question.owner !== undefined && question.owner === state.id
  const votes = [siteVote(state, 'site', permission)]
  if (org !== undefined) votes.push(...orgVotes(state, org, permission, isOwner))
  else if (anyOrg)
    for (const held of state.orgs.keys()) votes.push(...orgVotes(state, held, permission, isOwner))
  else if (isOwner) votes.push(siteVote(state, 'user', permission))
  return votes
}

/** The level that decides: the first that does not abstain; under `anyOrg` one that allows, else only the site. */
export function decidingVotes(votes: readonly LevelVote[], anyOrg: boolean): readonly LevelVote[] {
  if (!anyOrg) return votes.filter((vote) => vote.vote !== 'abstain').slice(0, 1)
  const [site] = votes
  if (site !== undefined && site.vote !== 'abstain') return [site]
  return allowingVotes(votes)
}

/** One vote for each organization in which the object would be allowed: its `org` vote, else its `orgMember` vote. */
function allowingVotes(votes: readonly LevelVote[]): readonly LevelVote[] {
  const decided = new Map<string, LevelVote>()
  for (const vote of votes)
    if (vote.org !== undefined && vote.vote !== 'abstain' && !decided.has(vote.org))
      decided.set(vote.org, vote)
  const allowing = [...decided.values()].filter((vote) => vote.vote === 'allow')
  // The widest level first, which is the decision's: the order of the roles must not matter.
  return [...allowing.filter(isWhole), ...allowing.filter((vote) => !isWhole(vote))]
}

function isWhole({ level }: LevelVote): boolean {
  return level === 'org'
}

function orgVotes(
  state: SubjectState,
  org: string,
  permission: CompiledPermission,
  isOwner: boolean
): LevelVote[] {
  const held = state.orgs.get(org)
  const votes = [orgVote(held, 'org', org, permission)]
  if (isOwner) votes.push(orgVote(held, 'orgMember', org, permission))
  return votes
}

function orgVote(
  held: Union<RoleTable> | undefined,
  level: Level,
  org: string,
  permission: CompiledPermission
): LevelVote {
  const vote = held === undefined ? 'abstain' : voteOf(held.table, level, permission)
  const by = held === undefined ? [] : grantsOf(held, level, vote, permission, org)
  return { level, org, vote, by }
}

function siteVote(state: SubjectState, level: 'site' | 'user', permission: CompiledPermission): LevelVote {
  const vote = voteOf(state.site.table, level, permission)
  if (vote === 'abstain') return { level, vote, by: [] }
  const by: DecidingGrant[] = []
  for (const roleTable of state.site.members) {
    const grant = grantOf(roleTable, level, vote, permission)
    if (grant === undefined) continue
    if (roleTable.document?.kind !== 'org') by.push(grant)
    else
      for (const [org, held] of state.orgs) if (held.members.includes(roleTable)) by.push({ ...grant, org })
  }
  return { level, vote, by }
}

/** The vote of a table at a level: `deny` if there is one, else `allow`, else `abstain`. */
export function voteOf(table: Uint8Array, level: Level, permission: CompiledPermission): Vote {
  const byte = table[permission.index] ?? 0
  const bits = levelBits[level]
  if ((byte & bits.deny) !== 0) return 'deny'
  return (byte & bits.allow) !== 0 ? 'allow' : 'abstain'
}

function grantsOf(
  held: Union<RoleTable>,
  level: Level,
  vote: Vote,
  permission: CompiledPermission,
  org: string
): DecidingGrant[] {
  if (vote === 'abstain') return []
  return held.members.flatMap((roleTable) => {
    const grant = grantOf(roleTable, level, vote, permission)
    return grant === undefined ? [] : [{ ...grant, org }]
  })
}

function grantOf(
  roleTable: RoleTable,
  level: Level,
  effect: Effect,
  permission: CompiledPermission
): DecidingGrant | undefined {
  const line = roleTable.line(level, effect, permission)
  if (line === undefined) return undefined
  return {
    role: roleTable.role,
    level,
    permission: writtenPermission(line, permission.action),
    path: linePath(line)
  }
}
