// A difference between two policies as Markdown for a pull request: a list for each subject, with the requests that
// show it folded away. Names are escaped, so that none can end a code span, list or fold.
import { code, codes, fenced, prose, sentenceOf } from '../output/markdown.js'
import { requestText } from '../verify/space/words.js'
import {
  alike,
  bySubject,
  declared,
  describeRename,
  guessed,
  onWhat,
  summarize,
  type Alike
} from './words.js'
import type { Difference, PolicyDiff } from './types.js'
import { quoteValue } from '../problems/quote.js'

/** How the page is written. */
export interface DiffMarkdownOptions {
  /** What stands in the heading; by default `Access changes`. */
  readonly title?: string | undefined
}

/** The page, ending in a line break. The same difference gives the same text. */
export function diffToMarkdown(
  diff: PolicyDiff,
  { title = 'Access changes' }: DiffMarkdownOptions = {}
): string {
  const list = (heading: string, lines: readonly string[]): string[] =>
    lines.length === 0 ? [] : [`### ${heading}`, lines.map((line) => `- ${sentenceOf(line)}`).join('\n')]
  const parts = [
    `## ${prose(title)}`,
    `**${summarize(diff)}**`,
    ...section('Gained', diff.gained),
    ...section('Lost', diff.lost),
    ...list(
      'Also gained',
      diff.widened.map(({ message }) => message)
    ),
    ...list(
      'Also lost',
      diff.narrowed.map(({ message }) => message)
    ),
    ...list('Renamed, with the same grants', guessed(diff).map(describeRename)),
    ...list('Renamed, as declared', declared(diff).map(describeRename)),
    ...list('Denies that are gone with their role', diff.removedDenies.map(quoteValue)),
    ...list('Also changed', diff.changes)
  ]
  return `${parts.join('\n\n')}\n`
}

function section(heading: string, all: readonly Difference[]): string[] {
  if (all.length === 0) return []
  return [
    `### ${heading}`,
    ...bySubject(all).flatMap(([subject, differences]) => {
      const groups = alike(differences)
      const items = groups.map(
        ({ first, permissions }) => `- ${codes(permissions)} (${prose(onWhat(first))})`
      )
      return [`#### ${code(subject)}`, items.join('\n'), requests(groups)]
    })
  ]
}

/** A fold with one request for each item; the same request with another action shows its other permissions. */
function requests(groups: readonly Alike[]): string {
  const lines = groups.map(({ first }) => requestText(first.witness, first.options))
  const what = groups.length === 1 ? 'The request that shows it' : 'Requests that show it, in this order'
  return [`<details><summary>${what}</summary>`, '', ...fenced('json', lines), '', '</details>'].join('\n')
}
