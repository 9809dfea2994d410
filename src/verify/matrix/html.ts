// HTML in a page: what it hides from a reader, what it leaves unclosed, and whether it shows a table. Tables in HTML
// are not checked, so one on a page of matrices has to be reported.

/** HTML blocks that end only at their closing mark and not at a blank line. */
const endless: readonly (readonly [start: RegExp, end: RegExp, name: string])[] = [
  [/^<!--/, /-->/, 'comment'],
  [/^<(?:script|pre|style|textarea)(?=[\s>]|$)/i, /<\/(?:script|pre|style|textarea)>/i, 'HTML element'],
  [/^<\?/, /\?>/, 'HTML instruction'],
  [/^<!\[CDATA\[/, /\]\]>/, 'HTML section'],
  [/^<![a-z]/i, />/, 'HTML declaration']
]

export interface ReadHtml {
  /** The first part that nothing closes, so that it hides everything after it. */
  readonly leftOpen: { readonly line: number; readonly name: string } | undefined
  /** The line of the first tag of a table that is shown, from 0. */
  readonly table: number | undefined
  /** The line of a Markdown table row that is shown as plain text, from 0. */
  readonly row: number | undefined
}

/** Reads an HTML block, without the marks of the lists and quotes that it is in. */
export function readHtml(html: string): ReadHtml {
  const text = html.trimStart()
  const { shown, openAt } = showHtml(html)
  const kind = endless.find(([start]) => start.test(text))
  const isOpen = kind !== undefined && !kind[1].test(text)
  return {
    leftOpen: isOpen
      ? { line: 0, name: kind[2] }
      : openAt === undefined
        ? undefined
        : { line: lineAt(html, openAt), name: 'comment' },
    table: lineOfFirst(shown, tableTag),
    row: /^<pre\b/i.test(text) ? undefined : lineOfFirst(shown, /^[ \t]*\|/m)
  }
}

/** A tag that makes a table. */
export const tableTag = /<(?:table|tr|t[dh])(?=[\s/>]|$)/im

/**
 * HTML without what a browser hides, line by line: comments, which a browser ends at `--!>` too, and the insides of
 * elements that hold raw text. `openAt` is where the first of them begins that nothing ends.
 */
function showHtml(html: string): { shown: string; openAt: number | undefined } {
  const start = /<!--(-?>)?|<(script|style|textarea|title)(?=[\s/>]|$)/gi
  let shown = ''
  let at = 0
  for (let found = start.exec(html); found !== null; found = start.exec(html)) {
    const [all, short, name] = found
    shown += html.slice(at, found.index)
    const end = name === undefined ? /--!?>/g : new RegExp(`</${name}(?=[\\s/>]|$)`, 'gi')
    end.lastIndex = found.index + all.length
    if (short === undefined && end.exec(html) === null) return { shown, openAt: found.index }
    at = short === undefined ? end.lastIndex : start.lastIndex
    start.lastIndex = at
    shown += html.slice(found.index, at).replace(/[^\n]/g, '')
  }
  return { shown: shown + html.slice(at), openAt: undefined }
}

function lineOfFirst(text: string, sought: RegExp): number | undefined {
  const at = text.search(sought)
  return at < 0 ? undefined : lineAt(text, at)
}

function lineAt(text: string, at: number): number {
  return text.slice(0, at).split('\n').length - 1
}

/** Whether a page with HTML tables seems to have a matrix in one: a cell `yes`, `no`, `Subject` or `Role`. */
export function looksLikeMatrix(markdown: string): boolean {
  return /(?:^|[>\n])[ \t]*(?:yes|no|subjects?|roles?)[ \t]*(?:\(|[<\r\n]|$)/i.test(markdown)
}
