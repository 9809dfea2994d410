// The public names of casemate. Every export is a reviewed line; nothing here has logic.
export { definePolicy, parsePolicy } from './document/index.js'
export { compile } from './policy/create.js'
export { parseObject, parseRequest, parseSubject } from './policy/parse.js'
export { subjectData } from './policy/subject-data.js'
export {
  CasemateError,
  ForbiddenError,
  isCasemateError,
  isForbidden,
  PolicyError,
  RequestError
} from './errors.js'

export type {
  Policy,
  PolicyOf,
  PolicyScopes,
  QuestionOf,
  ResourceInfo,
  RoleInfo,
  ScopeInfo,
  Subject,
  SubjectOf,
  WithRoles
} from './policy/types/index.js'
export type { RoleData, SubjectData } from './policy/subject-data.js'
export type { Permission } from './compile/catalogue.js'
export type { MintDecision, MintExcess } from './delegate/mint.js'
export type {
  AssignDecision,
  AssignReason,
  Delegation,
  GapReason,
  GrantDecision,
  GrantGap,
  ShareDecision,
  ShareGap
} from './delegate/types.js'
export type {
  ActionOf,
  ContainerOf,
  ContainerRoleOf,
  CustomRoleOf,
  DocumentLimits,
  Names,
  NamesOf,
  ObjectOf,
  OptionsOf,
  OrgOptionsOf,
  OrgRoleOf,
  PermissionOf,
  PolicyDocument,
  ProblemCode,
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
} from './document/index.js'
export type * from './document/types.js'
export type { ErrorCode, Problem, RequestErrorCode } from './errors.js'
export type { CompileSettings } from './policy/create.js'
export type {
  ParsedRequest,
  ParseSettings,
  ParseSubjectSettings,
  Parsed,
  ReportedSubject
} from './policy/parse.js'
export type {
  Acl,
  AclEntry,
  CeilingInput,
  CeilingRefusal,
  DecidingGrant,
  Decision,
  Effect,
  Level,
  LevelVote,
  ObjectRef,
  OptionValue,
  OrgOptions,
  Reason,
  RoleHeld,
  SubjectInput,
  TemplateScope,
  Vote,
  OrgPlacement
} from './types.js'
