// The role sets of two policies: the subject as each of them sees it, and the request data in the words of one.
import type { DecidingSubject } from '../decide/subject.js'
import type { SubjectData } from '../verify/space/requests.js'
import {
  orgsOf,
  roleSetData,
  settingsByOrg,
  uniteVotes,
  type RoleSet,
  type WantedSetting
} from '../verify/space/role-set.js'
import type { Values } from '../verify/space/settings.js'
import { chosenOf } from './choices.js'
import type { RoleCase, Comparing } from './role-cases.js'
import { both, type OldNew, type Side } from './sides.js'
import { joinWays, plainestOf } from './ways.js'

const tableIn = both(
  (side) =>
    ({ roleTables }: RoleCase) =>
      roleTables[side]
)
const nameIn = both(
  (side) =>
    ({ holding }: RoleCase) =>
      holding.names[side]
)

/** The subject with a role set, which also belongs to `orgs`. Roles that a policy does not have are left out there. */
export function subjectsWith(
  { policies, unions, subjects }: Comparing,
  roleSet: RoleSet<RoleCase>,
  orgs: readonly string[]
): OldNew<DecidingSubject> {
  return both((side) =>
    subjects[side].subjectOf(
      policies[side],
      uniteVotes(roleSet, tableIn[side], unions[side], policies[side].catalogue.containers, orgs)
    )
  )
}

/** The deployment's options of a role set, as keys of choices. */
export function optionsOf(roleSet: RoleSet<RoleCase>): Values {
  return plainestOf(joinWays(roleSet.map(({ roleCase }) => roleCase.options)))
}

/** The role set as request data, with the names of one policy. */
export function dataOf(comparing: Comparing, roleSet: RoleSet<RoleCase>, side: Side): SubjectData {
  const { orgOptions } = comparing.policies[side].context
  const settings = settingsByOrg(wantedSettings(comparing, roleSet, side), orgOptions)
  return roleSetData(roleSet, nameIn[side], settings)
}

/** The settings of a role set's organizations: the chosen ones, and then those that a role reads. */
function* wantedSettings(
  { settings: choices }: Comparing,
  roleSet: RoleSet<RoleCase>,
  side: Side
): Generator<WantedSetting> {
  for (const org of new Set(orgsOf(roleSet))) {
    const held = roleSet.filter(({ place }) => place?.kind === 'org' && place.id === org)
    const keys = plainestOf(joinWays(held.map(({ roleCase }) => roleCase.settings)))
    for (const [name, { given }] of chosenOf(keys, choices)) if (given !== undefined) yield [org, name, given]
  }
  for (const { roleCase, place } of roleSet)
    if (place?.kind === 'org')
      for (const name of roleCase.holding.roles[side]?.reads ?? []) yield [place.id, name, undefined]
}
