// A page as one text. It loads nothing: its styles and scripts are in it, named by their hashes in a policy that forbids
// everything else, and its data is JSON that no reader of HTML takes for an end of its element.
import { escapeHtml, scriptJson } from '../output/xml.js'
import type { ExploreData } from './data.js'

/** What the build makes of `page/`. */
export interface BuiltPage {
  /** One script, which needs no other. */
  readonly script: string
  /** One style sheet. */
  readonly style: string
}

/** What a page is made of. */
export interface PageParts {
  readonly title: string
  readonly style: string
  /** In the order in which they run. */
  readonly scripts: readonly string[]
  /** Values of JSON by the ids of their elements, which the scripts read. */
  readonly data: Readonly<Record<string, unknown>>
  /** What the page may do beside running its own scripts: directives of a Content-Security-Policy. */
  readonly allowed?: readonly string[]
  /** Lets a script add styles that know this value. */
  readonly styleNonce?: string
}

/** The explorer's page, whole: the same data gives the same text. */
export async function explorePage(data: ExploreData, { script, style }: BuiltPage): Promise<string> {
  return await pageText({ title: titleOf(data.document.name), style, scripts: [script], data: { data } })
}

/** What a page about a policy is called. */
export function titleOf(name: string): string {
  return `${name}: explorer`
}

/** A page, whole. */
export async function pageText(parts: PageParts): Promise<string> {
  const { title, style, data, allowed = [], styleNonce } = parts
  const scripts = parts.scripts.map((script) => script.replaceAll(/<(?=\/script|!--)/gi, '\\x3c'))
  const nonce = styleNonce === undefined ? [] : [`'nonce-${styleNonce}'`]
  const rules = [
    "default-src 'none'",
    `script-src ${(await Promise.all(scripts.map(hashOf))).join(' ')}`,
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
</head>
<body>
<div id="app"><noscript>This page asks the policy with a script that is part of it; nothing is loaded.</noscript></div>
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
