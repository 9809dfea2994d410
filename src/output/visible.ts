// Which characters a reader sees, once for the whole project. Everything else could end a line, drive a terminal, hide,
// or turn the text around it: it is only ever written as an escape. Imports nothing: the small runtime bundle has it.

/**
 * Control and format characters, lone surrogates, private ones, line and paragraph separators, whatever a font may
 * ignore, and what is no character at all. Not what is merely unassigned: that differs between versions of Unicode,
 * and a generated file has to be the same everywhere.
 */
const unseen = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\p{DI}\p{NChar}]/gu

/** Whether the text has a character that is only ever written as an escape. */
export function hasUnseen(text: string): boolean {
  return text.search(unseen) >= 0
}

/** The text with `escape` in the place of every character that is not seen. */
export function replaceUnseen(text: string, escape: (character: string) => string): string {
  return text.replace(unseen, escape)
}

/** The text on one line, with every character that is not seen as `\u202e` or `\u{e0001}`. */
export function visible(text: string): string {
  return text.replace(unseen, escapeOf)
}

/** The same for a text of several lines: line breaks (`\n`) stay. */
export function visibleLines(text: string): string {
  return text.replace(unseen, (character) => (character === '\n' ? character : escapeOf(character)))
}

/**
 * Where a text is a command to a system that runs a build, anywhere in a line: GitHub reads `##[error]…`, others
 * `##vso[…]` and `##teamcity[…]`. Without the first of the two signs it is none.
 */
export const commandSign = /#(?=#\w*\[)/g

/** A character as an escape that a person can read. */
export function escapeOf(character: string): string {
  const code = (character.codePointAt(0) ?? 0).toString(16)
  return code.length > 4 ? `\\u{${code}}` : `\\u${code.padStart(4, '0')}`
}
