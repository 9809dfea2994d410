// The levels of grants: their order, the bits of their votes in a byte, and which objects they are about. All facts
// about a level are one entry of `facts`. `decide/subject.ts` spells the order out for speed; a test compares the two.
// A container adds two levels. Their votes are bits of a table of its own, one for each container in which roles are
// held, and there they are what `org` and `orgMember` are in the table of an organization.
import type { Effect, FixedLevel, Level, OrgPlacement } from './types.js'

export const SITE_ALLOW = 1
export const SITE_DENY = 2
export const USER_ALLOW = 4
export const USER_DENY = 8
export const ORG_ALLOW = 16
export const ORG_DENY = 32
export const MEMBER_ALLOW = 64
export const MEMBER_DENY = 128

/** Both bits of a level's vote: with neither, the level abstains. */
export const siteVote: number = SITE_ALLOW | SITE_DENY
export const orgVote: number = ORG_ALLOW | ORG_DENY
export const memberVote: number = MEMBER_ALLOW | MEMBER_DENY
export const userVote: number = USER_ALLOW | USER_DENY

interface LevelFacts {
  /** The bits of its votes in a byte. */
  readonly bits: Readonly<Record<Effect, number>>
  /** The levels that are asked before it about its objects, in that order. */
  readonly wider: readonly FixedLevel[]
  /** Where its objects are: anywhere, in the organization of the role, or in no organization. */
  readonly place: 'any' | 'org' | 'none'
  /** Whether they are the holder's own. */
  readonly isOwned: boolean
}

/** Widest first: the order in which levels are asked. */
const facts: Readonly<Record<FixedLevel, LevelFacts>> = {
  site: { bits: { allow: SITE_ALLOW, deny: SITE_DENY }, wider: [], place: 'any', isOwned: false },
  org: { bits: { allow: ORG_ALLOW, deny: ORG_DENY }, wider: ['site'], place: 'org', isOwned: false },
  orgMember: {
    bits: { allow: MEMBER_ALLOW, deny: MEMBER_DENY },
    wider: ['site', 'org'],
    place: 'org',
    isOwned: true
  },
  user: { bits: { allow: USER_ALLOW, deny: USER_DENY }, wider: ['site'], place: 'none', isOwned: true }
}

/** A record with an entry for each level that every policy has. */
export function eachLevel<T>(make: (level: FixedLevel) => T): Readonly<Record<FixedLevel, T>> {
  return { site: make('site'), org: make('org'), orgMember: make('orgMember'), user: make('user') }
}

/** Every level that every policy has, widest first. */
export const levels: readonly FixedLevel[] = ['site', 'org', 'orgMember', 'user']

/** Both bits of a level. */
export const levelBits: Readonly<Record<FixedLevel, Readonly<Record<Effect, number>>>> = eachLevel(
  (level) => facts[level].bits
)

const memberLevel = 'Member'

/** The levels of a container, the wider one first. */
export function containerLevels(container: string): readonly [all: Level, own: Level] {
  return [container, container + memberLevel]
}

/** The levels at which a role of a kind can have grants, in the order in which they are asked. */
export function levelsOfKind(kind: string): readonly Level[] {
  if (kind === 'site') return siteLevels
  return kind === 'org' ? levels : containerLevels(kind)
}

const siteLevels: readonly FixedLevel[] = ['site', 'user']

/** Whether this is a level that every policy has. */
export function isFixed(level: Level): level is FixedLevel {
  return Object.hasOwn(facts, level)
}

/** Both bits of a level in the table of its place; no container's name ends in `Member`. */
export function bitsAt(level: Level): Readonly<Record<Effect, number>> {
  if (isFixed(level)) return levelBits[level]
  return level.endsWith(memberLevel) ? levelBits.orgMember : levelBits.org
}

function bitsOf(effect: Effect): number {
  return levels.reduce((bits, level) => bits | facts[level].bits[effect], 0)
}

/** The bits of an allow, and of a deny, at any level. */
export const anyAllow: number = bitsOf('allow')
export const anyDeny: number = bitsOf('deny')

/** The levels that are asked about the objects of a level, in that order: the wider ones, then itself. */
export const levelsTo: Readonly<Record<FixedLevel, readonly FixedLevel[]>> = eachLevel((level) => [
  ...facts[level].wider,
  level
])

/**
 * The levels that are asked about the objects of a level, in that order: the wider ones, those of containers that stand
 * before its own in the document, then itself.
 */
export function levelsDownTo(level: Level, containers: readonly string[]): readonly Level[] {
  if (isFixed(level)) return levelsTo[level]
  const asked: readonly Level[] = [...levelsTo.orgMember, ...containers.flatMap(containerLevels)]
  return asked.slice(0, asked.indexOf(level) + 1)
}

/** The levels that reach all objects of a level: the wider ones, then itself. */
export function levelsOver(level: Level): readonly Level[] {
  if (isFixed(level)) return levelsTo[level]
  if (!level.endsWith(memberLevel)) return [...levelsTo.org, level]
  return [...levelsTo.orgMember, level.slice(0, -memberLevel.length), level]
}

/** The levels that are asked before a level, the first one first. */
export const levelsAbove: Readonly<Record<FixedLevel, readonly FixedLevel[]>> = eachLevel(
  (level) => facts[level].wider
)

/** The level that is asked just before this one; the widest has none. */
export function nextWider(level: FixedLevel): FixedLevel | undefined {
  return facts[level].wider.at(-1)
}

/** The bits of the votes about objects of the organization in which a role is held. */
export const orgBits: number = levels.reduce(
  (bits, level) => (isOrgLevel(level) ? bits | levelBits[level].allow | levelBits[level].deny : bits),
  0
)

/** Whether a level is only about objects that the holder owns. */
export function isOfOwner(level: FixedLevel): boolean {
  return facts[level].isOwned
}

/** Whether a level is about objects of the organization in which a role is held. */
export function isOrgLevel(level: FixedLevel): boolean {
  return facts[level].place === 'org'
}

/** The bit of a level's vote in a byte, a deny before an allow; 0 where it abstains. */
export function voteBit(byte: number, level: FixedLevel): number {
  const { allow, deny } = facts[level].bits
  return byte & deny || byte & allow
}

/** The placement that a document states; anything else counts as the default, `optional`, which allows every level. */
export function placementOf(value: unknown): OrgPlacement {
  return value === 'required' || value === 'never' ? value : 'optional'
}

/** Whether objects of a placement can be in an organization. */
export function canBeInOrg(placement: OrgPlacement): boolean {
  return placement !== 'never'
}

/** Whether objects of a placement can be in no organization. */
export function canBeOutside(placement: OrgPlacement): boolean {
  return placement !== 'required'
}

/** Whether objects with this placement can be reached by this level. */
export function canReach(level: FixedLevel, placement: OrgPlacement): boolean {
  const { place } = facts[level]
  return place === 'any' || (place === 'org' ? canBeInOrg(placement) : canBeOutside(placement))
}

/** Whether roles of a kind are held in the places of another kind or inside them: everything is within the site. */
export function isWithin(kind: string, wider: string): boolean {
  return wider === 'site' || kind === wider || (wider === 'org' && kind !== 'site')
}
