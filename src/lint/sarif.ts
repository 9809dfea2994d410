// What the linter found as SARIF 2.1.0, which code hosts and editors read. Plain data: nothing is written here.
import { visible } from '../output/visible.js'
import type { LintResult } from './lint.js'
import type { Locate } from './print.js'
import { lintRules } from './registry.js'
import type { Finding, Severity, SuppressedFinding } from './types.js'

export interface SarifOptions {
  /** The policy file, as a URI or a path relative to the project, with `/` between folders. */
  readonly uri: string
  /** The version of casemate. */
  readonly version?: string | undefined
  readonly locate?: Locate | undefined
}

export interface SarifLog {
  readonly $schema: string
  readonly version: '2.1.0'
  readonly runs: readonly SarifRun[]
}

export interface SarifRun {
  readonly tool: { readonly driver: SarifDriver }
  readonly results: readonly SarifResult[]
}

export interface SarifDriver {
  readonly name: string
  readonly version?: string
  readonly rules: readonly SarifRule[]
}

export interface SarifRule {
  readonly id: string
  readonly shortDescription: { readonly text: string }
  readonly help: { readonly text: string }
  readonly defaultConfiguration: { readonly level: SarifLevel }
}

export type SarifLevel = 'error' | 'warning' | 'note'

export interface SarifResult {
  readonly ruleId: string
  /** The rule's position in the driver's list. */
  readonly ruleIndex: number
  readonly level: SarifLevel
  readonly message: { readonly text: string }
  readonly locations: readonly SarifLocation[]
  /** The same for the same rule at the same place of the document, whatever line that is in. */
  readonly partialFingerprints: Readonly<Record<string, string>>
  readonly suppressions?: readonly { readonly kind: 'inSource'; readonly justification: string }[]
}

export interface SarifLocation {
  readonly physicalLocation: {
    readonly artifactLocation: { readonly uri: string }
    readonly region?: { readonly startLine: number; readonly startColumn: number }
  }
  readonly logicalLocations: readonly [{ readonly fullyQualifiedName: string; readonly kind: 'member' }]
}

const levels: Readonly<Record<Severity, SarifLevel>> = { error: 'error', warning: 'warning', info: 'note' }

/** One run with every rule and every finding, suppressed ones marked as such. */
export function lintToSarif({ findings, suppressed }: LintResult, options: SarifOptions): SarifLog {
  const { version } = options
  const driver: SarifDriver = {
    name: 'casemate',
    ...(version === undefined ? {} : { version }),
    rules: lintRules.map(({ id, severity, summary, help }) => ({
      id,
      shortDescription: { text: summary },
      help: { text: help },
      defaultConfiguration: { level: levels[severity] }
    }))
  }
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver },
        results: [
          ...findings.map((finding) => toResult(finding, options)),
          ...suppressed.map((finding) => toSuppressed(finding, options))
        ]
      }
    ]
  }
}

function toResult(finding: Finding, { uri, locate }: SarifOptions): SarifResult {
  const { rule, severity, message, path } = finding
  const position = locate?.(finding)
  const region =
    position === undefined ? {} : { region: { startLine: position.line, startColumn: position.column } }
  return {
    ruleId: rule,
    ruleIndex: lintRules.findIndex(({ id }) => id === rule),
    level: levels[severity],
    message: { text: sarifText(message) },
    locations: [
      {
        physicalLocation: { artifactLocation: { uri }, ...region },
        logicalLocations: [{ fullyQualifiedName: visible(path), kind: 'member' }]
      }
    ],
    partialFingerprints: { 'rulePath/v1': visible(`${rule} ${path}`) }
  }
}

function toSuppressed(finding: SuppressedFinding, options: SarifOptions): SarifResult {
  return {
    ...toResult(finding, options),
    suppressions: [{ kind: 'inSource', justification: visible(finding.reason) }]
  }
}

/**
 * A message without anything that a reader of SARIF looks for in one: braces, which would be a placeholder, are doubled,
 * and where the text could be a link, its brackets are escaped.
 */
function sarifText(text: string): string {
  const shown = visible(text).replace(/[{}]/g, '$&$&')
  return shown.includes('](') ? shown.replace(/[\\[\]]/g, '\\$&') : shown
}
