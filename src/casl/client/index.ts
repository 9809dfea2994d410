// The entry point `casemate/casl/client`: what a browser needs beside CASL and the rules. No policy, no CASL.
export { toAbilityObject } from './object.js'
export type { AbilityAclEntry, AbilityObject } from './object.js'
export { abilityOptions } from './options.js'
export type { ClientAbilityOptions } from './options.js'
