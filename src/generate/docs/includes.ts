// Which roles hold everything that another holds, which is as near as this model comes to inheriting: whoever has the
// wider one gains nothing by the narrower one. Asked for every class of objects, so that no object says otherwise.
import type { Policy, Subject } from '../../api/index.js'
import { classesOf } from '../../verify/index.js'
import { compareNames } from '../names.js'
import type { Access } from './access.js'

interface Reach {
  readonly action: string
  readonly type: string
}

interface Holder {
  readonly subject: Subject
  /** The permissions that it is allowed on some object. */
  readonly reaches: Reach[]
}

/**
 * For each role, those that it includes: held in one organization, alone, settings at their defaults. A role that
 * allows nothing is included in none, and one that reads a setting without default is left out.
 */
export function includedRoles(policy: Policy, access: Access): ReadonlyMap<string, readonly string[]> {
  const holders = holdersIn(policy, access)
  return new Map(
    [...holders].map(([role, { subject }]) => [
      role,
      [...holders]
        .filter(([name, other]) => name !== role && includes(subject, other))
        .map(([name]) => name)
        .sort(compareNames)
    ])
  )
}

function holdersIn(policy: Policy, access: Access): ReadonlyMap<string, Holder> {
  const holders = new Map<string, Holder>()
  for (const { name: type, actions } of policy.resources.list())
    for (const { name: action } of actions)
      for (const { subject: role, settings, example } of access.get(`${type}:${action}`) ?? []) {
        if (settings !== undefined || 'system' in example.subject) continue
        const holder = holders.get(role) ?? { subject: policy.subject(example.subject), reaches: [] }
        holder.reaches.push({ action, type })
        holders.set(role, holder)
      }
  return holders
}

/** What tells an object from another for one of them may not for the other, so both say which objects to try. */
function includes(wider: Subject, { subject, reaches }: Holder): boolean {
  return reaches.every(({ action, type }) =>
    [wider, subject]
      .flatMap((one) => classesOf(one, action, type, { acl: false }))
      .every(({ object }) => !subject.can(action, object) || wider.can(action, object))
  )
}
