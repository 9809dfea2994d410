// The problems of a text as an editor underlines them: what makes it no policy, or else what the linter finds.
import type * as Yaml from 'yaml'
import { PolicyError, type Problem } from '../../errors.js'
import { lint, type LintFinding, type LintSeverity } from '../../lint/index.js'
import { parsePolicyText, type TextFormat } from '../../node/parse-text.js'
import { positionsOf, type Positions } from '../../node/positions.js'
import { visibleLines } from '../../output/visible.js'
import { compile } from '../../policy/create.js'
import type { Policy } from '../../policy/types/index.js'
import { lineStarts } from '../../text/problem.js'
import { fixedOptions } from '../under-options.js'
import type { Outline } from './outline.js'

/** One line under a piece of the text. */
export interface Remark {
  readonly severity: LintSeverity
  readonly code: string
  readonly message: string
  readonly start: number
  readonly end: number
}

/** What an editor shows of a text, and the policy that it is, if it is one. */
export interface Diagnosis {
  readonly remarks: readonly Remark[]
  readonly policy: Policy | undefined
}

/** A list of problems that nobody reads to its end is cut. */
const mostRemarks = 500

/** Larger policies are linted on the command line: roles times permissions. */
const mostLinted = 20_000

/** Reads a text as a policy, and lints it. It never throws for what stands in the text. */
export async function diagnose(
  yaml: typeof Yaml,
  text: string,
  format: TextFormat,
  outline: Outline
): Promise<Diagnosis> {
  const { policy, remarks } = await readPolicy(yaml, text, format, outline)
  if (policy === undefined || isLarge(policy)) return { policy, remarks }
  const positions = positionsOf(yaml, text, outline.document)
  return { policy, remarks: findingRemarks(lint(policy).findings, positions) }
}

/** Reads a text as a policy under some options, or says what makes it none. It never throws for what stands in the text. */
export async function readPolicy(
  yaml: typeof Yaml,
  text: string,
  format: TextFormat,
  outline: Outline,
  options?: ReadonlyMap<string, string>
): Promise<Diagnosis> {
  try {
    const document = await parsePolicyText(text, format)
    const policy = compile(document, { options: fixedOptions([document], options) })
    return { policy, remarks: [] }
  } catch (error) {
    if (!(error instanceof PolicyError)) return { remarks: [unreadable(error)], policy: undefined }
    const positions = positionsOf(yaml, text, outline.document)
    const starts = lineStarts(text)
    const remarks = error.problems.slice(0, mostRemarks).map((one) => remarkOf(one, text, starts, positions))
    return { remarks, policy: undefined }
  }
}

function isLarge({ resources, roles }: Policy): boolean {
  const permissions = resources.list().reduce((sum, { actions }) => sum + actions.length, 0)
  return permissions * (roles.list().length + 1) > mostLinted
}

/** What the linter says, each where it stands. */
export function findingRemarks(findings: readonly LintFinding[], positions: Positions): Remark[] {
  return findings.slice(0, mostRemarks).map(({ rule, severity, message, at }) => {
    const { start = 0, end = 0 } = positions.find(at) ?? {}
    return { severity, code: rule, message: visibleLines(message), start, end }
  })
}

function remarkOf(
  { code, path, message, file, line, column }: Problem,
  text: string,
  starts: readonly number[],
  positions: Positions
): Remark {
  const where = line === undefined ? '' : `:${line}:${column ?? 1}`
  const prefix = `${file ?? ''}${where}: `
  const said = message.startsWith(prefix) ? message.slice(prefix.length) : message
  const start = line === undefined ? 0 : (starts[line - 1] ?? 0) + (column ?? 1) - 1
  const place = path === '' ? undefined : positions.nearest(path)
  const end = place?.start === start ? place.end : endOfWord(text, start)
  return { severity: 'error', code, message: visibleLines(said), start, end }
}

function endOfWord(text: string, start: number): number {
  const [word = ''] = /^[^\s,:[\]{}]+/.exec(text.slice(start, start + 100)) ?? []
  return Math.min(text.length, start + Math.max(1, word.length))
}

function unreadable(error: unknown): Remark {
  const message = error instanceof Error ? error.message : String(error)
  return {
    severity: 'error',
    code: 'unreadable',
    message: visibleLines(message.slice(0, 400)),
    start: 0,
    end: 0
  }
}
