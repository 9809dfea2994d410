// A refusal as an HTTP response: status 403, a problem body (RFC 9457), and for a key that lacks a scope the challenge
// of RFC 6750. Computed only from the ceilings, the permission and the object's type and id, so that it reveals nothing
// about roles, ACLs, or whether the object exists.
import { quoteValue } from '../../problems/quote.js'
import { settingsError } from '../../problems/settings-error.js'
import type { Subject } from '../../policy/types/index.js'
import type { Permission } from '../../compile/catalogue.js'
import type { ActionOf, Names, ResourceOf, ScopeOf } from '../../document/index.js'
import type { ListedObject } from '../allow-lists.js'
import { missingScopes } from './missing-scopes.js'

/** How the response is worded. */
export interface ForbiddenSettings {
  /** A URI that documents the refusal, for `type` in the body; without it `about:blank`, as in the RFC. */
  readonly type?: string | undefined
  /** The realm of the challenge; printable ASCII. */
  readonly realm?: string | undefined
}

/** The body, as JSON. */
export interface ForbiddenProblem<S extends string = string> {
  /** A URI that documents the refusal; `about:blank` where the settings name none. */
  readonly type: string
  /** The kind of problem, the same for every refusal of this kind. */
  readonly title: string
  readonly status: 403
  /** What was refused, in one sentence. */
  readonly detail: string
  /** `insufficient_scope` if the key's own limits refuse; otherwise `forbidden`, without further details. */
  readonly code: 'insufficient_scope' | 'forbidden'
  /** `resource:action`. */
  readonly permission: string
  /** Scopes of which any one is enough, smallest first; only where one is missing. */
  readonly scopes?: readonly S[]
  /** The entry that the key's allow list lacks; only where it lacks one. */
  readonly allow_list_entry?: string
}

/** The response, for any framework. */
export interface ForbiddenResponse<S extends string = string> {
  readonly status: 403
  /** In lower case: `content-type`, and `www-authenticate` if the key's own limits refuse. */
  readonly headers: Readonly<Record<string, string>>
  /** What to send as JSON. */
  readonly body: ForbiddenProblem<S>
}

/**
 * The response to a request that was refused, for whatever reason. If the subject's ceilings refuse, it says what they
 * lack, whether or not a role or an ACL grants; otherwise it only says that the action is forbidden. It does not check
 * whether the subject is allowed: call it after `can` returned false.
 *
 * The challenge names the smallest scope that is enough. A scope whose name the header cannot hold (it has spaces,
 * quotes, backslashes or characters beyond ASCII) is only in the body.
 *
 * @throws RequestError like `missingScopes`.
 * @throws CasemateError `invalid_settings` for a realm that is not printable ASCII.
 */
export function forbiddenResponse<N extends Names, R extends ResourceOf<Subject<N>>>(
  subject: Subject<N>,
  action: ActionOf<Subject<N>, R> | Permission<R>,
  object: ListedObject<R>,
  settings?: ForbiddenSettings
): ForbiddenResponse<ScopeOf<Subject<N>>>
export function forbiddenResponse(
  subject: Subject,
  action: string | Permission,
  object: ListedObject,
  settings: ForbiddenSettings = {}
): ForbiddenResponse {
  const own: ForbiddenSettings = { type: undefined, realm: undefined, ...settings }
  const { type = 'about:blank', realm } = own
  const missing = missingScopes(subject, action, object)
  const name = typeof action === 'string' ? action : action.action
  const common = {
    type,
    // The RFC asks for the status's own phrase where the type is `about:blank`.
    title:
      type === 'about:blank' ? 'Forbidden' : missing === undefined ? 'Not allowed' : 'Insufficient scope',
    status: 403,
    detail:
      missing === undefined
        ? `not allowed to ${name} this ${object.type}`
        : `this key does not let through ${name} on this ${object.type}`
  } as const
  const content = { 'content-type': 'application/problem+json' }
  if (missing === undefined) {
    const permission = `${object.type}:${name}`
    return { status: 403, headers: content, body: { ...common, code: 'forbidden', permission } }
  }
  const { permission, isOutsideScope, scopes, allowListEntry } = missing
  return {
    status: 403,
    headers: { ...content, 'www-authenticate': challenge(scopes.find(isScopeToken), realm) },
    body: {
      ...common,
      code: 'insufficient_scope',
      permission,
      ...(isOutsideScope ? { scopes } : {}),
      ...(allowListEntry === undefined ? {} : { allow_list_entry: allowListEntry })
    }
  }
}

/** The characters of a scope in RFC 6750: printable ASCII but for space, quote and backslash. */
function isScopeToken(name: string): boolean {
  return /^[\x21\x23-\x5b\x5d-\x7e]+$/.test(name)
}

function challenge(scope: string | undefined, realm: string | undefined): string {
  if (realm !== undefined && !/^[\x20-\x7e]*$/.test(realm))
    throw settingsError('realm', `expected printable ASCII, not ${quoteValue(realm)}`, realm)
  const quoted = realm?.replace(/["\\]/g, '\\$&')
  return `Bearer ${[
    ...(quoted === undefined ? [] : [`realm="${quoted}"`]),
    'error="insufficient_scope"',
    ...(scope === undefined ? [] : [`scope="${scope}"`])
  ].join(', ')}`
}
