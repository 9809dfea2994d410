// Statements about a whole policy, proved for every class of objects: matrices, invariants, who may do what, and the
// tests of a policy. Nothing here changes a policy.
export { classesOf } from './space/classes-of.js'
export type { ClassSettings, OrgClass, OwnerClass, RelationClass } from './space/classes.js'
export type { CellFailure } from './matrix/check-cell.js'
export { printVerify, verify } from './invariants/index.js'
export type { AssignCounterexample, PlaceData } from './invariants/assigns.js'
export type { InvariantResult, VerifyOptions, VerifyResult } from './invariants/index.js'
export { checkMatrix } from './matrix/check.js'
export type { CheckedCell, CheckedRow, CheckedTable, MatrixOptions, MatrixResult } from './matrix/types.js'
export type { Expectation } from './matrix/cell.js'
export { findUnsaid } from './matrix/complete.js'
export type { Unsaid } from './matrix/complete.js'
export { printMatrix } from './matrix/print.js'
export type { PrintOptions } from './matrix/print.js'
export type { MatrixProblem, MatrixProblemCode } from './matrix/problem.js'
export type { MatrixSubject } from './matrix/subjects.js'
export { describeDecision } from './space/requests.js'
export type {
  Counterexample,
  RequestData,
  RoleData,
  SubjectData,
  SystemData,
  UserData
} from './space/requests.js'
export type { Values } from './space/settings.js'
export type { CoverageCell, Outcome } from './suite/coverage/index.js'
export { runSuite } from './suite/index.js'
export type {
  Statement,
  SuiteFile,
  SuiteFilter,
  SuiteOptions,
  SuiteProblem,
  SuiteResult,
  Coverage
} from './suite/types.js'
export { whoCan } from './space/who-can.js'
export type { Holder } from './space/who-can.js'
export { factsOf, matrixOf, matrixToHtml, matrixToJson, matrixToMarkdown } from './matrix/write/index.js'
export type {
  FactTable,
  MatrixAbout,
  MatrixName,
  MatrixPaper,
  MatrixRow,
  PolicyMatrix,
  ResourceMatrix
} from './matrix/write/index.js'
