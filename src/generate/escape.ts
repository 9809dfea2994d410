// Names and descriptions are somebody's text: here they become parts of generated code and nothing more. Each function
// is for one place in a file; a text that went through the wrong one may end a string or a comment.
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

/** A comment that ends with its line, where a program that runs builds finds no command. */
export function commentLine(text: string): string {
  return withoutCommands(oneLine(text))
}

/**
 * The inside of a comment, on one line, which is no directive to a compiler (`@ts-ignore`), no tag and no place of a
 * source map.
 */
export function commentText(text: string): string {
  return commentLine(text)
    .replaceAll('*/', '*\\/')
    .replace(/(\/[/*])(?=[#@])/g, '$1\\')
    .replace(/^([/*\s]*)@/, '$1\\@')
}

/** YAML in which every character that is not seen is an escape: each has to stand between double quotes. */
export function yamlText(text: string): string {
  return replaceUnseen(text, (character) => {
    // YAML lays its lines out with these, and escapes them inside a text by itself.
    if (/[\t\n\r]/.test(character)) return character
    const code = character.codePointAt(0) ?? 0
    return code > 0xffff ? `\\U${hex(code, 8)}` : `\\u${hex(code, 4)}`
  }).replace(commandSign, '\\u0023')
}

/** Whether `yamlText` has something to escape in a text, which then has to stand between double quotes. */
export function needsEscapes(text: string): boolean {
  return hasUnseen(text) || text.search(commandSign) >= 0
}

function hex(code: number, digits: number): string {
  return code.toString(16).padStart(digits, '0')
}
