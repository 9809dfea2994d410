// The door to the generators of worlds and questions.
export { casesPerWorld, worldsWithCases, type Case, type WorldWithCases } from './case.js'
export { parts, type Defect } from './defect.js'
export { rolled, rolledMany, type Dice } from './dice.js'
export { rollGrants } from './grants.js'
export { defects, rollDefect } from './malformed.js'
export { questionTape, rollQuestion, type RolledQuestion } from './question.js'
export { rollWorld, worldTape } from './world.js'
