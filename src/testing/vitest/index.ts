// The entry point `casemate/testing/vitest`: the names of `casemate/testing`, for vitest 5 and later. The build adds
// declarations (`matchers.d.ts`) that tell the runner's `expect` about the matchers.
export * from '../index.js'
