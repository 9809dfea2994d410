// The entry point `casemate/testing/vitest`: the names of `casemate/testing`, for vitest 5 and later. The declarations that the
// build adds to it (`matchers.d.ts`) make the matchers known to the runner's `expect`.
export * from '../index.js'
