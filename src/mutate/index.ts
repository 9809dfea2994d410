// Mutation testing: whether a policy's tests notice changes of the policy.
export { isMutationKind, mutate } from './mutate.js'
export type { MutateOptions, MutationRun } from './mutate.js'
export { mutationKinds } from './types.js'
export type { KindCount, MutationKind, MutationReport, Survivor, Unstated } from './types.js'
