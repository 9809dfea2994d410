// The entry point `casemate/sql`: the rows of a table that a subject may act on, as a condition for a database.
export { mysql } from './dialect/mysql.js'
export { sqlite } from './dialect/sqlite.js'
export { defineTable } from './table.js'
export type { Table, TableRef } from './table.js'
export type { SqlDialect, TableSettings } from './dialect/handle.js'
export { whereFor } from './where.js'
export type { RowFilter, SqlCondition, SqlTag, SqlValue, WhereSettings } from './where.js'
export type { PrismaWhere } from './prisma.js'
export type { PrismaFields, PrismaRelation } from './prisma-fields.js'
export type { AclCheck, Statement } from './statements.js'
export type { RelatedRows } from './to-object.js'
export type {
  AclColumns,
  AclMapping,
  AclTable,
  AttributeColumn,
  ContainerMapping,
  IdArrayColumn,
  IdColumn,
  IdKind,
  IdMapping,
  JoinTable,
  PlainMapping,
  TableMapping,
  TextKind
} from './mapping.js'
export { enter } from './rls/enter.js'
export type { EnterSettings } from './rls/enter.js'
export { generateRls } from './rls/generate.js'
export type { RlsMigration, RlsSettings } from './rls/generate.js'
export { protect, protectAll } from './rls/bindings.js'
export type { ActionsFor, ProtectedTable, RowPolicyData, RowPolicySettings } from './rls/bindings.js'
