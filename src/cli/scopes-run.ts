// What `casemate scopes suggest` reads and prints: a run as its record or as the requests it made, and the smallest key.
import type { Policy } from '../api/index.js'
import { RequestError, type Problem, type RequestErrorCode } from '../errors.js'
import { parseRequest } from '../request/index.js'
import { isPlainObject } from '../request-problems.js'
import { parseRecord, recordChecks, type CheckRecord, type ScopeSuggestion } from '../scopes/index.js'
import { parseJson } from '../text/json.js'

/**
 * A run from text: the JSON of a record, or requests one a line, of which those that are allowed count.
 *
 * @throws RequestError for what is neither, with the line of the first bad request.
 */
export function readRun(policy: Policy, input: string): CheckRecord {
  const whole = parseJson(input)
  if (whole.ok && isPlainObject(whole.value) && Object.hasOwn(whole.value, 'checks')) {
    const record = parseRecord(policy, whole.value)
    if (record.ok) return record.value
    throw asError(record.problems, '')
  }
  if (!whole.ok && whole.isJson) throw new RequestError('invalid_request', whole.message)
  const recording = recordChecks(policy)
  for (const [index, line] of input.split('\n').entries()) {
    if (line.trim() === '') continue
    const where = `line ${index + 1}: `
    const data = parseJson(line)
    if (!data.ok)
      throw new RequestError('invalid_request', `${where}${data.isJson ? data.message : 'not JSON'}`)
    const request = parseRequest(recording.policy, data.value, { allowSystem: true })
    if (!request.ok) throw asError(request.problems, where)
    request.value.subject.can(request.value.action, request.value.object)
  }
  return recording.record()
}

function asError(problems: readonly Problem<RequestErrorCode>[], where: string): RequestError {
  const code = problems[0]?.code ?? 'invalid_request'
  return new RequestError(code, where + problems.map(({ message }) => message).join('\n'))
}

/** The suggestion in words, line by line. */
export function suggestionLines(record: CheckRecord, suggestion: ScopeSuggestion): string[] {
  const { scopes, allowList, isExact, excess, uncovered, unused } = suggestion
  const count = record.checks.length
  return [
    `the smallest key for ${count} check${count === 1 ? '' : 's'}${isExact ? '' : ' (the best that was found)'}:`,
    ...section('scopes', scopes),
    ...section('allow list', allowList),
    ...(excess.length === 0 ? [] : section('lets through besides', excess)),
    ...(uncovered.length === 0 ? [] : section('not covered by any scope to choose from', uncovered)),
    ...(unused.length === 0
      ? []
      : section(
          'held and never used',
          unused.map((scope) => (typeof scope === 'string' ? scope : scope.template))
        ))
  ]
}

function section(title: string, lines: readonly string[]): string[] {
  return [`  ${title}:`, ...(lines.length === 0 ? ['    (none)'] : lines.map((line) => `    ${line}`))]
}
