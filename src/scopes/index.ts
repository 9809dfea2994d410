// The entry point `casemate/scopes`: API keys, from token requests to the response for a refused call.
export {
  allowListMatches,
  intersectAllowLists,
  normalizeAllowList,
  parseAllowList,
  toAllowListTargets,
  uniteAllowLists
} from './allow-lists.js'
export type {
  AllowListEntry,
  AllowListInput,
  AllowListSettings,
  AllowListTarget,
  ListedObject
} from './allow-lists.js'
export { ceilingOf } from './tokens/ceiling-of.js'
export type { TokenCeiling } from './tokens/ceiling-of.js'
export { covers } from './covers.js'
export { forbiddenResponse } from './refusals/forbidden-response.js'
export type { ForbiddenProblem, ForbiddenResponse, ForbiddenSettings } from './refusals/forbidden-response.js'
export { missingScopes } from './refusals/missing-scopes.js'
export type { MissingScopes } from './refusals/missing-scopes.js'
export { parseScope } from './names.js'
export type { StoredToken, TokenRequestSettings } from './tokens/read-token-request.js'
export { parseRecord } from './suggest/read-record.js'
export { recordChecks } from './suggest/record.js'
export type { CheckRecord, RecordedCheck, RecordingPolicy } from './suggest/record.js'
export { suggestScopes } from './suggest/suggest-scopes.js'
export type { ScopeSuggestion, SuggestSettings } from './suggest/suggest-scopes.js'
export type { TokenProblem, TokenProblemCode } from './tokens/token-problems.js'
export { tokenRequestParser, tokenRequestSchema } from './tokens/token-request.js'
export type { ParsedToken } from './tokens/token-request.js'
