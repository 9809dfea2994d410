// A page as one text. It loads nothing: its styles and scripts are in it, named by their hashes in a policy that forbids
// everything else, and its data is JSON that no reader of HTML takes for an end of its element. Its first view is in it as
// HTML, so that it is seen before a script has run.
import { commandSign, escapeOf, replaceUnseen } from '../output/visible.js'
import { escapeHtml, scriptJson } from '../output/xml.js'
import type { ExploreData } from './data.js'

/** What the build makes of `page/`. */
export interface BuiltPage {
  /** One script, which needs no other. */
  readonly script: string
  /** One style sheet. */
  readonly style: string
  /** The HTML of what the page shows first, which the script goes on from. */
  readonly firstView: (data: ExploreData) => string
}

/** What a page is made of. */
export interface PageParts {
  readonly title: string
  readonly style: string
  /** In the order in which they run. */
  readonly scripts: readonly string[]
  /** What is shown first; absent where a script draws everything. A script can go on from what is exact. */
  readonly firstView?: { readonly html: string; readonly isExact: boolean }
  /** Values of JSON by the ids of their elements, which the scripts read. */
  readonly data: Readonly<Record<string, unknown>>
  /** What the page may do beside running its own scripts: directives of a Content-Security-Policy. */
  readonly allowed?: readonly string[]
  /** Lets a script add styles that know this value. */
  readonly styleNonce?: string
}

/** The explorer's page, whole: the same data gives the same text. */
export async function explorePage(data: ExploreData, built: BuiltPage): Promise<string> {
  return await pageText(exploreParts(data, built))
}

/** What the explorer's page is made of. */
export function exploreParts(data: ExploreData, { script, style, firstView }: BuiltPage): PageParts {
  const drawn = firstView(data)
  return {
    title: `${data.document.name}: explorer`,
    style,
    scripts: [script],
    data: { data },
    ...(drawn.length > largestFirstView ? {} : { firstView: writtenView(drawn) })
  }
}

/** In characters. A matrix of more than some thousand cells would make the file larger than the policy does. */
const largestFirstView = 600_000

/** What HTML has no reference for, or reads as another character. */
const withoutReference = /(?![\t\n])[\p{Cc}\p{Cs}\p{NChar}]/u

/** What cannot be seen as references, or as escapes where there are none: then the script draws all of it anew. */
function writtenView(drawn: string): NonNullable<PageParts['firstView']> {
  const html = replaceUnseen(drawn, (character) =>
    withoutReference.test(character)
      ? escapeOf(character)
      : `&#x${(character.codePointAt(0) ?? 0).toString(16)};`
  )
  return { html: html.replace(commandSign, '&#35;'), isExact: !withoutReference.test(drawn) }
}

/** Runs before anything is shown. */
const asksForAnother = "if(location.hash.length>1)document.documentElement.className='asked'"

/** A page, whole. */
export async function pageText(parts: PageParts): Promise<string> {
  const { title, style, data, allowed = [], styleNonce, firstView } = parts
  const early = firstView === undefined ? [] : [asksForAnother]
  const scripts = parts.scripts.map((script) => script.replaceAll(/<(?=\/script|!--)/gi, '\\x3c'))
  const nonce = styleNonce === undefined ? [] : [`'nonce-${styleNonce}'`]
  const rules = [
    "default-src 'none'",
    `script-src ${(await Promise.all([...early, ...scripts].map(hashOf))).join(' ')}`,
    ['style-src', await hashOf(style), ...nonce].join(' '),
    ...allowed,
    "base-uri 'none'",
    "form-action 'none'"
  ]
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${rules.join('; ')}">
<meta name="referrer" content="no-referrer">
<title>${escapeHtml(title)}</title>
<style${styleNonce === undefined ? '' : ` nonce="${styleNonce}"`}>${style}</style>
${early.map((script) => `<script>${script}</script>\n`).join('')}</head>
<body>
<noscript><p class="news">Without scripts this page only shows its first view. Its script is part of it; nothing is loaded.</p></noscript>
<div id="app"${firstView?.isExact === true ? ' data-drawn' : ''}>${firstView?.html ?? ''}</div>
${Object.entries(data)
  .map(([id, value]) => `<script type="application/json" id="${id}">${scriptJson(value)}</script>\n`)
  .join('')}${scripts.map((script) => `<script>${script}</script>`).join('\n')}
</body>
</html>
`
}

/** As a Content-Security-Policy names what is between the tags. */
async function hashOf(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))
  return `'sha256-${btoa(String.fromCharCode(...new Uint8Array(digest)))}'`
}
