// The door to the generators of worlds and questions.
export {
  worldsWithCases,
  worldsWithCasesV2,
  worldsWithUpTo,
  worldOfDocument,
  type Case,
  type WorldWithCases
} from './case.js'
export { parts, type Defect } from './defect.js'
export { rolled, rolledMany, type Dice } from './dice.js'
export { rollGrants } from './grants.js'
export { defects, defectsV2, rollDefect } from './malformed.js'
export { questionTape, questionTapeV2, rollQuestion, type RolledQuestion } from './question.js'
export { rollWorld, rollWorldV2, worldTape, worldTapeV2, type RollSettings } from './world.js'
