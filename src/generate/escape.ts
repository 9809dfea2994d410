// Escapes names and descriptions for generated code. Each function is for one kind of place in a file: text escaped
// with the wrong one could end a string or a comment.
import { oneLine } from '../output/markdown.js'
import { withoutCommands } from '../output/terminal.js'
import { commandSign, hasUnseen, replaceUnseen, visible } from '../output/visible.js'

export { jsonText } from '../output/json.js'

/** A string literal of TypeScript and JavaScript. */
export function quoteText(text: string): string {
  const escaped = visible(text.replaceAll('\\', '\\\\')).replace(commandSign, '\\u0023')
  return `'${escaped.replaceAll("'", "\\'")}'`
}

/** A key of an object literal; `__proto__` is computed, since as a plain key it would set the prototype. */
export function quoteKey(name: string): string {
  if (name === '__proto__') return "['__proto__']"
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : quoteText(name)
}

/** The text of a one-line comment, without commands that build systems look for in their logs. */
export function commentLine(text: string): string {
  return withoutCommands(oneLine(text))
}

/**
 * The text inside a comment, on one line. It cannot be a compiler directive (`@ts-ignore`), a tag or a reference to a
 * source map.
 */
export function commentText(text: string): string {
  return commentLine(text)
    .replaceAll('*/', '*\\/')
    .replace(/(\/[/*])(?=[#@])/g, '$1\\')
    .replace(/^([/*\s]*)@/, '$1\\@')
}

/** YAML with invisible characters escaped; these may only be between double quotes. */
export function yamlText(text: string): string {
  return replaceUnseen(text, (character) => {
    // YAML uses these for layout, and its writer already escapes them inside a text.
    if (/[\t\n\r]/.test(character)) return character
    const code = character.codePointAt(0) ?? 0
    return code > 0xffff ? `\\U${hex(code, 8)}` : `\\u${hex(code, 4)}`
  }).replace(commandSign, '\\u0023')
}

/**
 * Whether a text needs double quotes in YAML: because `yamlText` has something to escape in it, or because one of its
 * lines would be a build system's command.
 */
export function needsEscapes(text: string): boolean {
  return hasUnseen(text) || text.search(commandSign) >= 0 || /^\s*::/m.test(text)
}

function hex(code: number, digits: number): string {
  return code.toString(16).padStart(digits, '0')
}
