// The entry point `casemate/postgres`: custom roles, assignments and keys in PostgreSQL, shared by all processes.
export { openRoles } from './store.js'
export type { RoleStore, RoleStoreOf, StoreSettings } from './store.js'
export type { RoleToAssign, RoleToSave, RoleToUnassign } from './changes.js'
export type { KeyToMint } from './key-to-mint.js'
export type { KeyHolder, MintedKey } from './keys.js'
export type { KeyRecord } from './stored-key.js'
export type { LoadUser, UserFacts } from './subjects.js'
export type { StoreProblem } from './follower.js'
export type { RoleProblem } from './state.js'
export { StoreError } from './store-error.js'
export type { ChangeDecision } from './store-error.js'
export type { StoreErrorCode } from '../errors.js'
export { storeMigration } from './migration.js'
export type { StoreMigrationSettings } from './migration.js'
export type { TableSettings } from './names.js'
export { pgDatabase } from './pg-database.js'
export type { PgDatabaseSettings } from './pg-database.js'
export type { PgAnswer, PgClient, PgPool, PgQueryable } from './pg-types.js'
export type {
  HeldRole,
  NewStoredKey,
  RoleChanges,
  StoreDatabase,
  StoredAssignment,
  StoredKey,
  StoredName,
  StoredPlace,
  StoredRole,
  UserRoles
} from './database.js'
export { checkStore } from './check-store.js'
export type { OrphanedKey, OrphanedRole, StoreReport } from './check-store.js'
export { databaseLaws } from './database-laws.js'
export type { DatabaseLaw, OpenDatabase } from './database-laws.js'
