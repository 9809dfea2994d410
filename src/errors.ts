// Every error class and its closed list of codes. An error names the place, the wrong value and the nearest valid one.
// A denial is a value; only `authorize` turns it into an error. Classes, `instanceof` included, are recognized by a
// registered symbol and not by identity, so that the ESM and CommonJS copies of the package know each other's errors.
import { visibleLines } from './output/visible.js'
import type { Decision } from './types.js'

/** What can be wrong with a question; docs/semantics.md says under "Errors" when each is raised. */
export type RequestErrorCode =
  | 'unknown_resource'
  | 'unknown_action'
  | 'unknown_role'
  | 'unknown_scope'
  | 'unknown_scope_template'
  | 'unknown_system_subject'
  | 'unknown_option'
  | 'missing_parameter'
  | 'unknown_parameter'
  | 'invalid_parameter'
  | 'missing_option'
  | 'invalid_option'
  | 'empty_subject_id'
  | 'role_needs_org'
  | 'role_takes_no_org'
  | 'any_org_with_org'
  | 'missing_org'
  | 'unexpected_org'
  | 'missing_container'
  | 'unexpected_container'
  | 'role_needs_container'
  | 'role_takes_no_container'
  | 'missing_attribute'
  | 'invalid_attribute'
  | 'acl_not_supported'
  | 'org_list_too_long'
  | 'invalid_org_list_entry'
  | 'invalid_allow_list_entry'
  | 'allow_list_too_long'
  | 'invalid_request'

/** What can go wrong with roles, assignments and keys that are stored in a database. */
export type StoreErrorCode =
  | 'stale_roles'
  | 'older_revision'
  | 'unreadable_role'
  | 'unreadable_key'
  | 'refused_user'
  | 'change_refused'
  | 'role_in_use'
  | 'invalid_transaction'
  | 'missing_tables'
  | 'store_closed'

/** Every code that a `CasemateError` of this package can carry. */
export type ErrorCode =
  | RequestErrorCode
  | StoreErrorCode
  | 'invalid_policy'
  | 'forbidden'
  | 'not_expressible'
  | 'too_many_cases'
  | 'invalid_guard'
  | 'invalid_settings'
  | 'incomplete_audit'
  | 'unavailable'
  | 'failed_check'

/** One thing that is wrong with data from outside. `message` repeats path, value and hint in the user's words. */
export interface Problem<Code extends string = string> {
  /** What is wrong, for programs. */
  readonly code: Code
  /** Where, as `roles.owner.grants.site.allow.boundary_logs` or `scopes[2]`; empty for the whole value. */
  readonly path: string
  /** The value that is wrong. */
  readonly value?: unknown
  /** The nearest valid value, where there is one. */
  readonly hint?: string | undefined
  /** The file or the text that it is in, where it was read from one. */
  readonly file?: string | undefined
  /** The line in that file, from 1; not known for code, nor for what is wrong with the file as a whole. */
  readonly line?: number | undefined
  /** The column in that line, from 1, in UTF-16 code units. */
  readonly column?: number | undefined
  /** What is wrong, for people: place, path, value and hint in one text. Lines are separated by line breaks. */
  readonly message: string
}

/**
 * Fixes the name of an error class, so that a bundler cannot rename it, and lets `instanceof` recognize errors of the
 * same class from another copy of the package. Classes that users derive from it behave as usual.
 */
export function markErrors(errors: abstract new (...given: never[]) => Error, name: string): void {
  const mark = Symbol.for(`casemate.${name}`)
  const isOrdinary: (this: unknown, value: unknown) => boolean = errors[Symbol.hasInstance]
  Object.defineProperty(errors, 'name', { value: name })
  Object.defineProperty(errors.prototype, mark, { value: true })
  Object.defineProperty(errors, Symbol.hasInstance, {
    value(this: unknown, value: unknown): boolean {
      return this === errors
        ? typeof value === 'object' && value !== null && mark in value
        : isOrdinary.call(this, value)
    }
  })
}

/** Where an error is, the value that caused it, and the nearest valid one. */
export interface ErrorDetails {
  readonly path?: string | undefined
  readonly value?: unknown
  readonly hint?: string | undefined
}

/** The base of everything that casemate throws on purpose. */
export class CasemateError extends Error {
  static {
    markErrors(this, 'CasemateError')
  }

  /** What went wrong, as `docs/reference/errors.md` lists it. */
  readonly code: ErrorCode
  /** Where in the question or document, as a dotted path; empty for the whole of it. */
  readonly path: string
  /** The wrong value. */
  readonly value: unknown
  /** The nearest valid value, if one is close enough. */
  readonly hint: string | undefined

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(visibleLines(message))
    this.name = new.target.name
    this.code = code
    this.path = details.path ?? ''
    this.value = details.value
    this.hint = details.hint
  }
}

/** A question that cannot be asked of this policy: never a denial, never an allow. */
export class RequestError extends CasemateError {
  static {
    markErrors(this, 'RequestError')
  }

  /** What is wrong with the question. */
  declare readonly code: RequestErrorCode

  constructor(code: RequestErrorCode, message: string, details?: ErrorDetails) {
    super(code, message, details)
    this.name = 'RequestError'
  }
}

/** A document that is not a policy, with every problem in it; `message` lists them one a line. */
export class PolicyError extends CasemateError {
  static {
    markErrors(this, 'PolicyError')
  }

  declare readonly code: 'invalid_policy'
  /** Everything that is wrong, in the order of the document. */
  readonly problems: readonly Problem[]

  constructor(problems: readonly Problem[]) {
    super('invalid_policy', problems.map((problem) => problem.message).join('\n'))
    this.name = 'PolicyError'
    this.problems = problems
  }
}

/**
 * What `authorize` throws. Its message says what was asked, never why it was refused, so it may be shown to a
 * client. `decision` is for the log: it is not enumerable and not in `toJSON()`.
 */
export class ForbiddenError extends CasemateError {
  static {
    markErrors(this, 'ForbiddenError')
  }

  declare readonly code: 'forbidden'
  /** The decision with its reasons. For logs: it names roles and grants. */
  declare readonly decision: Decision
  /** For frameworks that read the status of a response here. */
  readonly status = 403
  /** The same, for frameworks that read it here. */
  readonly statusCode = 403

  constructor(decision: Decision) {
    super('forbidden', `not allowed to ${decision.action} this ${decision.object.type}`)
    this.name = 'ForbiddenError'
    Object.defineProperty(this, 'decision', { value: decision })
  }

  /** What a client may see. */
  toJSON(): { code: 'forbidden'; status: 403; message: string } {
    return { code: 'forbidden', status: 403, message: this.message }
  }
}

/** Whether casemate threw this on purpose, whichever copy or entry point of the package it came from. */
export function isCasemateError(error: unknown): error is CasemateError {
  return error instanceof CasemateError
}

/** Whether this is the refusal that `authorize` throws, whichever copy of the package it came from. */
export function isForbidden(error: unknown): error is ForbiddenError {
  return isCasemateError(error) && error.code === 'forbidden'
}

/** Everything that a `Problem` of a policy document can be. */
export type ProblemCode =
  // The value itself, before it is looked at as a policy.
  | 'document_too_large'
  | 'document_too_deep'
  | 'document_has_cycle'
  | 'not_plain_data'
  // Text and files.
  | 'syntax_error'
  | 'duplicate_key'
  | 'several_documents'
  | 'empty_document'
  | 'unknown_format'
  | 'unreadable_file'
  | 'no_policy_exported'
  | 'policy_code_failed'
  // Shape.
  | 'missing_key'
  | 'unknown_key'
  | 'invalid_type'
  | 'invalid_value'
  // Names.
  | 'invalid_name'
  | 'reserved_name'
  | 'duplicate_name'
  | 'duplicate_value'
  | 'unknown_resource'
  | 'unknown_action'
  | 'unknown_permission'
  | 'unknown_role'
  | 'unknown_option'
  | 'unknown_option_value'
  | 'unknown_scope'
  | 'unknown_parameter'
  | 'unknown_system_subject'
  | 'unknown_container'
  | 'unknown_attribute'
  | 'unknown_attribute_value'
  // Grants that can never match, and other contradictions.
  | 'dead_grant'
  | 'org_option_in_site_role'
  | 'org_option_in_container_role'
  | 'circular_reference'
  | 'implied_exception'
  | 'invalid_include'
  | 'invalid_where'
  | 'too_many_combinations'
  | 'too_many_containers'
  | 'invalid_default'
  | 'invalid_placeholder'
  | 'invalid_allow_list_entry'
  | 'allow_list_too_long'
  | 'invalid_relation'
  | 'invalid_invariant'
  | 'ambiguous_scope'
  // Custom roles.
  | 'shipped_role'
  | 'wrong_place'
