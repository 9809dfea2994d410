// The findings of the linter as GitHub workflow commands, each at its line where that is known.
import { workflowCommand } from '../../output/workflow.js'
import { printLint, type LintLocate, type LintResult, type LintSeverity } from '../../lint/index.js'

const commands: Readonly<Record<LintSeverity, 'error' | 'warning' | 'notice'>> = {
  error: 'error',
  warning: 'warning',
  info: 'notice'
}

/** An annotation for each finding that counts, and the line that counts them. */
export function findingsToGithub(result: LintResult, file: string, locate?: LintLocate): string {
  const annotations = result.findings.map((finding) => {
    const { line, column } = locate?.(finding) ?? {}
    return workflowCommand(
      commands[finding.severity],
      { file, line, col: column, title: finding.rule },
      finding.message
    )
  })
  return [...annotations, printLint({ ...result, findings: [] })].join('\n')
}
