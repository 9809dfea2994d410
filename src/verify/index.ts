// The door of this room: statements about a whole policy, proved over every class of objects. It reads policies and
// never changes one.
export { classesOf } from './classes-of.js'
export type { ClassSettings, OrgClass, OwnerClass, RelationClass } from './classes.js'
export { areEquivalent, diffPolicies } from './diff/index.js'
export { diffToMarkdown } from './diff/markdown.js'
export type { DiffMarkdownOptions } from './diff/markdown.js'
export { diffToJson, printDiff } from './diff/print.js'
export type { PrintDiffOptions } from './diff/print.js'
export type {
  Difference,
  DifferenceKind,
  DiffSettings,
  PolicyDiff,
  Rename,
  Widening,
  WideningKind
} from './diff/types.js'
export { describeNewAccess } from './diff/words.js'
export type { CellFailure } from './matrix/check-cell.js'
export { printVerify, verify } from './invariants/index.js'
export type { InvariantResult, VerifyResult } from './invariants/index.js'
export { lint } from './lint/index.js'
export type { LintResult, LintSettings } from './lint/index.js'
export { printLint } from './lint/print.js'
export type { Locate as LintLocate, Position as LintPosition, PrintLintOptions } from './lint/print.js'
export { lintRules } from './lint/registry.js'
export { lintToSarif } from './lint/sarif.js'
export type {
  SarifDriver,
  SarifLevel,
  SarifLocation,
  SarifLog,
  SarifOptions,
  SarifResult,
  SarifRule,
  SarifRun
} from './lint/sarif.js'
export type {
  Finding as LintFinding,
  RuleInfo as LintRule,
  Severity as LintSeverity,
  SuppressedFinding
} from './lint/types.js'
export { checkMatrix } from './matrix/check.js'
export type { CheckedCell, CheckedRow, CheckedTable, MatrixOptions, MatrixResult } from './matrix/check.js'
export type { Expectation } from './matrix/cell.js'
export { findUnsaid } from './matrix/complete.js'
export type { Unsaid } from './matrix/complete.js'
export { printMatrix } from './matrix/print.js'
export type { PrintOptions } from './matrix/print.js'
export type { MatrixProblem, MatrixProblemCode } from './matrix/problem.js'
export type { MatrixSubject } from './matrix/subjects.js'
export { describeStep, missing } from './missing/index.js'
export type {
  EntryStep,
  GrantStep,
  Missing,
  MissingStep,
  RelationStep,
  RoleStep,
  ScopeStep
} from './missing/types.js'
export { describeDecision } from './request.js'
export type { Counterexample, RequestData, RoleData, SubjectData, SystemData, UserData } from './request.js'
export type { Values } from './settings.js'
export type { Coverage, CoverageCell, Outcome } from './coverage/index.js'
export { isMutationKind, mutate } from './mutate/index.js'
export type { MutateOptions, MutationRun } from './mutate/index.js'
export { mutationKinds } from './mutate/types.js'
export type { KindCount, MutationKind, MutationReport, Survivor, Unstated } from './mutate/types.js'
export { runSuite } from './suite/index.js'
export type {
  Statement,
  SuiteFile,
  SuiteFilter,
  SuiteOptions,
  SuiteProblem,
  SuiteResult
} from './suite/types.js'
export { whoCan } from './who-can.js'
export type { Holder } from './who-can.js'
export { matrixOf, matrixToHtml, matrixToJson, matrixToMarkdown } from './write/index.js'
export type { MatrixAbout, MatrixName, MatrixRow, PolicyMatrix, ResourceMatrix } from './write/index.js'
