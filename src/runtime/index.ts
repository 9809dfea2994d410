// The entry point `casemate/runtime`: policies compiled ahead of time, for browsers and edge runtimes. Nothing exported
// here may import zod, CASL or Node; a test limits its size.
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
