// Expectation files: one request on each line with the answer that it must get. A line that cannot be read is a problem
// and never counts as an expectation that holds.
import type { Policy } from '../../policy/types/index.js'
import { parseRequest } from '../../policy/parse.js'
import { suggest } from '../../problems/suggest.js'
import { describeDecision } from '../space/requests.js'
import type { Decision } from '../../types.js'
import { parseJson } from '../../text/json.js'
import { splitList } from './json-list.js'
import { quoteValue } from '../../problems/quote.js'
import { isPlainObject } from '../../problems/plain.js'

/** A request and the answer that it must get. */
export interface Expected {
  readonly line: number
  /** Data from outside, as `casemate decide` reads it. */
  readonly request: unknown
  readonly answer:
    { readonly allowed: boolean; readonly reason: string | undefined } | { readonly error: string }
  readonly note: string | undefined
}

export interface ExpectationProblem {
  readonly line: number
  readonly code: 'invalid_expectation' | 'no_expectations'
  readonly message: string
}

export interface ReadExpectations {
  readonly expected: readonly Expected[]
  readonly problems: readonly ExpectationProblem[]
}

/** The answer that a request got. */
export type Answer =
  { readonly decision: Decision } | { readonly error: { readonly code: string; readonly message: string } }

/**
 * Reads a file of expectations: one JSON value a line, blank lines skipped, or one JSON list where `isList`. Every
 * problem has its line; a file without any expectation has one.
 */
export function readExpectations(text: string, isList: boolean): ReadExpectations {
  const expected: Expected[] = []
  const problems: ExpectationProblem[] = []
  for (const { line, source } of isList ? splitList(text) : splitLines(text)) {
    const read = readOne(source, line)
    if ('message' in read) problems.push({ line, code: 'invalid_expectation', message: read.message })
    else expected.push(read)
  }
  if (expected.length === 0 && problems.length === 0)
    problems.push({ line: 1, code: 'no_expectations', message: 'there is no expectation in this file' })
  return { expected, problems }
}

/** Whether a text is meant as expectations: it has a key `request`, even if it cannot be read. */
export function hasRequest(text: string): boolean {
  return text.includes('"request"')
}

/** Asks the policy; an error is an answer too. */
export function answerTo(policy: Policy, request: unknown): Answer {
  const parsed = parseRequest(policy, request, { allowSystem: true })
  if (parsed.ok) {
    const { subject, action, object } = parsed.value
    return { decision: subject.explain(action, object) }
  }
  const [problem] = parsed.problems
  return { error: { code: problem?.code ?? 'invalid_request', message: problem?.message ?? 'not a request' } }
}

/** Why an answer is not the expected one; `undefined` where it is. */
export function differs({ answer }: Expected, given: Answer): string | undefined {
  if ('error' in given) {
    const { code, message } = given.error
    if ('error' in answer && answer.error === code) return undefined
    return `${'error' in answer ? `the error is ${code}, not ${answer.error}` : `no answer but ${code}`}: ${message}`
  }
  const { allowed, reason } = given.decision
  const said = `${allowed ? 'allowed' : 'refused'}: ${describeDecision(given.decision)}`
  if ('error' in answer) return `no error ${answer.error}, but ${said}`
  if (answer.allowed !== allowed) return said
  return answer.reason === undefined || answer.reason === reason
    ? undefined
    : `not by ${answer.reason}, but ${said}`
}

interface Piece {
  readonly line: number
  readonly source: string
}

function splitLines(text: string): Piece[] {
  return text
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\n|\r/)
    .map((source, index) => ({ line: index + 1, source }))
    .filter(({ source }) => source.trim() !== '')
}

const keys: ReadonlySet<string> = new Set(['request', 'allowed', 'error', 'reason', 'note'])

function readOne(source: string, line: number): Expected | { readonly message: string } {
  const parsed = parseJson(source)
  if (!parsed.ok) return { message: parsed.message }
  const data = parsed.value
  if (!isPlainObject(data)) return { message: `expected an expectation, not ${quoteValue(data)}` }
  const unknown = Object.keys(data).find((key) => !keys.has(key))
  if (unknown !== undefined) {
    const near = suggest(unknown, keys)
    const hint = near === undefined ? '' : `; did you mean ${quoteValue(near)}?`
    return { message: `unknown key ${quoteValue(unknown)} of an expectation${hint}` }
  }
  // A missing key is not looked up: it might be found on a prototype.
  const field = (key: string): unknown => (Object.hasOwn(data, key) ? data[key] : undefined)
  const [allowed, error, reason, note] = ['allowed', 'error', 'reason', 'note'].map(field)
  if (!Object.hasOwn(data, 'request')) return { message: 'missing `request`' }
  if (allowed === undefined && error === undefined) return { message: 'missing `allowed` or `error`' }
  if (allowed !== undefined && error !== undefined) return { message: '`allowed` beside `error`' }
  if (note !== undefined && typeof note !== 'string') return wrong('note', 'a text', note)
  const common = { line, request: data['request'], note }
  if (error !== undefined) {
    if (typeof error !== 'string') return wrong('error', "an error's code", error)
    if (reason !== undefined) return { message: '`reason` beside `error`' }
    return { ...common, answer: { error } }
  }
  if (typeof allowed !== 'boolean') return wrong('allowed', '`true` or `false`', allowed)
  if (reason !== undefined && typeof reason !== 'string') return wrong('reason', "a reason's code", reason)
  return { ...common, answer: { allowed, reason } }
}

function wrong(key: string, expected: string, value: unknown): { readonly message: string } {
  return { message: `\`${key}\`: expected ${expected}, not ${quoteValue(value)}` }
}
