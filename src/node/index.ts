// The door of this room, and the entry point `casemate/node`: policies from files and texts.
export { loadPolicy } from './load-policy.js'
export { parsePolicyText } from './parse-text.js'
export type { ParseTextOptions, TextFormat } from './parse-text.js'
export type { DocumentLimits } from '../document/index.js'
