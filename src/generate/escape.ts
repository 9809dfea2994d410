// Names and descriptions are somebody's text: here they become parts of generated code and nothing more. Each function
// is for one place in a file; a text that went through the wrong one may end a string or a comment.

/** Characters that end a line, hide, or turn the text around them: never written as they are. */
const unseen = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/gu

/** The same without those that JSON and YAML lay their lines out with, and escape inside a text by themselves. */
const unseenInData = /(?![\t\n\r])[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/gu

/** Whether the text has a character that is only ever written as an escape. */
export function hasUnseen(text: string): boolean {
  return text.search(unseen) >= 0
}

/** The text with every control and invisible character as an escape that a person can read. */
export function visible(text: string): string {
  return text.replace(unseen, (character) => {
    const code = character.codePointAt(0) ?? 0
    return code > 0xffff ? `\\u{${code.toString(16)}}` : `\\u${hex(code, 4)}`
  })
}

/** The text on one line: line breaks and other runs of white space are one space. */
export function oneLine(text: string): string {
  return visible(text.replace(/\s+/g, ' ').trim())
}

/** A string literal of TypeScript and JavaScript. */
export function quoteText(text: string): string {
  const escaped = visible(text.replaceAll('\\', '\\\\'))
  return `'${escaped.replaceAll("'", "\\'")}'`
}

/** A key of an object literal; `__proto__` is computed, since as a plain key it would set the prototype. */
export function quoteKey(name: string): string {
  if (name === '__proto__') return "['__proto__']"
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : quoteText(name)
}

/** The inside of a block comment, on one line, which is no directive to a compiler (`@ts-ignore`) and no tag. */
export function commentText(text: string): string {
  return oneLine(text)
    .replaceAll('*/', '*\\/')
    .replace(/^([/*\s]*)@/, '$1\\@')
}

/** A value as JSON, every invisible character as an escape; `space` as for `JSON.stringify`. */
export function jsonText(value: unknown, space?: string): string {
  return JSON.stringify(value, undefined, space).replace(unseenInData, (character) =>
    character
      .split('')
      .map((unit) => `\\u${hex(unit.charCodeAt(0), 4)}`)
      .join('')
  )
}

/** YAML in which every invisible character is an escape: each has to stand between double quotes. */
export function yamlText(text: string): string {
  return text.replace(unseenInData, (character) => {
    const code = character.codePointAt(0) ?? 0
    return code > 0xffff ? `\\U${hex(code, 8)}` : `\\u${hex(code, 4)}`
  })
}

function hex(code: number, digits: number): string {
  return code.toString(16).padStart(digits, '0')
}
