// What a key lets through for somebody, and the least scopes for a task.
import type { CompiledPolicy } from '../compile/compile.js'
import type { DecidingSubject } from '../decide/subject.js'
import { stateOf } from '../request/state.js'
import { suggestFrom, type ScopeSuggestion } from '../scopes/suggest/suggest-scopes.js'
import { relationClasses } from '../verify/space/classes.js'
import { permissionsOf } from '../verify/space/reach.js'

/** One permission for somebody, without a key and with it. */
export interface KeyRow {
  /** `resource:action`. */
  readonly permission: string
  readonly resource: string
  readonly action: string
  /** Of how many classes of objects it is allowed without the key: none, some, all. */
  readonly roles: Share
  /** The same with the key; never more. */
  readonly key: Share
}

/** On which objects: none, some, or all of them. */
export type Share = 'no' | 'some' | 'yes'

/**
 * What roles allow somebody, and what is left of it with a key, for every permission of the policy. Objects without an
 * id of a list stand for those that it does not name.
 */
export function keyRows(
  { catalogue }: CompiledPolicy,
  person: DecidingSubject,
  key: DecidingSubject
): KeyRow[] {
  return [...catalogue.resources.values()].flatMap(({ name: resource, actions }) =>
    [...actions.values()].map((permission): KeyRow => {
      // The classes of the key tell ids apart that its lists name; to the person alone these are alike.
      const objects = permissionsOf(permission).flatMap((one) =>
        relationClasses(stateOf(key), one, { acl: false }).map(({ object }) => object)
      )
      const share = (subject: DecidingSubject): Share => {
        const allowed = objects.filter((object) => subject.can(permission.action, object)).length
        return allowed === 0 ? 'no' : allowed === objects.length ? 'yes' : 'some'
      }
      const { action } = permission
      return { permission: permission.name, resource, action, roles: share(person), key: share(key) }
    })
  )
}

/** The scopes with the least excess that let some permissions through. */
export function leastScopes(
  compiled: CompiledPolicy,
  permissions: readonly string[],
  isPublic: boolean
): ScopeSuggestion {
  const checks = permissions.map((permission) => ({ permission, some: true as const }))
  return suggestFrom(compiled, { checks, scopes: [] }, { public: isPublic })
}
