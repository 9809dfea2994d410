// The steps that make roles or an ACL entry allow a refused request where the subject's lists of organizations let it
// act; other ceilings are not asked. Three things may be needed: another object, entries in these lists, and one role
// or grant more. A second role or grant never is: a grant at `site` allows wherever `site` does not deny. Where it
// does, only an ACL entry can allow. That may need the subject to belong to the organization, and roles that allow
// another action; a grant of that action, held in the organization, gives both at once.
import type { CompiledPermission } from '../compile/catalogue.js'
import type { SubjectState } from '../request/state.js'
import type { ObjectRef } from '../types.js'
import { helpingGrants, helpingRoles, statesAfter } from './helping.js'
import { isGranted, withoutOtherCeilings } from './hypothetical.js'
import { change, relationSteps } from './relations.js'
import { costOf, situationsOf, withOrgs, type Situation } from './situations.js'
import type { GrantStep, Missing, MissingStep, RelationStep, RoleStep } from './types.js'

type Helper = RoleStep | GrantStep

/** A situation, and the roles and grants of which one is needed in it; `undefined` where none is. */
interface Plan {
  readonly situation: Situation
  readonly helpers: readonly [Helper, ...Helper[]] | undefined
}

/**
 * The fewest steps. Of equally many, first those that leave the object as it is: entries in lists, then roles that
 * exist, those with the least power first, then grants, the narrowest first. `undefined` where no steps help.
 */
export function findGranting(
  given: SubjectState,
  permission: CompiledPermission,
  object: ObjectRef
): Pick<Missing, 'steps' | 'alternatives'> | undefined {
  const state = withoutOtherCeilings(given)
  const here = plansHere(situationsOf(state, permission, object), permission)
  if (here[0] !== undefined && sizeOf(here[0]) === 0) return { steps: [], alternatives: [] }
  const relations = relationSteps(state, permission, object)
  const moved = relations.flatMap((relation) =>
    situationsOf(state, permission, change(object, relation), relation)
  )
  const elsewhere = moved.flatMap((situation): Plan[] =>
    isGranted(situation.state, permission, situation.object) ? [{ situation, helpers: undefined }] : []
  )
  const plans = smallest([...here, ...elsewhere])
  const [first] = plans
  const plan = planBoth(moved, permission, first === undefined ? Infinity : sizeOf(first)) ?? first
  if (plan === undefined) return undefined
  const steps = stepsOf(plan)
  if (steps.length === 1) return { steps, alternatives: [distinct(plans.flatMap(singleSteps)).slice(1)] }
  return { steps, alternatives: alternativesTo(state, plan, relations, permission) }
}

/** What helps without another object, in each situation. */
function plansHere(situations: readonly Situation[], permission: CompiledPermission): readonly Plan[] {
  const free: Plan[] = []
  const helped: Plan[] = []
  for (const situation of situations) {
    if (isGranted(situation.state, permission, situation.object)) {
      free.push({ situation, helpers: undefined })
      continue
    }
    const [first, ...others] = [
      ...helpingRoles(situation, permission),
      ...helpingGrants(situation, permission)
    ]
    if (first !== undefined) helped.push({ situation, helpers: [first, ...others] })
  }
  return smallest([...free, ...helped])
}

/** A role or a grant together with another object, in fewer steps than `most`. */
function planBoth(
  moved: readonly Situation[],
  permission: CompiledPermission,
  most: number
): Plan | undefined {
  const costs = [...new Set(moved.map(costOf))].filter((cost) => cost + 1 < most).sort((a, b) => a - b)
  for (const cost of costs)
    for (const helping of [helpingRoles, helpingGrants])
      for (const situation of moved) {
        const [helper] = costOf(situation) === cost ? helping(situation, permission) : []
        if (helper !== undefined) return { situation, helpers: [helper] }
      }
  return undefined
}

function smallest(plans: readonly Plan[]): readonly Plan[] {
  const size = Math.min(...plans.map(sizeOf))
  return plans.filter((plan) => sizeOf(plan) === size)
}

function sizeOf({ situation, helpers }: Plan): number {
  return costOf(situation) + (helpers === undefined ? 0 : 1)
}

function stepsOf({ situation: { relation, orgs }, helpers }: Plan): MissingStep[] {
  return [
    ...(helpers === undefined ? [] : [helpers[0]]),
    ...(relation === undefined ? [] : [relation]),
    ...orgs
  ]
}

/** The steps of which any one is the whole plan. */
function singleSteps({ situation: { relation, orgs, others }, helpers }: Plan): readonly MissingStep[] {
  return [...(helpers ?? []), ...(relation === undefined ? [] : [relation]), ...orgs, ...others.flat()]
}

/** Each once: several organizations may lack the same entry `*`. */
function distinct(steps: readonly MissingStep[]): readonly MissingStep[] {
  return [...new Map(steps.map((step) => [JSON.stringify(step), step])).values()]
}

/** For each step of several, those that could replace it. */
function alternativesTo(
  state: SubjectState,
  { situation, helpers }: Plan,
  relations: readonly RelationStep[],
  permission: CompiledPermission
): (readonly MissingStep[])[] {
  const { relation, object, orgs, others } = situation
  // Another object and what it needs belong together: neither can be replaced alone.
  if (relation !== undefined) return [...(helpers === undefined ? [] : [[]]), [], ...others]
  const [helper, ...more] = helpers ?? []
  const moving = (states: readonly SubjectState[]): readonly RelationStep[] =>
    relations.filter(
      (step) => states.length > 0 && states.every((one) => isGranted(one, permission, change(object, step)))
    )
  const forOrgs = orgs.map((left, number) => {
    const listed = withOrgs(
      state,
      orgs.filter((step) => step !== left)
    )
    const states = helper === undefined ? [listed] : statesAfter(listed, helper, permission)
    return [...(others[number] ?? []), ...moving(states)]
  })
  return [...(helper === undefined ? [] : [[...more, ...moving([situation.state])]]), ...forOrgs]
}
