// Minters and keys in generated worlds. Most keys are made from what the minter holds, narrowed, and then often widened
// in one place: near enough to the border that both answers are common.
import type fc from 'fast-check'

import {
  questionTape,
  questionTapeV2,
  rolledMany,
  rollQuestion,
  rollWorld,
  type RolledQuestion,
  worldTape,
  worldTapeV2,
  type Dice,
  type RollSettings
} from '../arbitraries/index.js'
import { withoutCeiling } from './cases.js'
import type { CeilingData } from './mint-model.js'
import type { World } from '../model.js'

export interface Mint {
  /** Laid one on another. */
  readonly minter: readonly CeilingData[]
  readonly key: CeilingData
  /** Whose the key would be, as data without a ceiling. */
  readonly user: Data
  readonly questions: readonly Pick<RolledQuestion, 'action' | 'object'>[]
}

type Data = Readonly<Record<string, unknown>>

export interface WorldWithMints {
  readonly world: World
  readonly mints: readonly Mint[]
}

const mostMints = 20

/** How many mints a world has on average. */
export const mintsPerWorld: number = (1 + mostMints) / 2

export const worldsWithMints: fc.Arbitrary<WorldWithMints> = rolledMany(
  worldTape,
  8 * questionTape,
  mostMints,
  (first, rest) => {
    const world = rollWorld(first)
    return { world, mints: rest.map((dice) => rollMint(dice, world, {})) }
  }
)

/** The same over worlds with attributes, implied actions and keys of organizations. */
export const worldsWithMintsV2: fc.Arbitrary<WorldWithMints> = rolledMany(
  worldTapeV2,
  8 * questionTapeV2,
  mostMints,
  (first, rest) => {
    const world = rollWorld(first, { v2: true })
    return { world, mints: rest.map((dice) => rollMint(dice, world, { v2: true })) }
  }
)

function rollMint(dice: Dice, world: World, settings: RollSettings): Mint {
  const minter = rollCeilings(dice, world, settings).slice(0, 2)
  const questions = Array.from({ length: 4 }, () => rollQuestion(dice, world, settings))
  const user = withoutCeiling(questions[0]?.subject)
  const form = dice.below(100)
  const key =
    form < 4 ? {} : form < 30 ? (rollCeilings(dice, world, settings)[0] ?? {}) : narrowed(dice, world, minter)
  return { minter, key, user, questions }
}

/** The ceilings of some question, the subject's own first. */
function rollCeilings(dice: Dice, world: World, settings: RollSettings): CeilingData[] {
  const { subject, within } = rollQuestion(dice, world, settings)
  return [subject, ...within].flatMap(({ scopes, allowList, onlyOrgs }): CeilingData[] => {
    const ceiling = {
      ...(Array.isArray(scopes) ? { scopes } : {}),
      ...(Array.isArray(allowList) ? { allowList: allowList.map(String) } : {}),
      ...(Array.isArray(onlyOrgs) ? { onlyOrgs: onlyOrgs.map(String) } : {})
    }
    return Object.keys(ceiling).length === 0 ? [] : [ceiling]
  })
}

function narrowed(dice: Dice, world: World, [held = {}]: readonly CeilingData[]): CeilingData {
  const scopes = held.scopes?.flatMap((scope) => (dice.chance(20) ? [] : narrowScope(dice, world, scope)))
  const list = held.allowList?.flatMap((entry) => (dice.chance(20) ? [] : [narrowEntry(dice, world, entry)]))
  const types = Object.keys(world.document.resources)
  if (dice.chance(15)) scopes?.push(`${dice.pick(types)}:*`)
  if (dice.chance(10))
    list?.push(`${dice.pick(types)}:${dice.pick(['*', '00000000-0000-4000-a000-00000000000b'])}`)
  const orgs = held.onlyOrgs?.filter(() => !dice.chance(20))
  if (orgs !== undefined && dice.chance(15)) orgs.push('*none')
  const added = dice.chance(15) ? { allowList: [`${dice.pick(types)}:*`] } : {}
  return {
    ...(scopes === undefined || dice.chance(8) ? {} : { scopes }),
    ...(orgs === undefined || dice.chance(8) ? {} : { onlyOrgs: orgs }),
    ...(list === undefined || dice.chance(8) ? added : { allowList: list })
  }
}

/** A scope itself, or some of the low-level names that it expands to. */
function narrowScope(dice: Dice, { document }: World, scope: unknown): readonly unknown[] {
  if (typeof scope !== 'string' || dice.chance(50)) return [scope]
  const declared = Object.entries(document.scopes ?? {}).find(
    ([name, { aliases = [] }]) => name === scope || aliases.includes(scope)
  )
  const keys = declared === undefined ? [scope.split(':')[0] ?? ''] : Object.keys(declared[1].allow)
  return keys.flatMap((resource) => {
    const actions = Object.hasOwn(document.resources, resource)
      ? Object.keys(document.resources[resource]?.actions ?? {})
      : []
    return dice.some(actions, 0, 2).map((action) => `${resource}:${action}`)
  })
}

function narrowEntry(dice: Dice, { document }: World, entry: string): string {
  const type = entry.slice(0, entry.indexOf(':'))
  const id = entry.slice(entry.indexOf(':') + 1)
  if (dice.chance(50)) return entry
  const narrowType = type === '*' ? dice.pick(Object.keys(document.resources)) : type
  const narrowId = id === '*' ? '00000000-0000-4000-a000-00000000000a' : id
  return dice.chance(50) ? `${narrowType}:${id}` : `${narrowType}:${narrowId}`
}
