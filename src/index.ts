// The public names of casemate. Every export is a reviewed line; nothing here has logic.
export { definePolicy, parsePolicy } from './document/index.js'
export { compile } from './policy/index.js'
export { parseObject, parseRequest, parseSubject } from './request/index.js'
export {
  CasemateError,
  ForbiddenError,
  isCasemateError,
  isForbidden,
  PolicyError,
  RequestError
} from './errors.js'
