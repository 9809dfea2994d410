// Input and output of `casemate scopes suggest`: reads a run (a record, or the requests it made) and prints the
// smallest key.
import type { Policy } from '../../policy/types/index.js'
import { RequestError, type Problem, type RequestErrorCode } from '../../errors.js'
import { parseRequest } from '../../policy/parse.js'
import { parseRecord, recordChecks, type CheckRecord, type ScopeSuggestion } from '../../scopes/index.js'
import { parseJson } from '../../text/json.js'
import { lineProblem, longestLine, readLines, type Input, type Line } from '../../text/lines.js'
import { isPlainObject } from '../../problems/plain.js'

/**
 * Reads a run from a stream: either one request on each line, of which the allowed ones count; or the JSON of a record,
 * which may have several lines but is limited to the length of one.
 *
 * @throws RequestError for anything else, with the line of the first bad request.
 */
export async function readRun(policy: Policy, input: Input): Promise<CheckRecord> {
  const recording = recordChecks(policy)
  let isFirst = true
  let record: string | undefined
  for await (const [number, line] of numbered(input)) {
    if (typeof line !== 'string') throw refusal(number, lineProblem(line))
    if (record === undefined && line.trim() === '') continue
    if (record !== undefined || (isFirst && beginsRecord(line))) {
      record = record === undefined ? '\n'.repeat(number - 1) + line : `${record}\n${line}`
      if (record.length > longestLine) throw refusal(number, lineProblem(undefined))
    } else countRequest(recording.policy, number, line)
    isFirst = false
  }
  return record === undefined ? recording.record() : readRecord(policy, record)
}

async function* numbered(input: Input): AsyncGenerator<readonly [number: number, line: Line]> {
  let number = 0
  for await (const lines of readLines(input)) for (const line of lines) yield [++number, line]
}

/** Whether the first line is a record or the beginning of one. */
function beginsRecord(line: string): boolean {
  const data = parseJson(line)
  return data.ok ? isRecord(data.value) : !data.isJson
}

function isRecord(value: unknown): boolean {
  return isPlainObject(value) && Object.hasOwn(value, 'checks')
}

function countRequest(policy: Policy, number: number, line: string): void {
  const data = parseJson(line)
  if (!data.ok) throw refusal(number, data.isJson ? data.message : 'not JSON')
  const request = parseRequest(policy, data.value, { allowSystem: true })
  if (!request.ok) throw asError(request.problems, `line ${number}: `)
  request.value.subject.can(request.value.action, request.value.object)
}

function readRecord(policy: Policy, text: string): CheckRecord {
  const data = parseJson(text)
  if (!data.ok && data.isJson) throw new RequestError('invalid_request', data.message)
  const first = text.search(/\S/)
  const number = text.slice(0, first).split('\n').length
  if (!data.ok || !isRecord(data.value)) throw refusal(number, 'not JSON')
  const record = parseRecord(policy, data.value)
  if (record.ok) return record.value
  throw asError(record.problems, '')
}

function refusal(number: number, message: string): RequestError {
  return new RequestError('invalid_request', `line ${number}: ${message}`)
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
