// Findings as SARIF 2.1.0, which code hosts and editors read, as plain data.
import { visible } from '../output/visible.js'
import type { LintResult } from './lint.js'
import type { Locate, Position } from './print.js'
import { lintRules } from './registry.js'
import type { RuleInfo, Severity, SuppressedFinding } from './types.js'

/** What SARIF needs besides the findings. */
export interface SarifOptions {
  /** The policy file, as a URI or a path relative to the project, with `/` between folders. */
  readonly uri: string
  /** The version of casemate. */
  readonly version?: string | undefined
  /** Finds the line of a finding; without it, a result has the file and the path in the policy. */
  readonly locate?: Locate | undefined
}

/** A SARIF file, for `JSON.stringify`. */
export interface SarifLog {
  /** Where its schema is. */
  readonly $schema: string
  readonly version: '2.1.0'
  /** One run. */
  readonly runs: readonly SarifRun[]
}

/** One run of the linter. */
export interface SarifRun {
  /** The linter. */
  readonly tool: { readonly driver: SarifDriver }
  /** The findings, suppressed ones last. */
  readonly results: readonly SarifResult[]
}

/** The linter and its rules. */
export interface SarifDriver {
  /** `casemate`. */
  readonly name: string
  /** As the options have it. */
  readonly version?: string
  /** Every rule, also those that found nothing. */
  readonly rules: readonly SarifRule[]
}

/** A rule. */
export interface SarifRule {
  /** As in findings. */
  readonly id: string
  /** Its summary. */
  readonly shortDescription: { readonly text: string }
  /** What to do about it. */
  readonly help: { readonly text: string }
  /** Its severity. */
  readonly defaultConfiguration: { readonly level: SarifLevel }
}

/** A severity in the words of SARIF: `info` is `note`. */
export type SarifLevel = 'error' | 'warning' | 'note'

/** A finding. */
export interface SarifResult {
  /** The rule's id. */
  readonly ruleId: string
  /** The rule's position in the driver's list. */
  readonly ruleIndex: number
  /** The finding's severity. */
  readonly level: SarifLevel
  /** What the finding says. */
  readonly message: { readonly text: string }
  /** One: the place in the file and in the policy. */
  readonly locations: readonly SarifLocation[]
  /** The same for the same rule at the same place of the document, whatever line that is in. */
  readonly partialFingerprints: Readonly<Record<string, string>>
  /** The reason that `lint.ignore` gives; absent for a finding that counts. */
  readonly suppressions?: readonly { readonly kind: 'inSource'; readonly justification: string }[]
}

/** Where a finding is. */
export interface SarifLocation {
  /** The file, with line and column where they are known. */
  readonly physicalLocation: {
    readonly artifactLocation: { readonly uri: string }
    readonly region?: { readonly startLine: number; readonly startColumn: number }
  }
  /** The path in the policy. */
  readonly logicalLocations: readonly [{ readonly fullyQualifiedName: string; readonly kind: 'member' }]
}

const levels: Readonly<Record<Severity, SarifLevel>> = { error: 'error', warning: 'warning', info: 'note' }

/** One run with every rule and every finding, suppressed ones marked as such. */
export function lintToSarif({ findings, suppressed }: LintResult, options: SarifOptions): SarifLog {
  const { uri, version, locate } = options
  const results = [...findings, ...suppressed].map((finding) => ({
    ...finding,
    uri,
    position: locate?.(finding)
  }))
  return sarifOf({ version, rules: lintRules, results })
}

/** Something found in a file; with a reason it does not count. */
interface PlacedFinding extends Pick<SuppressedFinding, 'rule' | 'severity' | 'path' | 'message'> {
  readonly uri: string
  readonly position: Position | undefined
  readonly reason?: string
}

/** What a run is made of: its rules, and what they found. */
export interface SarifParts {
  readonly version: string | undefined
  readonly rules: readonly RuleInfo[]
  readonly results: readonly PlacedFinding[]
}

/** One run of any rules. */
export function sarifOf({ version, rules, results }: SarifParts): SarifLog {
  const driver: SarifDriver = {
    name: 'casemate',
    ...(version === undefined ? {} : { version }),
    rules: rules.map(({ id, severity, summary, help }) => ({
      id,
      shortDescription: { text: summary },
      help: { text: help },
      defaultConfiguration: { level: levels[severity] }
    }))
  }
  const indexOf = new Map(rules.map(({ id }, index) => [id, index]))
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [{ tool: { driver }, results: results.map((one) => toResult(one, indexOf.get(one.rule) ?? -1)) }]
  }
}

function toResult(finding: PlacedFinding, ruleIndex: number): SarifResult {
  const { rule, severity, message, path, uri, position, reason } = finding
  const region =
    position === undefined ? {} : { region: { startLine: position.line, startColumn: position.column } }
  return {
    ruleId: rule,
    ruleIndex,
    level: levels[severity],
    message: { text: sarifText(message) },
    locations: [
      {
        physicalLocation: { artifactLocation: { uri }, ...region },
        logicalLocations: [{ fullyQualifiedName: visible(path), kind: 'member' }]
      }
    ],
    partialFingerprints: { 'rulePath/v1': visible(`${rule} ${path}`) },
    ...(reason === undefined
      ? {}
      : { suppressions: [{ kind: 'inSource', justification: visible(reason) }] as const })
  }
}

/**
 * A message escaped for SARIF: braces are doubled, because they would be placeholders, and brackets are escaped if the
 * text could be read as a link.
 */
function sarifText(text: string): string {
  const shown = visible(text).replace(/[{}]/g, '$&$&')
  return shown.includes('](') ? shown.replace(/[\\[\]]/g, '\\$&') : shown
}
