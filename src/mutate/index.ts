// Whether a policy's tests would notice a change of it.
export { isMutationKind, mutate } from './mutate.js'
export type { MutateOptions, MutationRun } from './mutate.js'
export { mutationKinds } from './types.js'
export type { KindCount, MutationKind, MutationReport, Survivor, Unstated } from './types.js'
