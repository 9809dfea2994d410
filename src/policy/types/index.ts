// Public types of policies and subjects. Nothing here runs.
export type { PolicyScopes, ResourceInfo, RoleInfo, ScopeInfo } from './info.js'
export type { Policy, PolicyOf, WithRoles } from './policy.js'
export type { QuestionOf, Subject, SubjectOf } from './subject.js'
