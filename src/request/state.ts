// The state of a subject, as decisions read it: the union of its role tables at the site and in each organization, its
// groups and its ceilings. Subjects with the same roles share tables. Immutable.
import type { RoleTable } from '../compile/roles.js'
import type { Ceiling } from './ceiling.js'
import type { CompiledPolicy, CompiledSystemSubject } from '../compile/compile.js'
import type { Union } from '../compile/tables.js'

declare const state: unique symbol
/** A subject's state as users see it in types: opaque. `openState` gives the real one. */
export interface StateHandle {
  readonly [state]?: never
}

export interface SubjectState extends StateHandle {
  readonly compiled: CompiledPolicy
  /** Empty for a system subject that declares none: it owns nothing, and no ACL entry names it. */
  readonly id: string
  /** The system subject that this is, if it is one. */
  readonly system: CompiledSystemSubject | undefined
  /** Every role that votes at `site` or `user`, wherever it is held, and every site role. */
  readonly site: Union<RoleTable>
  /** The roles held in each organization that the subject belongs to. */
  readonly orgs: HeldIn
  /** The roles held in each container, by the number of its kind. */
  readonly containers: readonly HeldIn[]
  readonly groups: ReadonlySet<string>
  /** The ceilings, in the order in which `within` added them; all must let a decision through. */
  readonly ceilings: readonly Ceiling[]
}

/** The roles held in places of one kind, by the id of the place. */
export type HeldIn = ReadonlyMap<string, Union<RoleTable>>

export const noOrgs: HeldIn = new Map()
/** Roles in no container, for up to three kinds of containers. */
export const noContainers: readonly HeldIn[] = Object.freeze([noOrgs, noOrgs, noOrgs])
export const noGroups: ReadonlySet<string> = new Set()
export const noCeilings: readonly Ceiling[] = Object.freeze([])

export function systemState(compiled: CompiledPolicy, system: CompiledSystemSubject): SubjectState {
  return {
    compiled,
    id: system.document.id ?? '',
    system,
    site: compiled.roleTables.unite(compiled.roleTables.empty, system.roleTable),
    orgs: noOrgs,
    containers: noContainers,
    groups: noGroups,
    ceilings: noCeilings
  }
}

export const subjectState: unique symbol = Symbol.for('casemate.state')

/** What decisions about a subject read. Not for users: it changes between versions without notice. */
export function stateOf(subject: { readonly [subjectState]: StateHandle }): SubjectState {
  return openState(subject[subjectState])
}

export function openState(handle: StateHandle): SubjectState {
  // Every handle is a `SubjectState`.
  return handle as SubjectState
}
