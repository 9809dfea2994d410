// The two ways of not deciding: a refusal of the whole request, which is a status of HTTP, and a question that has no
// answer, which is `false` with an error beside it.

/** Refuses a whole request. */
export class Refusal extends Error {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>

  constructor(status: number, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message)
    this.status = status
    this.headers = headers
  }
}

/** The request is malformed. */
export function badRequest(message: string): Refusal {
  return new Refusal(400, message)
}

/** Why a question has no answer, as `context.error` of a decision. */
export interface QuestionError {
  /** The status that the error would have had as an answer of its own. */
  readonly status: number
  /** A code of `docs/reference/errors.md`, `unknown_subject`, or `unknown_object`. */
  readonly code: string
  /** What is wrong, for a person. */
  readonly message: string
  /** The nearest valid name. */
  readonly hint?: string
}

/** Ends one question, and no other of the same request. */
export class Unanswerable extends Error {
  readonly error: QuestionError

  constructor(error: QuestionError) {
    super(error.message)
    this.error = error
  }
}
