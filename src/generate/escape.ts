// Names and descriptions are somebody's text: here they become parts of generated code and nothing more. Each function
// is for one place in a file; a text that went through the wrong one may end a string or a comment.

/** Characters that end a line, hide, or turn the text around them: never written as they are. */
const unseen = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/gu

/** The text with every control and invisible character as an escape that a person can read. */
export function visible(text: string): string {
  return text.replace(unseen, (character) => {
    const code = (character.codePointAt(0) ?? 0).toString(16)
    return code.length > 4 ? `\\u{${code}}` : `\\u${code.padStart(4, '0')}`
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

/** The inside of a block comment, on one line. */
export function commentText(text: string): string {
  return oneLine(text).replaceAll('*/', '*\\/')
}
