// The page about the rules of the linter, made from the rules and from the examples that their tests use.
import { isDeepStrictEqual } from 'node:util'
import { Document, isScalar, visit } from 'yaml'

import { compile, parsePolicy } from '../../src/index.js'
import { lint, lintRules, type LintRule } from '../../src/lint/index.js'
import { code, sentenceOf } from '../../src/output/markdown.js'
import { page, table, type Block } from '../../src/generate/docs/markdown.js'
import { examples } from '../../test/fixtures/lint/examples.js'

/** An example with more lines than this in one of its halves is not shown. */
const mostLines = 16

const introduction = `# Lint rules

What \`casemate lint\` and \`lint\` of [\`casemate/lint\`](api/lint.md) find. A policy with findings is valid: it decides
as it says. An \`error\` does not do what it says, a \`warning\` is likely not meant, an \`info\` is worth a look.

A finding that is meant is named in the policy, with its rule, its path and a reason:

\`\`\`yaml
lint:
  ignore:
    - rule: future-wildcard
      path: roles.owner.grants.site.allow.*
      reason: an owner may do whatever there will be
\`\`\`

A path names an element of a list by what it says, not by its position, so that it stays the same when the list grows:
\`roles.owner.assigns[member]\`, \`roles.owner.grants.site.allow.doc[read]\`, \`roles.owner.variants[plan = free]\`. A name
that is a number is in quotes, as in \`assigns["7"]\`; of elements that say the same the second ends in \` #2\`. A path with
positions (\`assigns[0]\`) still counts, and [\`positional-suppression\`](#positional-suppression) says what to write.

The examples show what differs between a policy with the finding and the nearest one without it.`

export function lintRulesPage(): string {
  const rows = lintRules.map(({ id, severity, summary }) => [
    `[${code(id)}](#${id})`,
    severity,
    sentenceOf(summary)
  ])
  return page([introduction, table(['rule', 'severity', 'finds'], rows), ...lintRules.flatMap(sectionOf)])
}

function sectionOf({ id, severity, summary, help }: LintRule): Block[] {
  return [`## ${id}`, `Severity: \`${severity}\`. ${sentenceOf(summary)}`, sentenceOf(help), ...exampleOf(id)]
}

/** The shortest example that is short enough. */
function exampleOf(id: string): Block[] {
  const shown = (examples[id] ?? [])
    .map(({ what, bad, good }) => ({ what, bad, ...difference(bad, good) }))
    .filter(({ found, clean }) => Math.max(lineCount(found), lineCount(clean)) <= mostLines)
    .sort((a, b) => a.found.length + a.clean.length - b.found.length - b.clean.length)[0]
  if (shown === undefined) return []
  const messages = lint(compile(parsePolicy(shown.bad))).findings.map(({ message }) => message)
  return [
    `Found, ${sentenceOf(shown.what)}:`,
    ['```yaml', shown.found.trimEnd(), '```'],
    ['```text', ...messages, '```'],
    'Not found:',
    ['```yaml', shown.clean.trimEnd(), '```']
  ]
}

/** Both policies without the entries that they have in common, as YAML. */
function difference(bad: object, good: object): { readonly found: string; readonly clean: string } {
  return { found: yamlOf(differing(bad, good, 2)), clean: yamlOf(differing(good, bad, 2)) }
}

/** As people write it: lists of names stand on one line. */
function yamlOf(data: object): string {
  const document = new Document(data)
  visit(document, {
    Seq(_, list) {
      list.flow = list.items.every((item) => isScalar(item))
    }
  })
  return document.toString({ flowCollectionPadding: false, singleQuote: true, lineWidth: 100 })
}

/** The entries of a record that are not in the other one, down to this depth. */
function differing(record: object, other: object, depth: number): object {
  const others = new Map<string, unknown>(Object.entries(other))
  return Object.fromEntries(
    Object.entries(record)
      .filter(([key, value]) => !isDeepStrictEqual(value, others.get(key)))
      .map(([key, value]: [string, unknown]) => {
        const counterpart = others.get(key)
        return [
          key,
          depth > 1 && isRecord(value) && isRecord(counterpart)
            ? differing(value, counterpart, depth - 1)
            : value
        ]
      })
  )
}

function isRecord(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function lineCount(text: string): number {
  return text.split('\n').length
}
