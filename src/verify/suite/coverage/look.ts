// Which cells a statement looks at: those of the subject's roles whose own vote is the one that decided. A role that
// another role overrules does not count, nor does any role behind a ceiling that refused.
import type { CompiledPermission } from '../../../compile/catalogue.js'
import type { CompiledPolicy } from '../../../compile/compile.js'
import type { SubjectState } from '../../../request/state.js'
import type { InvariantDocument } from '../../../document/types.js'
import { relationClasses, type RelationClass } from '../../space/classes.js'
import { readHolders, readPermissions } from '../../invariants/read.js'
import { everyObject, isAbout, vocabularyOf } from '../../space/relations.js'
import { relationNamed } from '../../space/who-can.js'
import type { ObjectRef, FixedLevel } from '../../../types.js'
import { levelsOf, voteAt, systemVoter, voterOf, type CellTable, type CellVote, type Voter } from './cells.js'
import { orgBits } from '../../../levels.js'

/** A role's votes on one permission, and where the role is held. */
interface Held {
  readonly voter: Voter
  readonly byte: number
  readonly org: string | undefined
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
  const org = object.org ?? ''
  const isOwner = state.id !== '' && object.owner === state.id
  const inOrg = state.orgs.get(org)?.table[permission.index]
  // What an organization's role says of its own organization is in the role tables at the site too, and means nothing
  // there.
  const votes = ((state.site.table[permission.index] ?? 0) & ~orgBits) | ((inOrg ?? 0) & orgBits)
  const whole = voteAt(votes, levelAt(inOrg === undefined ? 'site' : 'org', org === '', isOwner))
  if ((whole.outcome === 'allowed') !== isAllowed) return
  for (const { voter, byte, org: heldIn } of heldBy(state, permission)) {
    const level = levelAt(heldIn !== undefined && heldIn === org ? 'org' : 'site', org === '', isOwner)
    if (isSame(voteAt(byte, level), whole)) table.see(voter.name, permission, level, whole.outcome)
  }
}

function isSame(a: CellVote, b: CellVote): boolean {
  return a.by === b.by && a.outcome === b.outcome
}

/** The narrowest level of an object for a role that is held at the site, or in the object's organization. */
function levelAt(held: 'site' | 'org', isOutside: boolean, isOwner: boolean): FixedLevel {
  if (isOutside) return isOwner ? 'user' : 'site'
  if (held === 'site') return 'site'
  return isOwner ? 'orgMember' : 'org'
}

function* heldBy(state: SubjectState, { index }: CompiledPermission): Generator<Held> {
  const { compiled, system } = state
  for (const { role, document, table } of state.site.members) {
    // Organization roles come below, with the organization in which they are held.
    const voter =
      system !== undefined
        ? systemVoter(system.name, system.document.id)
        : document?.kind === 'site'
          ? voterOf(compiled, role, undefined)
          : undefined
    if (voter !== undefined) yield { voter, byte: table[index] ?? 0, org: undefined }
  }
  for (const [org, { members }] of state.orgs)
    for (const { role, table } of members) {
      const voter = voterOf(compiled, role, org)
      if (voter !== undefined) yield { voter, byte: table[index] ?? 0, org }
    }
}

/** Records what a proved invariant says of each role alone. An `only` with a scope says nothing of a role alone. */
export function recordCoverageOfInvariant(
  table: CellTable,
  compiled: CompiledPolicy,
  invariant: InvariantDocument
): void {
  // Who may assign what, and which role may more, are no decisions about objects.
  if (invariant.permissions === undefined) return
  const isAlways = invariant.always !== undefined
  if (invariant.scope !== undefined && !isAlways) return
  const { roles, systems } = readHolders(compiled, invariant.always ?? invariant.only ?? [])
  const relation =
    invariant.relation === undefined
      ? everyObject
      : relationNamed(invariant.relation, vocabularyOf(compiled.catalogue))
  const permissions = readPermissions(compiled, invariant.permissions)
  for (const { voter, role } of table.voters) {
    const isSystem = role === undefined
    const isNamed = isSystem ? systems.has(voter.name.slice('system:'.length)) : roles.has(role)
    if (isNamed !== isAlways || (isSystem && invariant.scope !== undefined)) continue
    for (const permission of permissions)
      for (const level of levelsOf(voter, permission.definition.org))
        if (objectsAt(level, voter, isSystem).some((one) => isAbout(relation, one)))
          table.see(voter.name, permission, level, isAlways ? 'allowed' : 'refused')
  }
}

type Place = Pick<RelationClass, 'owner' | 'org'>

/** The relations of the objects whose narrowest level this is. */
function objectsAt(level: FixedLevel, { kind }: Voter, isSystem: boolean): readonly Place[] {
  if (level === 'user') return [{ owner: 'self', org: 'none' }]
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

/** A subject's classes of objects by resource: without ACLs they do not depend on the action. */
export class ClassesByResource {
  readonly #cached = new Map<string, readonly RelationClass[]>()

  of(state: SubjectState, permission: CompiledPermission): readonly RelationClass[] {
    const cached = this.#cached.get(permission.resource) ?? relationClasses(state, permission, { acl: false })
    this.#cached.set(permission.resource, cached)
    return cached
  }
}
