// The entry point `casemate/casl`: the only code that imports CASL.
export { abilityFor, detectSubjectType } from './ability.js'
export type { SubjectAbility } from './ability.js'
