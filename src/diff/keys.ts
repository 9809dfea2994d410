// What keys may do in one policy but not in the other: keys with a scope, with a scope template, and with an allow list
// if the policies check ids differently. A key has a difference of its own only where its ceilings differ; what the
// roles of its owner gain is reported for the roles.
import { splitName } from '../problems/names.js'
import { type Ceiling } from '../request/ceiling.js'
import { isWithin, listedIds } from '../decide/ceilings.js'
import { templateKeys } from './template-keys.js'
import type { Comparing } from './role-cases.js'
import { reachOfAnybody, type Reach } from './reach.js'
import type { Who } from './report.js'
import type { ScopeNames } from './scope-renames.js'
import { isUnchangedScope } from './representatives.js'
import { both, type AskedPermission, type Direction, type Side } from './sides.js'
import { tellOf, type Search } from './search.js'
import { askBoth, type Asking } from './witness.js'
import { type Key, readKey } from './key.js'

/** The keys whose ceilings may differ about a permission, in one direction; each key is read once. */
export function keysOf(
  comparing: Comparing,
  direction: Direction,
  names: ScopeNames,
  asked: readonly AskedPermission[],
  changedOnly = false
): (one: AskedPermission) => readonly Key[] {
  const scopes = scopeKeys(comparing, direction, names, changedOnly)
  const telling = tellingScopes(comparing, direction, scopes, asked)
  const templates = templateKeys(comparing, direction, changedOnly)
  const lists = listKeys(comparing, direction)
  return (one) => {
    const numbers = telling.get(one) ?? []
    const [resource = ''] = splitName(one.name)
    return [...numbers.flatMap((number) => scopes[number] ?? []), ...templates(resource), ...lists]
  }
}

/** By permission, the numbers of the keys with one scope that let it through in the one policy and not in the other. */
function tellingScopes(
  { work }: Comparing,
  { allowing, refusing }: Direction,
  keys: readonly Key[],
  asked: readonly AskedPermission[]
): ReadonlyMap<AskedPermission, readonly number[]> {
  const telling = new Map<AskedPermission, number[]>()
  for (const [number, { ceilings }] of keys.entries()) {
    const [here, there] = [tableOf(ceilings[allowing]), tableOf(ceilings[refusing])]
    if (here === undefined) continue
    work.spend(asked.length, () => ({ about: 'the scopes', names: [] }))
    for (const one of asked) {
      const [mine, other] = [one.in[allowing]?.index ?? -1, one.in[refusing]?.index ?? -1]
      if (here[mine] !== 1 || there?.[other] === 1) continue
      const numbers = telling.get(one)
      if (numbers === undefined) telling.set(one, [number])
      else numbers.push(number)
    }
  }
  return telling
}

/**
 * Reports what keys let through in one policy but not in the other, where some role allows it. `untold` gets the keys
 * that newly let a permission of both policies through which no role allows: a role that is added later may allow it.
 */
export function compareKeys(search: Search, keys: readonly Key[], untold: (who: Who) => void): void {
  const { comparing, asked, direction, permission } = search
  let reach: readonly Reach[] | undefined
  const told = new Set<string>()
  comparing.work.spend(5 * keys.length, () => tellOf(asked))
  for (const key of keys) {
    if (told.has(key.who.subject) || isAlike(search, key)) continue
    const ids = key.id === undefined ? idsFor(key, permission.resource) : [key.id]
    const id = ids.find(
      (one) => lets(search, key, direction.allowing, one) && !lets(search, key, direction.refusing, one)
    )
    if (id === undefined) continue
    told.add(key.who.subject)
    reach ??= reachOfAnybody(search)
    let isShown = false
    for (const { relation, byAcl, asking } of reach) {
      const witness = firstWitness(search, key, id, asking)
      if (witness === undefined) continue
      search.report({ who: key.who, asked, direction, relation, byAcl, ...witness })
      isShown = true
    }
    if (!isShown && asked.in[direction.refusing] !== undefined) untold(key.who)
  }
}

/** Whether the lists are the same and the scopes say the same: no id has to be tried. */
function isAlike(
  {
    asked: {
      in: { old, new: current }
    }
  }: Search,
  { ceilings, lists }: Key
): boolean {
  if (lists.old !== lists.new || ceilings.old === undefined || ceilings.new === undefined) return false
  return hasScope(ceilings.old, old?.index ?? -1) === hasScope(ceilings.new, current?.index ?? -1)
}

function hasScope(ceilings: readonly Ceiling[], index: number): boolean {
  return ceilings.every(
    ({ scopes }) =>
      scopes === undefined ||
      (scopes.named.table[index] ?? 0) !== 0 ||
      scopes.templates.some(({ table }) => (table[index] ?? 0) !== 0)
  )
}

function firstWitness(
  { comparing, asked, direction }: Search,
  { given }: Key,
  id: string,
  asking: Iterable<Asking>
): ReturnType<typeof askBoth> {
  for (const ask of asking) {
    const object = id === '' ? ask.object : { ...ask.object, id }
    const witness = askBoth(comparing, asked, direction, { ...ask, ...given, object })
    if (witness !== undefined) return witness
  }
  return undefined
}

/** Whether a policy reads the key and lets the permission through on an object with the id; empty for none. */
function lets({ asked }: Search, { ceilings }: Key, side: Side, id: string): boolean {
  const permission = asked.in[side]
  const found = ceilings[side]
  return permission !== undefined && found !== undefined && isWithin(found, permission, id)
}

/** The ids to try, no id first: an id that no list names is decided like a missing one. */
function idsFor({ who, ceilings }: Key, type: string): readonly string[] {
  if (who.kind === 'scope') return noId
  return ['', ...listedIds(ceilings.old ?? [], type), ...listedIds(ceilings.new ?? [], type)]
}

const noId = ['']
// --- scopes ---------------------------------------------------------------------------------------------------------

function scopeKeys(
  { policies }: Comparing,
  direction: Direction,
  { pairs }: ScopeNames,
  changedOnly: boolean
): Key[] {
  return pairs[direction.allowing].flatMap(({ name, other }, order): Key[] => {
    if (changedOnly && isUnchangedScope(policies, 'scopes', name)) return []
    const ceilings = both((side) => {
      const scope = side === direction.allowing ? name : other
      return scope === undefined ? undefined : readKey(policies[side], { scopes: [scope] })
    })
    const who = { kind: 'scope', subject: `scope:${name}`, order } as const
    return [{ who, given: { scopes: [name] }, ceilings, lists: both(() => '') }]
  })
}

function tableOf(ceilings: readonly Ceiling[] | undefined): Uint8Array | undefined {
  return ceilings?.[0]?.scopes?.named.table
}

// --- allow lists ----------------------------------------------------------------------------------------------------

const lower = '00000000-0000-4000-8000-00000000000a'

/** If the policies check ids differently: a key whose list has an id that only one of them reads in this way. */
function listKeys({ policies }: Comparing, { allowing, refusing }: Direction): Key[] {
  const idsOf = (side: Side): string => policies[side].document.ids ?? 'string'
  if (idsOf(allowing) === idsOf(refusing)) return []
  const [listed, id] = idsOf(allowing) === 'uuid' ? [lower.toUpperCase(), lower] : ['id1', 'id1']
  const given = { allowList: [`*:${listed}`] }
  return [
    {
      who: { kind: 'list', subject: 'allow list', order: 0 },
      given,
      ceilings: both((side) => readKey(policies[side], given)),
      lists: { old: 'old', new: 'new' },
      id
    }
  ]
}
