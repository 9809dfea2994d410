// Worlds with questions as the conformance suite asks them: most have an answer, some have one defect, a few two.
import type fc from 'fast-check'
import type { Question, World } from '../model.js'
import type { Defect } from './defect.js'
import { rolledMany, type Dice } from './dice.js'
import { defects, defectsV2, rollDefect } from './malformed.js'
import { questionTape, questionTapeV2, rollQuestion, type RolledQuestion } from './question.js'
import { rollWideWorld, rollWorld, worldTape, worldTapeV2, type RollSettings } from './world.js'

export interface Case {
  readonly question: Question
  /** What is wrong with the question, in the order in which errors are looked for. */
  readonly defects: readonly Omit<Defect, 'apply'>[]
  /** The question without its defects. */
  readonly repaired: RolledQuestion
}

export interface WorldWithCases {
  readonly world: World
  readonly cases: readonly Case[]
}

const mostCases = 20

/** A world with one to twenty cases. */
export const worldsWithCases: fc.Arbitrary<WorldWithCases> = rolledMany(
  worldTape,
  questionTape,
  mostCases,
  (first, rest) => rollWorldWithCases(first, rest, { v2: false })
)

/** The same of worlds of either kind: about half of them have containers, attributes and the rest. */
export const worldsWithCasesV2: fc.Arbitrary<WorldWithCases> = worldsWithUpTo(mostCases)

/** Worlds of either kind, each with one case to so many; `(1 + most) / 2` on average. */
export function worldsWithUpTo(most: number): fc.Arbitrary<WorldWithCases> {
  return rolledMany(worldTapeV2, questionTapeV2, most, (first, rest) =>
    rollWorldWithCases(first, rest, { v2: true })
  )
}

/**
 * A world with exactly so many cases, wide or as they were before there were containers. It has no custom roles, so that
 * its document is all of it.
 */
export function worldOfDocument(isWide: boolean, count: number): fc.Arbitrary<WorldWithCases> {
  return rolledMany(
    isWide ? worldTapeV2 : worldTape,
    isWide ? questionTapeV2 : questionTape,
    count,
    (first, rest) => {
      const rolledWorld = isWide ? rollWideWorld(first) : rollWorld(first)
      const world = { ...rolledWorld, customRoles: { site: {}, orgs: {} } }
      return { world, cases: rest.map((dice) => rollCase(dice, world, { v2: isWide })) }
    },
    count
  )
}

function rollWorldWithCases(first: Dice, rest: readonly Dice[], settings: RollSettings): WorldWithCases {
  const world = rollWorld(first, settings)
  return { world, cases: rest.map((dice) => rollCase(dice, world, settings)) }
}

function rollCase(dice: Dice, world: World, settings: RollSettings): Case {
  const among = settings.v2 === true ? defectsV2 : defects
  const repaired = rollQuestion(dice, world, settings)
  if (!dice.chance(25)) return { question: repaired, defects: [], repaired }
  const one = rollDefect(dice, world, repaired, among)
  if (one.defect.part === 'shape' || !dice.chance(30))
    return { question: one.question, defects: [described(one.defect)], repaired }
  // The second one in an earlier part: a later one may have no place left.
  const earlier = among.filter(({ part }) => order[part] < order[one.defect.part])
  const both = rollDefect(dice, world, { ...repaired, ...one.question } as RolledQuestion, earlier)
  return { question: both.question, defects: [described(both.defect), described(one.defect)], repaired }
}

const order = { shape: 0, subject: 1, object: 2, action: 3 } as const

/** A defect as a counterexample should print it. */
function described({ code, part, isUnread = false, inProcess = [] }: Defect): Omit<Defect, 'apply'> {
  return { code, part, isUnread, inProcess }
}
