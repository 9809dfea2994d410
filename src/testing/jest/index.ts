// The entry point `casemate/testing/jest`: the names of `casemate/testing`, for `@jest/globals`. The build adds
// declarations (`matchers.d.ts`) that tell the runner's `expect` about the matchers.
export * from '../index.js'
