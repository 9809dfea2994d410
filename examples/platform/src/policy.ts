// The policy of this service, compiled once, and the names that its other files use.
import { compile, type NamesOf, type SubjectOf } from 'casemate'
import type { RoleStoreOf } from 'casemate/postgres'
import coder from '../../../policies/coder/index.js'

export { standingRoles } from '../../../policies/coder/standing-roles.js'

/** With no roles added, as the type of one whose subjects may hold roles that are made at run time. */
export const policy = compile(coder).withRoles({})

export type AppNames = NamesOf<typeof policy>

/** Whoever asks: a person's key, an agent's key, or a service of the application. */
export type AppSubject = SubjectOf<typeof policy>

/** Assignments and custom roles, shared by all processes. */
export type AppRoles = RoleStoreOf<typeof policy>

/** The roles that may give every role. Somebody always holds one: migrations/003-somebody-governs.sql. */
export const governingRoles = Object.entries(coder.roles ?? {})
  .filter(([, role]) => role.assigns?.includes('*'))
  .map(([name]) => name)
