// The linter: finds what is valid in a policy but probably not intended.
export { lint } from './lint.js'
export type { LintResult, LintSettings } from './lint.js'
export { printLint } from './print.js'
export type { Locate as LintLocate, Position as LintPosition, PrintLintOptions } from './print.js'
export { lintRules } from './registry.js'
export { lintToSarif } from './sarif.js'
export type {
  SarifDriver,
  SarifLevel,
  SarifLocation,
  SarifLog,
  SarifOptions,
  SarifResult,
  SarifRule,
  SarifRun
} from './sarif.js'
export type {
  Finding as LintFinding,
  RuleInfo as LintRule,
  Severity as LintSeverity,
  SuppressedFinding
} from './types.js'
