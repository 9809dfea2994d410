// The entry point `casemate/node`: policies from files and texts, and compiled to a file.
export { toCompiled } from '../policy/to-compiled.js'
export type { CompiledFile } from '../compile/compiled-file.js'
export { loadPolicy } from './load-policy.js'
export { parsePolicyText } from './parse-text.js'
export type { ParseTextOptions, TextFormat } from './parse-text.js'
export { policyJsonSchema } from '../document/index.js'
export type { DocumentLimits } from '../document/index.js'
