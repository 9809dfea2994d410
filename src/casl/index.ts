// The entry point `casemate/casl`: the only code that imports CASL.
export { abilityFor } from './ability.js'
export type { SubjectAbility } from './ability.js'
export { detectSubjectType } from './client/options.js'
