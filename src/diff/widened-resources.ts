// Changes of resources and containers that let somebody reach more: where objects may be, facts that they need no longer
// have, what their ACLs may say and beat, and actions that mean more. Found in one direction, as all of widened.ts.
import type { CompiledPolicy } from '../compile/compile.js'
import type { CompiledResource } from '../compile/catalogue.js'
import type { CompiledAttribute } from '../compile/attributes.js'
import { now, orNothing } from './words.js'
import type { OldNew, Direction } from './sides.js'
import type { Widening } from './types.js'
import { quoteValue } from '../problems/quote.js'
import type { OrgPlacement } from '../types.js'

/** All such changes of resources that both policies have, and of the containers of either. */
export function resourcesWidened(policies: OldNew<CompiledPolicy>, direction: Direction): Widening[] {
  const { allowing, refusing } = direction
  const there = policies[refusing].catalogue
  return [
    ...containersWidened(policies, direction),
    ...[...policies[allowing].catalogue.resources.values()].flatMap((here): Widening[] => {
      const other = there.resources.get(here.name)
      if (other === undefined) return []
      const compared: Compared = { here, there: other, direction, policies }
      return [...placements(compared), ...acls(compared), ...attributes(compared), ...implied(compared)]
    })
  ]
}

/** A resource as the policy that allows has it, and as the other one has it. */
interface Compared {
  readonly here: CompiledResource
  readonly there: CompiledResource
  readonly direction: Direction
  readonly policies: OldNew<CompiledPolicy>
}

/** `was … and now …`, from the old policy to the new one, whichever of the two allows. */
function wasAndNow(here: unknown, there: unknown, { allowing }: Direction): string {
  const [before, after] = allowing === 'new' ? [there, here] : [here, there]
  return `was ${orNothing(before)} and now ${orNothing(after)}`
}

// --- places ---------------------------------------------------------------------------------------------------------

const insideOf: Readonly<Record<OrgPlacement, readonly boolean[]>> = {
  optional: [true, false],
  required: [true],
  never: [false]
}

function placements({ here, there, direction, policies }: Compared): Widening[] {
  const found = (place: string, key: string, mine: OrgPlacement, other: OrgPlacement): Widening[] =>
    insideOf[mine]
      .filter((isInside) => !insideOf[other].includes(isInside))
      .map((isInside) => {
        const where = `${isInside ? (place === 'organization' ? 'an' : 'a') : 'no'} ${place}`
        const may = `an object of ${quoteValue(here.name)} may ${now(direction)} be in ${where}`
        return {
          kind: 'placement',
          subject: here.name,
          message: `${may}: \`${key}\` ${wasAndNow(mine, other, direction)}`
        }
      })
  const kinds = policies[direction.allowing].catalogue.containers
  return [
    ...found('organization', 'org', here.org, there.org),
    ...kinds.flatMap((kind, number) => {
      const other = placeIn(policies[direction.refusing], there, kind)
      return found(quoteValue(kind), `in.${kind}`, here.places[number] ?? 'never', other)
    })
  ]
}

/** Whether a resource's objects are in a container, by the container's name. */
function placeIn({ catalogue }: CompiledPolicy, { places }: CompiledResource, kind: string): OrgPlacement {
  return places[catalogue.containers.indexOf(kind)] ?? 'never'
}

/**
 * A container that is new, one that is gone (what was in one is then decided like what is in none), and containers that
 * are asked in another order.
 */
function containersWidened(policies: OldNew<CompiledPolicy>, direction: Direction): Widening[] {
  const [here, there] = [policies[direction.allowing].catalogue, policies[direction.refusing].catalogue]
  const isNew = direction.allowing === 'new'
  const widening = (subject: string, message: string): Widening => ({ kind: 'container', subject, message })
  const came = here.containers
    .filter((name) => !there.containers.includes(name))
    .map((name) => {
      const what = isNew ? 'there is now a' : 'there is no longer a'
      return widening(name, `${what} container ${quoteValue(name)}`)
    })
  const went = there.containers.flatMap((name, number) => {
    if (here.containers.includes(name)) return []
    const inside = [...there.resources.values()].filter(
      (resource) => resource.places[number] !== 'never' && here.resources.has(resource.name)
    )
    if (inside.length === 0) return []
    const what = isNew ? 'is gone, and an object in one is now' : 'is new, and an object in one was'
    return [widening(name, `the container ${quoteValue(name)} ${what} decided like one in none`)]
  })
  const [mine, others] = [
    here.containers.filter((name) => there.containers.includes(name)),
    there.containers.filter((name) => here.containers.includes(name))
  ]
  const named = (names: readonly string[]): string => names.map(quoteValue).join(', ')
  const [before, after] = isNew ? [others, mine] : [mine, others]
  const moved =
    mine.join() === others.join()
      ? []
      : [
          widening(
            'containers',
            `containers were asked in the order ${named(before)} and now in the order ${named(after)}`
          )
        ]
  return [...came, ...went, ...moved]
}

// --- ACLs -----------------------------------------------------------------------------------------------------------

function acls({ here, there, direction }: Compared): Widening[] {
  if (!here.acl) return []
  const widening = (message: string): Widening => ({ kind: 'acl', subject: here.name, message })
  const of = `of ${quoteValue(here.name)}`
  if (!there.acl) return [widening(`an object ${of} may ${now(direction)} have an ACL`)]
  const [mine, other] = [here.sharing, there.sharing]
  const does = now(direction)
  const members = `an ACL entry for a user ${does} counts for objects ${of} in organizations of others`
  const overrides = `an ACL entry ${of} ${does} beats a role's deny`
  const needs = `what roles must allow for an ACL entry ${of} to count ${wasAndNow(mine.requires, other.requires, direction)}`
  return [
    ...(other.members && !mine.members ? [widening(members)] : []),
    ...(other.requires !== undefined && mine.requires !== other.requires ? [widening(needs)] : []),
    ...(mine.overridesDeny && !other.overridesDeny ? [widening(overrides)] : []),
    ...levelsOf(here).flatMap(([level, actions]) => {
      const before = new Map(levelsOf(there)).get(level) ?? []
      const more = actions.filter((action) => there.actions.has(action) && !before.includes(action))
      if (more.length === 0) return []
      return [widening(`the level ${quoteValue(level)} of ACLs ${of} ${does} holds ${namesOf(more)}`)]
    })
  ]
}

/** The levels of a resource's ACLs, with all actions that each means. */
function levelsOf({ actions, sharing }: CompiledResource): [level: string, actions: string[]][] {
  const levels = new Map<string, string[]>()
  for (const action of actions.keys())
    for (const word of sharing.words.get(action) ?? []) {
      if (actions.has(word)) continue
      const named = levels.get(word)
      if (named === undefined) levels.set(word, [action])
      else named.push(action)
    }
  return [...levels]
}

function namesOf(names: readonly string[]): string {
  return names.map(quoteValue).join(', ')
}

// --- attributes -----------------------------------------------------------------------------------------------------

function attributes({ here, there, direction }: Compared): Widening[] {
  const widening = (name: string, message: string): Widening => ({
    kind: 'attribute',
    subject: `${here.name}.${name}`,
    message
  })
  const isNew = direction.allowing === 'new'
  const named = (all: readonly CompiledAttribute[], name: string): CompiledAttribute | undefined =>
    all.find((one) => one.name === name)
  const gone = there.attributes.flatMap(({ name, usual }) => {
    if (usual !== undefined || named(here.attributes, name) !== undefined) return []
    const need = isNew ? 'need no longer have' : 'did not need'
    return [widening(name, `an object of ${quoteValue(here.name)} ${need} ${quoteValue(name)}`)]
  })
  const changed = here.attributes.flatMap(({ name, values, usual }): Widening[] => {
    const other = named(there.attributes, name)
    if (other === undefined) return []
    const more = values.filter((value) => !other.values.includes(value)).map(String)
    const of = `${quoteValue(name)} of ${quoteValue(here.name)}`
    const has = `${of} ${isNew ? 'can now' : 'can no longer'} be ${namesOf(more)}`
    const means = `the default of ${of} ${wasAndNow(usual, other.usual, direction)}`
    return [
      ...(more.length === 0 ? [] : [widening(name, has)]),
      ...(usual === undefined || usual === other.usual ? [] : [widening(name, means)])
    ]
  })
  return [...changed, ...gone]
}

// --- implied actions ------------------------------------------------------------------------------------------------

/** Actions of both policies that mean others here, and do not in the other policy. */
function implied({ here, there, direction, policies }: Compared): Widening[] {
  const lines = policies[direction.allowing].document.resources[here.name]?.implies ?? {}
  return Object.entries(lines).flatMap(([action, all]): Widening[] => {
    if (!there.actions.has(action)) return []
    const more = all.filter(
      (one) => there.actions.has(one) && there.implying.get(one)?.includes(action) !== true
    )
    if (more.length === 0) return []
    const message = `${quoteValue(`${here.name}:${action}`)} ${now(direction)} implies ${namesOf(more)}`
    return [{ kind: 'implies', subject: `${here.name}:${action}`, message }]
  })
}
