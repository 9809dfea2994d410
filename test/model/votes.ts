// What the roles say: the votes of every level, and the first of them that decides. The spec's section 2, "Votes",
// "roleAllows" and the first half of "anyOrg".
import type { PolicyData } from '../../src/document/types.js'
import { grantsAllowing, grantsNaming } from './document.js'
import type { Asked, CheckedSubject, HeldRole } from './request.js'
import { containerNames } from './shape.js'
import type { Level } from '../../src/types.js'

/** A role (or `system:NAME`) whose grant cast a vote, with the permission as the document has it. */
export interface Voter {
  /** The role that is held. */
  readonly role: string
  readonly org?: string
  /** The id of the container in which the role is held; of which container, its level says. */
  readonly container?: string
  /** The included role in which the grant is written; absent for the role's own. */
  readonly included?: string
  readonly level: Level
  readonly permission: string
}

/** One level's vote. Under `anyOrg` there is one of each organization; of several containers, one vote for all. */
export interface Vote {
  readonly level: Level
  readonly org?: string
  readonly vote: 'allow' | 'deny' | 'abstain'
  readonly by: readonly Voter[]
}

export interface RoleDecision {
  readonly says: 'allow' | 'deny' | 'nothing'
  readonly by: readonly Voter[]
}

/** "`site`; then `org`, `orgMember`; then for each container, in the order of the document, …; then `user`." */
function levelsOf(document: PolicyData): readonly Level[] {
  const ofContainers = containerNames(document).flatMap((name) => [name, `${name}Member`])
  return ['site', 'org', 'orgMember', ...ofContainers, 'user']
}

/** The votes of every level that applies, widest first; under `anyOrg`, of each of these organizations. */
export function votesOn(asked: Asked, action: string, orgs: readonly string[]): Vote[] {
  const { subject, object, document } = asked
  const isOwn = object.owner !== undefined && object.owner === subject.id
  const voteOf = (voters: readonly HeldRole[], level: Level): Vote => vote(asked, voters, level, action)

  // "`site`: always applies."
  const site = [voteOf(subject.held, 'site')]

  // "`org`: applies where `object.org` is set; the roles held in that organization vote."
  // "`orgMember`: applies where `object.org` is set and `object.owner` is the subject's id."
  const inOrgs = object.anyOrg ? orgs : object.org === undefined ? [] : [object.org]
  const org = inOrgs.flatMap((id) => {
    const heldThere = subject.held.filter((role) => role.org === id)
    const levels = isOwn ? ['org', 'orgMember'] : ['org']
    return levels.map((level): Vote => ({ ...voteOf(heldThere, level), org: id }))
  })

  // "`project`: applies where the object's `project` is set; the roles held in any of its projects vote together."
  // "`projectMember`: applies where … and `object.owner` is the subject's id; the same roles vote."
  const container = containerNames(document).flatMap((name) => {
    const ids = object.containers[name] ?? []
    if (ids.length === 0) return []
    const heldThere = subject.held.filter(
      (role) => role.container?.name === name && ids.includes(role.container.id)
    )
    return (isOwn ? [name, `${name}Member`] : [name]).map((level) => voteOf(heldThere, level))
  })

  // "`user`: applies where `object.org` is none, `anyOrg` is not set, no container is set and `object.owner` is the
  // subject's id."
  const isAnywhere = inOrgs.length > 0 || object.anyOrg || container.length > 0
  const user = isOwn && !isAnywhere ? [voteOf(subject.held, 'user')] : []
  return [...site, ...org, ...container, ...user]
}

/** "Over all roles held: any matching deny → deny; else any matching allow → allow; else abstain." */
function vote({ document, object }: Asked, voters: readonly HeldRole[], level: Level, action: string): Vote {
  for (const effect of ['deny', 'allow'] as const) {
    const by = voters.flatMap((held) =>
      ballots(held).flatMap(({ grants, ...who }) => {
        const set = grants(level, effect)
        const named =
          effect === 'deny'
            ? grantsNaming(set, 'deny', object.type, action, object.attributes)
            : grantsAllowing(document, set, object.type, action, object.attributes)
        return named.map((permission): Voter => ({ ...who, level, permission }))
      })
    )
    if (by.length > 0) return { level, vote: effect, by }
  }
  return { level, vote: 'abstain', by: [] }
}

/** "The role's ballot at each level is its own united with theirs": its own grants, and those of each it includes. */
function ballots({
  role,
  org,
  container,
  grants,
  included
}: HeldRole): (Omit<Voter, 'level' | 'permission'> & { readonly grants: HeldRole['grants'] })[] {
  const who = {
    role,
    ...(org === undefined ? {} : { org }),
    ...(container === undefined ? {} : { container: container.id })
  }
  return [{ ...who, grants }, ...included.map((one) => ({ ...who, included: one.role, grants: one.grants }))]
}

/** roleAllows; under `anyOrg` with these organizations, which are those that count. */
export function decideByRoles(asked: Asked, votes: readonly Vote[], orgs: readonly string[]): RoleDecision {
  if (!asked.object.anyOrg) return firstToDecide(votes)
  // "For some organization where the subject holds an organization role, the same object with `org` set to it (and
  // `anyOrg` unset) would be role-allowed, or the subject's site vote allows." The site vote is the same in all of
  // them, and so are those of the containers.
  const site = firstToDecide(votes.filter(({ level }) => level === 'site'))
  if (site.says !== 'nothing') return site
  const allowing = orgs
    .map((id) => votes.filter(({ org }) => org === undefined || org === id))
    .flatMap((there) => there.find(({ vote }) => vote !== 'abstain') ?? [])
    .filter(({ vote }) => vote === 'allow')
  // "Under `anyOrg` a refusal is `denied` only where the site level denies, else `not_granted`."
  if (allowing.length === 0) return { says: 'nothing', by: [] }
  // The level of the decision is the widest that allows somewhere, whatever the order of the organizations.
  const deciding = votes.filter((vote) => allowing.includes(vote))
  const widestFirst = levelsOf(asked.document).flatMap((level) =>
    deciding.filter((vote) => vote.level === level)
  )
  return { says: 'allow', by: widestFirst.flatMap(({ by }) => by) }
}

/** "The first of these that does not abstain decides"; "all abstain → no". */
function firstToDecide(votes: readonly Vote[]): RoleDecision {
  for (const { vote, by } of votes) {
    if (vote !== 'abstain') return { says: vote, by }
  }
  return { says: 'nothing', by: [] }
}

/** "It belongs to the organizations in which it holds an organization role." */
export function orgsOf(subject: CheckedSubject): string[] {
  return [...new Set(subject.held.flatMap(({ org }) => (org === undefined ? [] : [org])))]
}
