// The problems of a question. In process the first one is thrown; for data from outside all are returned. One reader
// serves both, so that they cannot disagree about what is malformed.
import { formatPath, type Path } from './path.js'
import { Problems } from './problems.js'
import type { OptionValue } from '../types.js'
import { RequestError, type Problem, type RequestErrorCode } from '../errors.js'
import { inheritedKey } from './own-fields.js'
import { quoteValue, quoteValues } from './quote.js'

/** A resource, as far as its actions are named. */
interface NamedActions {
  readonly name: string
  readonly actions: ReadonlyMap<string, unknown>
}

export class RequestProblems extends Problems<RequestErrorCode> {
  /** Adds `invalid_request`: a value of the wrong type. */
  addShape(path: Path, expected: string, value: unknown): void {
    this.add('invalid_request', path, `expected ${expected}, not ${quoteValue(value)}`, value)
  }

  /** Adds `invalid_request` for a key that nothing reads. */
  addUnknownKey(path: Path, key: string, known: ReadonlySet<string>): void {
    this.add(
      'invalid_request',
      [...path, key],
      `unknown key ${quoteValue(key)}`,
      key,
      this.suggest(key, known)
    )
  }

  /**
   * Adds `invalid_request` for a known key that the value inherits from a class or another object. Such a key is not
   * read, and ignoring it could lose a limit. Keys of `Object.prototype` are ignored.
   */
  addInherited(path: Path, given: object, known: Iterable<string>): void {
    const key = inheritedKey(given, known)
    if (key !== undefined) this.add('invalid_request', [...path, key], 'inherited; only own keys are read')
  }

  /** Adds `unknown_action`, with the nearest action of the resource. */
  addUnknownAction(path: Path, action: string, resource: NamedActions): void {
    const message = `unknown action ${quoteValue(action)} of ${quoteValue(resource.name)}`
    this.add('unknown_action', path, message, action, this.suggest(action, resource.actions))
  }

  /** Adds `invalid_option`, with the nearest of the option's values. */
  addInvalidOption(path: Path, option: { readonly values: readonly OptionValue[] }, value: unknown): void {
    const byText = new Map(option.values.map((declared) => [String(declared), declared]))
    const message = `expected one of ${quoteValues(option.values)}, not ${quoteValue(value)}`
    this.add('invalid_option', path, message, value, this.suggestValue(value, byText))
  }

  /** The problems with those of shape first; otherwise in the order in which the question was read. */
  inOrder(): readonly Problem<RequestErrorCode>[] {
    const isShape = (problem: Problem<RequestErrorCode>): boolean => problem.code === 'invalid_request'
    return [...this.list.filter(isShape), ...this.list.filter((problem) => !isShape(problem))]
  }

  /** @throws RequestError the first problem, if there is one. */
  throwFirst(): void {
    if (this.list.length > 0) throw this.toError()
  }

  /** The first problem as an error. Call it only when there is one. */
  toError(): RequestError {
    const [first] = this.inOrder()
    if (first === undefined) throw new TypeError('no problem was found')
    return new RequestError(first.code, first.message, first)
  }
}

/** The error for one value of the wrong type. */
export function shapeError(path: Path, expected: string, value: unknown): RequestError {
  const where = formatPath(path)
  const message = `${where}: expected ${expected}, not ${quoteValue(value)}`
  return new RequestError('invalid_request', message, { path: where, value })
}

/**
 * Returns the value if it is a text.
 *
 * @throws RequestError `invalid_request` if it is not.
 */
export function requireText(path: Path, expected: string, value: unknown): string {
  if (typeof value === 'string') return value
  throw shapeError(path, expected, value)
}
