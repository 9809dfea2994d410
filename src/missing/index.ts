// The smallest changes that would allow what was refused.
export { describeStep, missing } from './missing.js'
export type {
  EntryStep,
  GrantStep,
  Missing,
  MissingStep,
  RelationStep,
  RoleStep,
  ScopeStep
} from './types.js'
