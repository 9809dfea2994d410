// Subjects of generated worlds with their abilities, and for each the objects that it can tell apart: every owner,
// place, id and ACL entry that could make a difference.
import type { MongoAbility } from '@casl/ability'
import fc from 'fast-check'

import { abilityFor } from '../../src/casl/index.js'
import { isCasemateError, type ObjectRef, type Policy, type Subject } from '../../src/index.js'
import { worldsWithCases, type RolledQuestion } from '../arbitraries/index.js'
import { policyOf, subjectOf } from '../support/engine.js'
import { runs } from '../support/depth.js'
import { untraced } from '../support/untraced.js'

export interface Asker {
  readonly policy: Policy
  readonly subject: Subject
  readonly id: string
  readonly orgs: readonly string[]
  readonly groups: readonly string[]
  /** What it asks: an action of a resource, and whether that resource has an ACL. */
  readonly action: string
  readonly type: string
  readonly hasAcl: boolean
  /** Ids that a list of the subject may name. */
  readonly listed: readonly string[]
}

/** Under the older CASL, the newer one was asked about as many worlds as usual: what we write is the same. */
const isOlder = process.env['CASEMATE_CASL'] === '6'

/** Checks the askers of generated worlds, those of one world together; `weight` times as many worlds as usual. */
export function forAskers(check: (askers: readonly Asker[]) => void, weight = 1): void {
  fc.assert(
    fc.property(worldsWithCases, ({ world, cases }) => {
      const policy = policyOf(world)
      check(cases.map(({ repaired }) => askerOf(policy, repaired)))
    }),
    { numRuns: runs((isOlder ? 8 : 20) * weight, 1_000 * weight) }
  )
}

function askerOf(policy: Policy, question: RolledQuestion): Asker {
  const subject = subjectOf(policy, question)
  const { action, object } = question
  const type = String(object['type'])
  const hasAcl = policy.resources.get(type)?.acl === true
  const listed = typeof object['id'] === 'string' ? [object['id']] : []
  return { policy, subject, id: subject.id, ...belongings(question), action, type, hasAcl, listed }
}

function belongings({ subject }: RolledQuestion): Pick<Asker, 'orgs' | 'groups'> {
  const roles = (subject['roles'] ?? []) as readonly (string | { readonly org?: string | null })[]
  const orgs = roles.flatMap((role) => (typeof role === 'string' || !role.org ? [] : [role.org]))
  return { orgs: [...new Set(orgs)], groups: [...new Set((subject['groups'] ?? []) as readonly string[])] }
}

export function abilityOf({ subject }: Asker): MongoAbility {
  return abilityFor(subject)
}

type Fields = Omit<ObjectRef, 'type'>

/** Objects of the type that `can` accepts, among them every way to have no owner, organization or id. */
export function objectsFor(asker: Asker): readonly ObjectRef[] {
  const { subject, action, type, id, orgs, listed } = asker
  const owners: Fields[] = [{}, { owner: id }, { owner: 'somebody else' }]
  const places: Fields[] = [{}, ...[...orgs, 'elsewhere'].map((org) => ({ org })), { anyOrg: true }]
  const ids: Fields[] = [{}, { id: 'unlisted' }, ...listed.map((one) => ({ id: one }))]
  const acls: Fields[] = [{}, ...aclsFor(asker).map((acl) => ({ acl }))]
  const objects = owners.flatMap((owner) =>
    places.flatMap((place) =>
      ids.flatMap((own) => acls.map((acl): ObjectRef => ({ type, ...owner, ...place, ...own, ...acl })))
    )
  )
  return objects.map(sayNone).filter((object) => isAccepted(subject, action, object))
}

/** An ACL with one entry each: for the asker, for its groups, for everyone somewhere, and some that grant nothing. */
function aclsFor({ id, groups, orgs, action, hasAcl }: Asker): NonNullable<ObjectRef['acl']>[] {
  if (!hasAcl) return []
  const named = [...new Set([...groups, ...orgs, 'elsewhere'])]
  const users = [[action], ['another', '*'], ['another'], []].map((held) => ({ users: { [id]: held } }))
  // A computed key is an own key, `__proto__` too.
  return [...users, ...named.map((group) => ({ groups: { [group]: [action] } }))]
}

const nones: readonly unknown[] = [undefined, null, '']

/** The object with what it does not have said in one way or another, a different one for each `index`. */
function sayNone(object: ObjectRef, index: number): ObjectRef {
  const said = (['owner', 'org', 'id', 'anyOrg', 'acl'] as const).flatMap((name, at) => {
    const none = Math.floor(index / 4 ** at) % 4
    const isText = at < 3
    return object[name] === undefined && none < (isText ? 3 : 2) ? [[name, nones[none]] as const] : []
  })
  return { ...object, ...Object.fromEntries(said) }
}

function isAccepted(subject: Subject, action: string, object: ObjectRef): boolean {
  try {
    untraced(() => subject.can(action, object))
    return true
  } catch (error) {
    if (isCasemateError(error)) return false
    throw error
  }
}
