// The door of this room, and the entry point `casemate/scopes`: API keys from the request for one to the refusal of one.
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
export { ceilingOf } from './ceiling-of.js'
export type { TokenCeiling } from './ceiling-of.js'
export { covers } from './covers.js'
export { forbiddenResponse } from './forbidden-response.js'
export type { ForbiddenProblem, ForbiddenResponse, ForbiddenSettings } from './forbidden-response.js'
export { missingScopes } from './missing-scopes.js'
export type { MissingScopes } from './missing-scopes.js'
export { parseScope } from './names.js'
export type { StoredToken, TokenRequestSettings } from './read-token-request.js'
export { parseRecord } from './read-record.js'
export { recordChecks } from './record.js'
export type { CheckRecord, RecordedCheck, RecordingPolicy } from './record.js'
export { suggestScopes } from './suggest-scopes.js'
export type { ScopeSuggestion, SuggestSettings } from './suggest-scopes.js'
export type { TokenProblem, TokenProblemCode } from './token-problems.js'
export { tokenRequestParser, tokenRequestSchema } from './token-request.js'
export type { ParsedToken } from './token-request.js'
