// Public names of the policy document: defining, parsing, and its types.
export { definePolicy } from './define.js'
export type {
  ActionOf,
  ContainerOf,
  ContainerRoleOf,
  ObjectOf,
  OptionSettings,
  OptionsOf,
  OrgOptionsOf,
  OrgRoleOf,
  PermissionOf,
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
export type { CustomRoleOf } from './custom-role.js'
export type { Names, NamesOf, PolicyDocument, ResourceNames, names } from './names.js'
export { isPolicyDocument, parsePolicy, parseRoles } from './parse.js'
export type { RolePlace } from './parse.js'
export { defaultMaxBytes, defaultMaxDepth } from './copy.js'
export type { DocumentLimits } from './copy.js'
export type { ProblemCode } from '../errors.js'
export { parseRelation } from './relation.js'
export type { OrgRelation, OwnerRelation, Relation } from './relation.js'
export { suggest } from '../problems/suggest.js'
export { foreignWords, quoteValue } from '../problems/quote.js'
export { formatPath } from '../problems/path.js'
export { isUuid, longestAllowList } from './ids.js'
export { policyJsonSchema } from './json-schema.js'
