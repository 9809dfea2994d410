// Questions with one defect, each with the code that its name promises: made from a good question, so that nothing
// else is wrong with it. The codes here are stated, not computed: they check the oracle too.
import type { ErrorCode, Question, World } from '../model.js'
import { oddNames, undeclared, without, type Data, type Defect } from './defect.js'
import type { Dice } from './dice.js'
import { orgListDefects, placeDefects, placeShapeDefects } from './malformed-places.js'
import { shapeDefects } from './malformed-shape.js'
import { subjectDefects } from './malformed-subject.js'
import * as names from './names.js'
import type { RolledQuestion } from './question.js'

function inObject(
  code: ErrorCode,
  change: (object: Data, world: World, dice: Dice) => Data | undefined
): Defect {
  return {
    code,
    part: 'object',
    apply: (question, world, dice) => {
      const object = change(question.object, world, dice)
      return object === undefined ? undefined : { ...question, object }
    }
  }
}

const placementOf = ({ document }: World, type: unknown): string =>
  document.resources[String(type)]?.org ?? 'optional'

const objectDefects: readonly Defect[] = [
  inObject('unknown_resource', (object, { document }, dice) => {
    // "Of an unknown resource every further field is [unknown] that is no container."
    const attributes = Object.keys(document.resources[String(object['type'])]?.attributes ?? {})
    const bare = attributes.reduce(without, object)
    return { ...bare, type: dice.pick(undeclared(oddNames, document.resources)) }
  }),
  inObject('any_org_with_org', (object, world) =>
    placementOf(world, object['type']) === 'never' ? undefined : { ...object, org: 'o1', anyOrg: true }
  ),
  inObject('missing_org', (given, world, dice) => {
    if (placementOf(world, given['type']) !== 'required') return undefined
    const object = without(given, 'org')
    return {
      ...object,
      anyOrg: dice.pick([undefined, false, null]),
      ...dice.pick<Data>([{}, { org: '' }, { org: null }])
    }
  }),
  inObject('unexpected_org', (object, world, dice) => {
    if (placementOf(world, object['type']) !== 'never') return undefined
    return { ...object, ...dice.pick<Data>([{ org: 'o1' }, { org: null, anyOrg: true }]) }
  }),
  inObject('acl_not_supported', (object, { document }, dice) => {
    if ((document.resources[String(object['type'])]?.acl ?? false) !== false) return undefined
    return { ...object, acl: dice.pick<Data>([{}, { users: {} }, { users: { u1: ['*'] } }, { groups: {} }]) }
  })
]

const actionDefects: readonly Defect[] = [
  {
    code: 'unknown_action',
    part: 'action',
    apply: (question, { document }, dice) => {
      const actions = document.resources[String(question.object['type'])]?.actions
      return { ...question, action: dice.pick(undeclared([...oddNames, ...names.actionNames], actions)) }
    }
  }
]

/** Every defect that there was before containers and attributes; each error code of then has at least one. */
export const defects: readonly Defect[] = [
  ...shapeDefects,
  ...subjectDefects,
  ...objectDefects,
  ...actionDefects
]

/** Every defect; each error code has at least one. */
export const defectsV2: readonly Defect[] = [
  ...defects,
  ...placeShapeDefects,
  ...orgListDefects,
  ...placeDefects
]

/** A defect that fits this question, and the question with it. */
export function rollDefect(
  dice: Dice,
  world: World,
  question: RolledQuestion,
  among: readonly Defect[] = defects
): { readonly defect: Defect; readonly question: Question } {
  // A code first: half of all defects are of shape, and the other codes would be rare.
  const codes = [...new Set(among.map(({ code }) => code))]
  const shape = codes.filter((code) => code === 'invalid_request')
  const code = dice.pick([...codes, ...shape, ...shape, ...shape])
  const defect = dice.pick(among.filter((one) => one.code === code))
  const changed = defect.apply(question, world, dice)
  if (changed !== undefined) return { defect, question: changed }
  // Left out from now on: a tape that has run out would pick it again and again.
  return rollDefect(
    dice,
    world,
    question,
    among.filter((other) => other !== defect)
  )
}
