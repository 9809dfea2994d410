// Compares two policies: who may do more, who may do less, and what else lets somebody reach more.
export { areEquivalent, diffPolicies } from './diff-policies.js'
export { diffToMarkdown } from './markdown.js'
export type { DiffMarkdownOptions } from './markdown.js'
export { diffToJson, printDiff } from './print.js'
export type { PrintDiffOptions } from './print.js'
export type {
  Difference,
  DifferenceKind,
  DiffSettings,
  PolicyDiff,
  Rename,
  Widening,
  WideningKind
} from './types.js'
export { describeNewAccess } from './words.js'
