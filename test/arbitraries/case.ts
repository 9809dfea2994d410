// Worlds with questions as the conformance suite asks them: most have an answer, some have one defect, a few two.
import type fc from 'fast-check'
import type { Question, World } from '../model.js'
import type { Defect } from './defect.js'
import { rolledMany, type Dice } from './dice.js'
import { defects, rollDefect } from './malformed.js'
import { questionTape, rollQuestion, type RolledQuestion } from './question.js'
import { rollWorld, worldTape } from './world.js'

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

/** How many cases a world has on average. */
export const casesPerWorld = (1 + mostCases) / 2

/** A world with one to twenty cases. */
export const worldsWithCases: fc.Arbitrary<WorldWithCases> = rolledMany(
  worldTape,
  questionTape,
  mostCases,
  (first, rest) => {
    const world = rollWorld(first)
    return { world, cases: rest.map((dice) => rollCase(dice, world)) }
  }
)

function rollCase(dice: Dice, world: World): Case {
  const repaired = rollQuestion(dice, world)
  if (!dice.chance(25)) return { question: repaired, defects: [], repaired }
  const one = rollDefect(dice, world, repaired)
  if (one.defect.part === 'shape' || !dice.chance(30))
    return { question: one.question, defects: [described(one.defect)], repaired }
  // The second one in an earlier part: a later one may have no place left.
  const earlier = defects.filter(({ part }) => order[part] < order[one.defect.part])
  const both = rollDefect(dice, world, { ...repaired, ...one.question } as RolledQuestion, earlier)
  return { question: both.question, defects: [described(both.defect), described(one.defect)], repaired }
}

const order = { shape: 0, subject: 1, object: 2, action: 3 } as const

/** A defect as a counterexample should print it. */
function described({ code, part, isUnread = false, inProcess = [] }: Defect): Omit<Defect, 'apply'> {
  return { code, part, isUnread, inProcess }
}
