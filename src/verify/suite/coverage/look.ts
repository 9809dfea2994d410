// Which cells a statement looks at: those of the subject's roles whose own vote is the one that decided. A role that
// another role overrules does not count, nor does any role behind a ceiling that refused.
import type { CompiledPermission } from '../../../compile/catalogue.js'
import type { CompiledPolicy } from '../../../compile/compile.js'
import type { SubjectState } from '../../../request/state.js'
import type { InvariantDocument } from '../../../document/types.js'
import { relationClasses, type RelationClass } from '../../space/classes.js'
import { readHolders, readPermissions } from '../../invariants/read.js'
import { containersOf } from '../../../decide/read-fields.js'
import { permissionsToldApart } from '../../space/attributes.js'
import { everyObject, isAbout, vocabularyOf, type RelatedClass } from '../../space/relations.js'
import { relationNamed } from '../../space/who-can.js'
import type { ObjectRef, FixedLevel, Level } from '../../../types.js'
import type { Outcome } from '../types.js'
import { levelsOf, nameOf, voteAt, systemVoter, voterOf, type CellTable, type Voter } from './cells.js'
import { containerLevels, levelBits, levelsTo } from '../../../levels.js'

/** A role's votes on one permission, and the narrowest level of the object for it, as bits of its table. */
interface Held {
  readonly voter: Voter
  readonly byte: number
  readonly level: FixedLevel
}

/** Records the cells of one decision. A question about `anyOrg` has no level, so it records nothing. */
export function recordCoverageOfDecision(
  table: CellTable,
  state: SubjectState,
  permission: CompiledPermission,
  object: ObjectRef,
  isAllowed: boolean
): void {
  if (object.anyOrg === true || (state.ceilings.length > 0 && !isAllowed)) return
  const held = [...heldBy(state, permission, object)]
  const decided = decisionOf(held, state.compiled.catalogue.containers)
  if ((decided.outcome === 'allowed') !== isAllowed) return
  for (const { voter, byte, level } of held) {
    const vote = voteAt(byte, level)
    const by = vote.by && nameOf(voter, vote.by)
    if (by === decided.by && vote.outcome === decided.outcome)
      table.see(voter.name, permission, level, decided.outcome)
  }
}

/** What all roles together decide: the first level at which one of them votes, a deny before an allow. */
function decisionOf(
  held: readonly Held[],
  containers: readonly string[]
): { readonly outcome: Outcome; readonly by: Level | undefined } {
  const votes = new Map<Level, number>()
  for (const { voter, byte, level } of held)
    for (const one of levelsTo[level]) {
      const name = nameOf(voter, one)
      votes.set(name, (votes.get(name) ?? 0) | voteBits(byte, one))
    }
  const asked: readonly Level[] = [...levelsTo.orgMember, ...containers.flatMap(containerLevels), 'user']
  const by = asked.find((level) => (votes.get(level) ?? 0) !== 0)
  const isDenied = ((by && votes.get(by)) ?? 0) >= denied
  return { outcome: by === undefined || isDenied ? 'refused' : 'allowed', by }
}

const denied = 2

/** 1 for an allow, 2 for a deny, or both. */
function voteBits(byte: number, level: FixedLevel): number {
  const { allow, deny } = levelBits[level]
  return ((byte & allow) === 0 ? 0 : 1) | ((byte & deny) === 0 ? 0 : denied)
}

/** Every role that can vote on the object, with the narrowest level that the object has for it. */
function* heldBy(state: SubjectState, permission: CompiledPermission, object: ObjectRef): Generator<Held> {
  const { compiled, system } = state
  const { index } = permission
  const { containers: kinds } = compiled.catalogue
  const containers = containersOf(permission, kinds, object) ?? []
  const org = object.org ?? ''
  const isOwner = state.id !== '' && object.owner === state.id
  const isOutside = org === '' && containers.every((ids) => ids.length === 0)
  const elsewhere = isOutside && isOwner ? 'user' : 'site'
  const inside = isOwner ? 'orgMember' : 'org'
  for (const { role, document, table } of state.site.members) {
    // Organization roles come below, with the organization in which they are held.
    const voter =
      system !== undefined
        ? systemVoter(system.name, system.document.id)
        : document?.kind === 'site'
          ? voterOf(compiled, role)
          : undefined
    if (voter !== undefined) yield { voter, byte: table[index] ?? 0, level: elsewhere }
  }
  for (const [heldIn, { members }] of state.orgs)
    for (const { role, table } of members) {
      const voter = voterOf(compiled, role, heldIn)
      const level = heldIn === org ? inside : elsewhere
      if (voter !== undefined) yield { voter, byte: table[index] ?? 0, level }
    }
  for (const [number, places] of state.containers.entries())
    for (const id of containers[number] ?? [])
      for (const { role, table } of places.get(id)?.members ?? []) {
        const voter = voterOf(compiled, role, id, kinds[number])
        if (voter !== undefined) yield { voter, byte: table[index] ?? 0, level: inside }
      }
}

/**
 * Records what a proved invariant says of each role alone. An `only` with a scope says nothing of a role alone, nor does
 * a statement about assigning or about a ladder.
 */
export function recordCoverageOfInvariant(
  table: CellTable,
  compiled: CompiledPolicy,
  invariant: InvariantDocument
): void {
  const isAlways = invariant.always !== undefined
  if (invariant.permissions === undefined || (invariant.scope !== undefined && !isAlways)) return
  const { roles, systems } = readHolders(compiled, invariant.always ?? invariant.only ?? [])
  const { containers } = compiled.catalogue
  const relation =
    invariant.relation === undefined
      ? everyObject
      : relationNamed(invariant.relation, vocabularyOf(compiled.catalogue))
  const permissions = readPermissions(compiled, invariant.permissions).flatMap(({ definition, action }) =>
    permissionsToldApart(compiled, definition, action)
  )
  for (const { voter, role } of table.voters) {
    const isSystem = role === undefined
    const isNamed = isSystem ? systems.has(voter.name.slice('system:'.length)) : roles.has(role)
    if (isNamed !== isAlways || (isSystem && invariant.scope !== undefined)) continue
    for (const permission of permissions)
      for (const level of levelsOf(voter, permission, containers))
        if (objectsAt(level, voter, isSystem, permission).some((one) => isAbout(relation, one)))
          table.see(voter.name, permission, level, isAlways ? 'allowed' : 'refused')
  }
}

/**
 * The relations of the objects whose narrowest level this is, with the permission's attributes. They are in no container
 * but that of a container's role.
 */
function objectsAt(
  level: FixedLevel,
  voter: Voter,
  isSystem: boolean,
  permission: CompiledPermission
): readonly RelatedClass[] {
  const attributes = Object.fromEntries(permission.attributes)
  const { kind } = voter
  const containers = kind === 'site' || kind === 'org' ? {} : { [kind]: 'own' as const }
  return placesAt(level, voter, isSystem).map((one) => ({ ...one, containers, attributes }))
}

type Place = Pick<RelatedClass, 'owner' | 'org'>

function placesAt(level: FixedLevel, { kind }: Voter, isSystem: boolean): readonly Place[] {
  if (level === 'user') return [{ owner: 'self', org: 'none' }]
  if (kind !== 'site' && kind !== 'org') return [{ owner: level === 'org' ? 'other' : 'self', org: 'none' }]
  if (level === 'org') return [{ owner: 'other', org: 'own' }]
  if (level === 'orgMember') return [{ owner: 'self', org: 'own' }]
  const elsewhere: Place[] = [
    { owner: 'other', org: 'none' },
    { owner: 'other', org: 'foreign' },
    { owner: 'self', org: 'foreign' }
  ]
  // For a site role whose holder belongs to the organization, these objects are at the site level too.
  const joined: Place[] = [
    { owner: 'other', org: 'own' },
    { owner: 'self', org: 'own' }
  ]
  return kind === 'org' || isSystem ? elsewhere : [...elsewhere, ...joined]
}

/** A subject's classes of objects by resource and attributes: without ACLs they do not depend on the action. */
export class ClassesByResource {
  readonly #cached = new Map<string, readonly RelationClass[]>()

  of(state: SubjectState, permission: CompiledPermission): readonly RelationClass[] {
    const key = JSON.stringify([permission.resource, ...permission.attributes.values()])
    const cached = this.#cached.get(key) ?? relationClasses(state, permission, { acl: false })
    this.#cached.set(key, cached)
    return cached
  }
}
