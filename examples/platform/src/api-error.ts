// What a request is answered with when it is not done: a status, and what `schemas/response.ts` shows of it.

/** What is wrong with one field of a request. */
export interface Validation {
  readonly field: string
  readonly detail: string
}

/** An answer that is no success, thrown from wherever it is known. */
export class ApiError extends Error {
  readonly status: 400 | 401 | 403 | 404 | 405 | 409 | 412 | 413 | 415 | 429 | 502
  readonly detail: string
  readonly validations: readonly Validation[]
  /** After how many seconds it may be tried again. */
  readonly retryAfter: number | undefined

  constructor(
    status: ApiError['status'],
    message: string,
    {
      detail = '',
      validations = [],
      retryAfter
    }: { detail?: string; validations?: readonly Validation[]; retryAfter?: number } = {}
  ) {
    super(message)
    this.status = status
    this.detail = detail
    this.validations = validations
    this.retryAfter = retryAfter
  }
}

/** There is no such thing, or it is not for the subject to know whether there is. */
export class NotFoundError extends ApiError {
  constructor() {
    super(404, 'There is no such thing, or you may not see it.')
  }
}

/** One field is wrong, for a reason that only the store knows. */
export function invalidField(field: string, detail: string, status: 400 | 409 = 400): ApiError {
  return new ApiError(status, 'The request is not valid.', { validations: [{ field, detail }] })
}
