// What a defect of a question is, and the few helpers that all of them share.
import type { ErrorCode, Question, World } from '../model.js'
import type { Dice } from './dice.js'
import * as names from './names.js'
import type { RolledQuestion } from './question.js'

export type Data = Readonly<Record<string, unknown>>

/** Parts of a question in the order in which errors are looked for. */
export const parts = ['shape', 'subject', 'object', 'action'] as const

export interface Defect {
  readonly code: ErrorCode
  readonly part: (typeof parts)[number]
  /** True for what a decision in process need not read: it may then answer as without the defect. */
  readonly isUnread?: boolean
  /** Codes that a decision in process may give instead: it looks at less of the shape, so that another comes first. */
  readonly inProcess?: readonly ErrorCode[]
  /** The question with the defect, or nothing where this world or question has no place for it. */
  readonly apply: (question: RolledQuestion, world: World, dice: Dice) => Question | undefined
}

/** Names that are never declared, and names that are only sometimes. */
export const oddNames: readonly string[] = [
  ...names.unknownNames,
  '__proto__',
  'constructor',
  'toString',
  'valueOf',
  'hasOwnProperty'
]

/** The names that `declared` does not have as its own. */
export const undeclared = (among: readonly string[], declared: object | undefined): string[] =>
  among.filter((name) => !Object.hasOwn(declared ?? {}, name))

/** The data without that key. */
export function without(data: Data, key: string): Data {
  return Object.fromEntries(Object.entries(data).filter(([other]) => other !== key))
}

/** An own key, `__proto__` too. */
export function withKey(data: Data, key: string, value: unknown): Data {
  return Object.fromEntries([...Object.entries(data), [key, value]])
}
