// The problems of a policy for machines: as GitHub workflow commands and as SARIF 2.1.0, each at its line where that is
// known. Where a problem is has been found before (`node/placed.ts`).
import type { Problem } from '../../errors.js'
import { sarifOf, type SarifLog } from '../../lint/sarif.js'
import { workflowCommand } from '../../output/workflow.js'
import { toUri } from './uri.js'

/** An annotation for each problem, on its line of the file. */
export function problemsToGithub(problems: readonly Problem[], policy: string): string {
  return problems
    .map(({ code, file = policy, line, column, message }) =>
      workflowCommand('error', { file, line, col: column, title: code }, message)
    )
    .join('\n')
}

/** One run with a rule for each code that was found. */
export function problemsToSarif(
  problems: readonly Problem[],
  policy: string,
  version: string | undefined
): SarifLog {
  const codes = [...new Set(problems.map(({ code }) => code))].sort()
  const rules = codes.map((code) => ({
    id: code,
    severity: 'error' as const,
    summary: `The document is no policy: ${code.replaceAll('_', ' ')}.`,
    help: 'What it means stands in docs/reference/errors.md under "Policy documents".'
  }))
  const results = problems.map(({ code, path, message, file = policy, line, column }) => ({
    rule: code,
    severity: 'error' as const,
    path,
    message,
    uri: toUri(file),
    position: line === undefined || column === undefined ? undefined : { line, column }
  }))
  return sarifOf({ version, rules, results })
}
