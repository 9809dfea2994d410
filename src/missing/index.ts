// The smallest changes that would allow what was refused.
export { describeStep } from './describe.js'
export { missing } from './missing.js'
export type {
  ContainerPlace,
  EntryStep,
  GrantStep,
  Missing,
  MissingStep,
  OrgStep,
  RelationStep,
  RoleStep,
  ScopeStep
} from './types.js'
