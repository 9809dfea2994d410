// The door of this room: the policy document, from an unknown value to a checked one that knows its names.
export { definePolicy } from './define.js'
export type {
  ActionOf,
  Names,
  NamesOf,
  ObjectOf,
  OptionsOf,
  OrgOptionsOf,
  OrgRoleOf,
  PermissionOf,
  PolicyDocument,
  ResourceNames,
  ResourceOf,
  RoleHeldOf,
  RoleOf,
  ScopeOf,
  SiteRoleOf,
  SubjectInputOf,
  SystemSubjectOf,
  TemplateOf,
  TemplateParamsOf,
  TemplateScopeOf
} from './define.js'
export type { names } from './define.js'
export { isPolicyDocument, parsePolicy, parseRoles } from './parse.js'
export type { RolePlace } from './parse.js'
export { defaultMaxBytes, defaultMaxDepth } from './copy.js'
export type { DocumentLimits } from './copy.js'
export type { ProblemCode } from './problem.js'
export { parseRelation } from './relation.js'
export type { OrgRelation, OwnerRelation, Relation } from './relation.js'
export { foreignWords, formatPath, quoteValue, suggest } from './suggest.js'
export { isUuid, longestAllowList } from './ids.js'
export { policyJsonSchema } from './json-schema.js'
