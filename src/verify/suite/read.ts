// Files and invariants → statements, each checked once against the policy and kept with what is needed to check it
// again. A file that cannot be read, or that has no statement, is a problem.
import type { Policy } from '../../policy/types/index.js'
import { assignText, describeAssign } from '../invariants/assigns.js'
import { verify, type InvariantResult } from '../invariants/index.js'
import { checkMatrix } from '../matrix/check.js'
import type { CheckedCell, CheckedRow, CheckedTable } from '../matrix/types.js'
import type { MatrixSubject } from '../matrix/subjects.js'
import { describeDecision, type Counterexample, type SubjectData } from '../space/requests.js'
import { answerTo, differs, hasRequest, readExpectations, type Expected } from './expectations.js'
import type { Sourced, SuiteFile, SuiteOptions, SuiteProblem } from './types.js'
import type { Decision } from '../../types.js'
import { isPlainObject } from '../../problems/plain.js'
import { compiledOf } from '../../compile/compile.js'

export interface ReadSuite {
  readonly sourced: readonly Sourced[]
  readonly problems: readonly SuiteProblem[]
  /** Optional files that state nothing. */
  readonly leftOut: readonly string[]
}

/** How to read a file, by its ending; `undefined` for an ending that files of statements do not have. */
export function formatOf(name: string): 'matrix' | 'lines' | 'list' | undefined {
  const [, ending = ''] = /\.([^./\\]+)$/.exec(name.toLowerCase()) ?? []
  if (ending === 'md' || ending === 'markdown') return 'matrix'
  if (ending === 'ndjson' || ending === 'jsonl') return 'lines'
  return ending === 'json' ? 'list' : undefined
}

/** Reads and checks every file, then proves the policy's invariants. */
export function readSuite(
  policy: Policy,
  files: readonly SuiteFile[],
  onProgress?: SuiteOptions['onProgress']
): ReadSuite {
  const problems: SuiteProblem[] = []
  const leftOut: string[] = []
  const sourced = files.flatMap((file, index) => {
    const read = readFile(policy, file)
    onProgress?.(index + 1, files.length + 1)
    if (file.isOptional === true && read.statesNothing) leftOut.push(file.name)
    else problems.push(...read.problems)
    return read.sourced
  })
  return { sourced: [...sourced, ...verify(policy).invariants.map(fromInvariant)], problems, leftOut }
}

interface ReadFile {
  readonly sourced: readonly Sourced[]
  readonly problems: readonly SuiteProblem[]
  readonly statesNothing: boolean
}

function readFile(policy: Policy, file: SuiteFile): ReadFile {
  const format = formatOf(file.name)
  if (format === 'matrix') return readMatrix(policy, file)
  if (format !== undefined) return readExpected(policy, file, format === 'list')
  const message = 'unknown ending of a file of statements; there are .md, .ndjson, .jsonl and .json'
  const problem = { file: file.name, line: 1, code: 'unknown_format', message }
  return { sourced: [], problems: [problem], statesNothing: true }
}

// --- matrices -------------------------------------------------------------------------------------------------------

function readMatrix(policy: Policy, { name, text }: SuiteFile): ReadFile {
  const [, stem = ''] = /([^/\\]*)\.[^.]*$/.exec(name) ?? []
  const resource = compiledOf(policy).catalogue.resources.has(stem) ? stem : undefined
  const result = checkMatrix(policy, text, { resource })
  return {
    sourced: result.tables.flatMap((table) =>
      table.rows.flatMap((row) => {
        const subjects = namesOf(row.text, row.subjects)
        return row.cells.flatMap((cell, index) => fromCell(name, table, row, subjects, cell, index) ?? [])
      })
    ),
    problems: result.problems.map(({ line, code, message }) => ({
      file: name,
      line,
      code,
      message: message.replace(/^line \d+: /, '')
    })),
    statesNothing: result.problems.every(({ code }) => code === 'page_without_matrix') && result.cells === 0
  }
}

function fromCell(
  file: string,
  { heading, header }: CheckedTable,
  { line, text, subjects }: CheckedRow,
  named: readonly string[],
  cell: CheckedCell,
  index: number
): Sourced | undefined {
  const { expectation, failure, permission, assigns, relation } = cell
  if (expectation === undefined) return undefined
  const what = permission ?? `assign ${assigns ?? ''}`
  const about = relation === 'all' ? what : `${what} (${relation})`
  // Where columns are subjects, the row's text is the permission.
  const who = cell.subjects === undefined ? text : (header[index + 1] ?? '')
  return {
    statement: {
      kind: 'cell',
      file,
      line,
      heading,
      name: `${who}: ${about} is ${cell.text}`,
      permissions: permission === undefined ? [] : [permission],
      subjects: cell.subjects === undefined ? named : namesOf(who, cell.subjects),
      ok: cell.ok,
      message: failure?.message,
      counterexample: failure?.counterexample
    },
    source: { kind: 'cell', cell, expectation, subjects: cell.subjects ?? subjects }
  }
}

function namesOf(text: string, subjects: readonly MatrixSubject[]): string[] {
  return [...new Set([text, ...subjects.flatMap(({ data }) => namesIn(data))])]
}

function namesIn(data: SubjectData): string[] {
  if ('system' in data) return [`system:${data.system}`]
  return data.roles.map((role) => (typeof role === 'string' ? role : role.role))
}

// --- expectations ---------------------------------------------------------------------------------------------------

function readExpected(policy: Policy, { name, text }: SuiteFile, isList: boolean): ReadFile {
  const { expected, problems } = readExpectations(text, isList)
  return {
    sourced: expected.map((one) => fromExpected(policy, name, one)),
    problems: problems.map((problem) => ({ file: name, ...problem })),
    statesNothing: expected.length === 0 && !hasRequest(text)
  }
}

function fromExpected(policy: Policy, file: string, expected: Expected): Sourced {
  const message = differs(expected, answerTo(policy, expected.request))
  const { permission, subjects } = partsOf(expected.request)
  return {
    statement: {
      kind: 'expectation',
      file,
      line: expected.line,
      heading: '',
      name: nameOf(expected, permission, subjects),
      permissions: permission === undefined ? [] : [permission],
      subjects,
      ok: message === undefined,
      message,
      // The line itself has the request.
      counterexample: undefined
    },
    source: { kind: 'expectation', expected }
  }
}

function nameOf({ note, answer }: Expected, permission = 'a request', subjects: readonly string[]): string {
  if (note !== undefined) return note
  const said =
    'error' in answer
      ? `is the error ${answer.error}`
      : `is ${answer.allowed ? 'allowed' : 'refused'}${answer.reason === undefined ? '' : ` (${answer.reason})`}`
  return `${subjects.length === 0 ? 'nobody' : subjects.join(' + ')}: ${permission} ${said}`
}

/** The permission and subjects that a request names, as far as it can be read. */
function partsOf(request: unknown): { permission: string | undefined; subjects: string[] } {
  if (!isPlainObject(request)) return { permission: undefined, subjects: [] }
  const { subject, action, object } = request
  const type = isPlainObject(object) ? object['type'] : undefined
  const permission = typeof type === 'string' && typeof action === 'string' ? `${type}:${action}` : undefined
  return { permission, subjects: subjectsIn(subject) }
}

function subjectsIn(subject: unknown): string[] {
  if (!isPlainObject(subject)) return []
  const { system, roles } = subject
  if (typeof system === 'string') return [`system:${system}`]
  if (!Array.isArray(roles)) return []
  const names = roles.flatMap((role: unknown) => {
    const name = isPlainObject(role) ? role['role'] : role
    return typeof name === 'string' ? [name] : []
  })
  return [...new Set(names)]
}

// --- invariants -----------------------------------------------------------------------------------------------------

function fromInvariant({
  name,
  invariant,
  ok,
  isEmpty,
  counterexample,
  assignment
}: InvariantResult): Sourced {
  return {
    statement: {
      kind: 'invariant',
      file: undefined,
      line: undefined,
      heading: '',
      name,
      permissions: invariant.permissions ?? [],
      subjects: invariant.only ?? invariant.always ?? invariant.ladder ?? [],
      // An invariant about nothing is a mistake of its author.
      ok: ok && !isEmpty,
      ...(isEmpty ? { isEmpty } : {}),
      message: isEmpty
        ? 'it is about no object, so it says nothing'
        : ((counterexample && refutation(counterexample)) ??
          (assignment && `${describeAssign(assignment.decision)}: ${assignText(assignment)}`)),
      counterexample
    },
    source: { kind: 'invariant', invariant, isEmpty }
  }
}

function refutation({ decision, lower }: Counterexample): string {
  const answer = (one: Decision): string => `${one.allowed ? 'allowed' : 'refused'}: ${describeDecision(one)}`
  return [decision, ...(lower ? [lower.decision] : [])].map(answer).join('; ')
}
