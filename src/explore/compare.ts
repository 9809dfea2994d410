// Two rows of a matrix beside each other: what only one of the two may do, what both may, and how far.
import type { CompiledPolicy } from '../compile/compile.js'
import { ReachMemory } from '../verify/space/reach.js'
import { subjectOf } from '../verify/space/requests.js'
import type { Asker } from './rows.js'

/** How far one permission reaches for two. */
export interface Compared {
  /** `resource:action`. */
  readonly permission: string
  readonly resource: string
  readonly action: string
  /** As a matrix cell says it. */
  readonly first: string
  readonly second: string
  /** Who reaches anything; `differ` where both do, and not equally far. */
  readonly who: 'first' | 'second' | 'differ' | 'both' | 'neither'
}

/** Every permission of the policy, in catalogue order. */
export function compare({ catalogue }: CompiledPolicy, first: Asker, second: Asker): Compared[] {
  const [a, b] = [first, second].map(({ compiled, data }) => ({
    compiled,
    subject: subjectOf(compiled, data)
  }))
  if (a === undefined || b === undefined) return []
  const reach = new ReachMemory()
  return [...catalogue.resources.values()].flatMap(({ name: resource, actions }) =>
    [...actions.keys()].map((action): Compared => {
      const [one = 'no', other = 'no'] = [a, b].map(({ compiled, subject }) => {
        const permission = compiled.catalogue.resources.get(resource)?.actions.get(action)
        return permission === undefined ? 'no' : reach.of(subject, permission)
      })
      return {
        permission: `${resource}:${action}`,
        resource,
        action,
        first: one,
        second: other,
        who: whoHas(one, other)
      }
    })
  )
}

function whoHas(first: string, second: string): Compared['who'] {
  if (first === second) return first === 'no' ? 'neither' : 'both'
  if (second === 'no') return 'first'
  return first === 'no' ? 'second' : 'differ'
}
