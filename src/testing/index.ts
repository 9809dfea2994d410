// The entry point `casemate/testing`: helpers for a user's own tests, for any runner.
// `expect` of vitest 3 and 4 and of `@types/jest` knows their types.
export { auditGuard } from './audit-guard.js'
export type { GuardCalls } from './audit-guard.js'
export { assertMatrix, CheckError, checkPolicy } from './check.js'
export type { PolicyChecks, PolicyExpectation } from './check.js'
export type { ExpectedOf } from './expected.js'
export { matchers } from './matchers.js'
export type { DenialOptions, MatcherResult, PolicyMatchers } from './matchers.js'
