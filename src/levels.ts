// The levels of grants: their order, the bits of their votes in a byte, and which objects they are about. All facts
// about a level are one entry of `facts`. `decide/subject.ts` spells the order out for speed; a test compares the two.
import type { Effect, Level, OrgPlacement } from './types.js'

export const SITE_ALLOW = 1
export const SITE_DENY = 2
export const USER_ALLOW = 4
export const USER_DENY = 8
export const ORG_ALLOW = 16
export const ORG_DENY = 32
export const MEMBER_ALLOW = 64
export const MEMBER_DENY = 128

interface LevelFacts {
  /** The bits of its votes in a byte. */
  readonly bits: Readonly<Record<Effect, number>>
  /** The levels that are asked before it about its objects, in that order. */
  readonly wider: readonly Level[]
  /** Where its objects are: anywhere, in the organization of the role, or in no organization. */
  readonly place: 'any' | 'org' | 'none'
  /** Whether they are the holder's own. */
  readonly isOwned: boolean
}

/** Widest first: the order in which levels are asked. */
const facts: Readonly<Record<Level, LevelFacts>> = {
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

/** A record with an entry for each level. */
export function eachLevel<T>(make: (level: Level) => T): Readonly<Record<Level, T>> {
  return { site: make('site'), org: make('org'), orgMember: make('orgMember'), user: make('user') }
}

/** Every level, widest first. */
export const levels: readonly Level[] = ['site', 'org', 'orgMember', 'user']

/** Both bits of a level. */
export const levelBits: Readonly<Record<Level, Readonly<Record<Effect, number>>>> = eachLevel(
  (level) => facts[level].bits
)

function bitsOf(effect: Effect): number {
  return levels.reduce((bits, level) => bits | facts[level].bits[effect], 0)
}

/** The bits of an allow, and of a deny, at any level. */
export const anyAllow: number = bitsOf('allow')
export const anyDeny: number = bitsOf('deny')

/** The levels that are asked about the objects of a level, in that order: the wider ones, then itself. */
export const levelsTo: Readonly<Record<Level, readonly Level[]>> = eachLevel((level) => [
  ...facts[level].wider,
  level
])

/** The levels that are asked before a level, the first one first. */
export const levelsAbove: Readonly<Record<Level, readonly Level[]>> = eachLevel((level) => facts[level].wider)

/** The level that is asked just before this one; the widest has none. */
export function nextWider(level: Level): Level | undefined {
  return facts[level].wider.at(-1)
}

/** The bits of the votes about objects of the organization in which a role is held. */
export const orgBits: number = levels.reduce(
  (bits, level) => (isOrgLevel(level) ? bits | levelBits[level].allow | levelBits[level].deny : bits),
  0
)

/** Whether a level is only about objects that the holder owns. */
export function isOfOwner(level: Level): boolean {
  return facts[level].isOwned
}

/** Whether a level is about objects of the organization in which a role is held. */
export function isOrgLevel(level: Level): boolean {
  return facts[level].place === 'org'
}

/** The bit of a level's vote in a byte, a deny before an allow; 0 where it abstains. */
export function voteBit(byte: number, level: Level): number {
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
export function canReach(level: Level, placement: OrgPlacement): boolean {
  const { place } = facts[level]
  return place === 'any' || (place === 'org' ? canBeInOrg(placement) : canBeOutside(placement))
}
