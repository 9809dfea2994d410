// A difference between two policies as text for a terminal, and as JSON.
import { jsonText } from '../output/json.js'
import { terminalLine } from '../output/terminal.js'
import { requestText } from '../verify/space/words.js'
import { alike, bySubject, declared, describeRename, guessed, onWhat, summarize } from './words.js'
import type { Difference, PolicyDiff, Widening } from './types.js'
import { quoteValue } from '../problems/quote.js'

/** How a difference is printed. */
export interface PrintDiffOptions {
  /** Colour gains and losses for a terminal, in addition to their signs. */
  readonly colour?: boolean | undefined
}

const colours = { '+': 32, '-': 31 } as const

/**
 * Who gains and who loses what, by subject, each with a request that shows it; then what else differs. A line with
 * several permissions of a resource has the request of the first: with the other actions it shows the others.
 */
export function printDiff(diff: PolicyDiff, { colour = false }: PrintDiffOptions = {}): string {
  const coloured = (sign: '+' | '-', text: string): string =>
    colour ? `\u001B[${colours[sign]}m${terminalLine(text)}\u001B[0m` : terminalLine(text)
  const part = (title: string, sign: '+' | '-', all: readonly Difference[]): string[] =>
    all.length === 0
      ? []
      : [
          title,
          ...bySubject(all).flatMap(([subject, differences]) => [
            terminalLine(`  ${subject}`),
            ...alike(differences).flatMap(({ first, permissions }) => [
              coloured(sign, `  ${sign} ${permissions.join(', ')} (${onWhat(first)})`),
              terminalLine(`      ${requestText(first.witness, first.options)}`)
            ])
          ])
        ]
  const messages = (all: readonly Widening[], sign: '+' | '-'): string[] =>
    all.map(({ message }) => coloured(sign, `${sign} ${message}`))
  const rest = (title: string, lines: readonly string[]): string[] =>
    lines.length === 0 ? [] : [title, ...lines.map((line) => terminalLine(`  ${line}`))]
  const parts = [
    part('Gained', '+', diff.gained),
    part('Lost', '-', diff.lost),
    rest('Also gained', messages(diff.widened, '+')),
    rest('Also lost', messages(diff.narrowed, '-')),
    rest('Renamed, with the same grants', guessed(diff).map(describeRename)),
    rest('Renamed, as declared', declared(diff).map(describeRename)),
    rest('Denies that are gone with their role', diff.removedDenies.map(quoteValue)),
    rest('Also changed', diff.changes),
    [summarize(diff)]
  ]
  return parts.flatMap((lines) => (lines.length === 0 ? [] : [lines.join('\n')])).join('\n\n')
}

/**
 * The difference as JSON: `{ gained, lost, widened, narrowed, renamed, removedDenies, changes }`, each gain and loss
 * with its `subject`, `permission`, `relation` and `witness`, and with the deployment's `options` under which the
 * witness shows it where they matter.
 */
export function diffToJson({ gained, lost, ...rest }: PolicyDiff): string {
  const entries = (all: readonly Difference[]): object[] =>
    all.map(({ subject, permission, relation, byAcl, witness, options }) => ({
      subject,
      permission,
      relation,
      ...(byAcl ? { byAcl } : {}),
      witness,
      ...(Object.keys(options).length === 0 ? {} : { options })
    }))
  return jsonText({ gained: entries(gained), lost: entries(lost), ...rest })
}
