// Escapes text for XML and HTML. Invisible characters become visible escapes: XML cannot hold most of them, and a
// browser would act on the rest.
import { jsonText } from './json.js'
import { commandSign, escapeOf, visible } from './visible.js'

const entities: ReadonlyMap<string, string> = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
  ["'", '&#39;'],
  ['\t', '&#9;'],
  ['\n', '&#10;'],
  ['\r', '&#13;']
])

/** Text for an attribute or an element of XML 1.0: tabs and line breaks as references, so that a parser keeps them. */
export function escapeXml(text: string): string {
  return text
    .split(/([\t\n\r])/)
    .map((part, index) => (index % 2 === 1 ? part : visible(part)))
    .join('')
    .replace(/[&<>"'\t\n\r]/g, entity)
    .replace(commandSign, '&#35;')
}

/** Text for an attribute or an element of HTML; line breaks become spaces. */
export function escapeHtml(text: string): string {
  return visible(text.replace(/[\t\n\r]/g, ' '))
    .replace(/[&<>"']/g, entity)
    .replace(commandSign, '&#35;')
}

function entity(character: string): string {
  return entities.get(character) ?? escapeOf(character)
}

/** A value as JSON inside a script element of HTML: nothing in it ends the element or begins a comment. */
export function scriptJson(value: unknown): string {
  return jsonText(value).replaceAll('<', '\\u003c')
}
