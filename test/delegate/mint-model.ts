// The oracle of minting: the spec's "every permission on every object id that the new key's ceiling admits is admitted
// by the minter's own", tried permission by permission and id by id, in the catalogue as it is and as it may be.
import { check } from './model.js'
import { everyWanted, has, type Wanted } from './model-cover.js'
import { everyAddition, withAdditions } from './additions.js'
import type { World } from '../model.js'
import { grantsNaming, type ListEntry } from '../model/document.js'
import type { Ceiling } from '../model/request.js'

/** A ceiling as data, as `within` takes it. A key may have neither list. */
export interface CeilingData {
  readonly scopes?: readonly unknown[]
  readonly allowList?: readonly string[]
  readonly onlyOrgs?: readonly string[]
}

/** One thing that a key lets through and its minter does not; `id` of `undefined` is an object without id. */
export interface Surplus {
  readonly type: string
  readonly action: string
  readonly id: string | undefined
  /** Whether it is so in today's catalogue, or only in one with additions. */
  readonly isToday: boolean
}

/** All that the key has and the minter lacks. */
export function modelSurplus(world: World, minter: readonly CeilingData[], key: CeilingData): Surplus[] {
  return [world, withAdditions(world)].flatMap((when) => {
    const held = ceilingsOf(when, minter)
    const requested = Object.keys(key).length === 0 ? [] : ceilingsOf(when, [key])
    const lists = [...held, ...requested].flatMap(({ scopes = [], allowList = [] }) => [
      ...allowList,
      ...scopes.flatMap(({ list = [] }) => list)
    ])
    const ids = [undefined, 'an id that no list names', ...new Set(lists.map(({ id }) => id))]
    return Object.entries(when.document.resources).flatMap(([type, { actions }]) =>
      Object.keys(actions).flatMap((action) =>
        ids
          .filter(
            (id) => id !== '*' && admits(requested, type, action, id) && !admits(held, type, action, id)
          )
          .map((id) => ({ type, action, id, isToday: when === world }))
      )
    )
  })
}

/**
 * Whether the minter admits all that the key does: "every permission, under every combination of attributes, on every
 * object id", and "the key's organizations must be within each of the minter's lists".
 */
export function modelCanMint(world: World, minter: readonly CeilingData[], key: CeilingData): boolean {
  const orgs = (list: readonly string[] = ['*']): readonly string[] => (list.includes('*') ? ['*'] : list)
  const areOrgsWithin = minter.every(({ onlyOrgs }) => {
    const own = orgs(onlyOrgs)
    return (
      own[0] === '*' ||
      lowerCased(world, orgs(key.onlyOrgs)).every((org) => lowerCased(world, own).includes(org))
    )
  })
  if (!areOrgsWithin) return false
  return [world, ...everyAddition(world)].every((when) => {
    const held = ceilingsOf(when, minter)
    const requested = Object.keys(key).length === 0 ? [] : ceilingsOf(when, [key])
    const lists = [...held, ...requested].flatMap(({ scopes = [], allowList = [] }) => [
      ...allowList,
      ...scopes.flatMap(({ list = [] }) => list)
    ])
    const ids = [undefined, ...new Set(lists.map(({ id }) => id))].filter((id) => id !== '*')
    return everyWanted(when.document).every((wanted) =>
      ids.every((id) => !admitsAll(when, requested, wanted, id) || admitsAll(when, held, wanted, id))
    )
  })
}

/** "UUIDs in `onlyOrgs` are lower-cased when parsed." */
function lowerCased({ document }: World, list: readonly string[]): readonly string[] {
  return document.ids === 'uuid' ? list.map((entry) => entry.toLowerCase()) : list
}

function admitsAll(
  { document }: World,
  ceilings: readonly Ceiling[],
  wanted: Wanted,
  id: string | undefined
): boolean {
  const isListed = (list: readonly ListEntry[] | undefined): boolean =>
    list === undefined ||
    list.some(
      (entry) =>
        (entry.type === '*' || entry.type === wanted.resource) && (entry.id === '*' || entry.id === id)
    )
  return ceilings.every(
    ({ scopes, allowList }) =>
      isListed(allowList) &&
      (scopes === undefined ||
        scopes.some(({ allow, list }) => has(document, allow, 'allow', wanted) && isListed(list)))
  )
}

function ceilingsOf(world: World, within: readonly CeilingData[]): readonly Ceiling[] {
  return check(world, { subject: { id: 'u1' }, within }).ceilings
}

function admits(ceilings: readonly Ceiling[], type: string, action: string, id: string | undefined): boolean {
  const isListed = (list: readonly ListEntry[] | undefined): boolean =>
    list === undefined ||
    list.some((entry) => (entry.type === '*' || entry.type === type) && (entry.id === '*' || entry.id === id))
  return ceilings.every(
    ({ scopes, allowList }) =>
      isListed(allowList) &&
      (scopes === undefined ||
        scopes.some(
          ({ allow, list }) => grantsNaming(allow, 'allow', type, action).length > 0 && isListed(list)
        ))
  )
}
