// The entry point `casemate/runtime`: policies compiled ahead of time, for browsers and edge runtimes. Nothing that is
// exported here may reach zod, CASL or Node; its size is a promise.
export { fromCompiled } from './from-compiled.js'
export type { RuntimePolicy, RuntimeSubject } from './types.js'
export type { CompiledFile } from '../compile/compiled-file.js'
export {
  CasemateError,
  ForbiddenError,
  isCasemateError,
  isForbidden,
  PolicyError,
  RequestError
} from '../errors.js'
