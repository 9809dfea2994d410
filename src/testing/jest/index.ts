// The entry point `casemate/testing/jest`: the names of `casemate/testing`, for `@jest/globals`. The declarations that the
// build adds to it (`matchers.d.ts`) make the matchers known to the runner's `expect`.
export * from '../index.js'
