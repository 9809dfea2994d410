// Which characters are invisible, defined once for the whole project. They could end a line, drive a terminal, hide, or
// reorder the text around them, so they are only ever written as escapes. Imports nothing, to keep the runtime small.

/**
 * Control and format characters, lone surrogates, private-use characters, line and paragraph separators, characters
 * that a font may ignore, and noncharacters. Unassigned characters are not included: they differ between versions of
 * Unicode, and a generated file has to be the same everywhere.
 */
const unseen = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\p{DI}\p{NChar}]/gu

/** Whether the text has an invisible character. */
export function hasUnseen(text: string): boolean {
  return text.search(unseen) >= 0
}

/** The text with every invisible character replaced by its `escape`. */
export function replaceUnseen(text: string, escape: (character: string, index: number) => string): string {
  return text.replace(unseen, escape)
}

/** The text on one line, with every invisible character as `\u202e` or `\u{e0001}`. */
export function visible(text: string): string {
  return text.replace(unseen, escapeOf)
}

/** The same for a text of several lines: line breaks (`\n`) stay. */
export function visibleLines(text: string): string {
  return text.replace(unseen, (character) => (character === '\n' ? character : escapeOf(character)))
}

/**
 * Finds the start of a command to a build system, anywhere in a line: GitHub reads `##[error]…`, others `##vso[…]` and
 * `##teamcity[…]`. With the matched `#` escaped it is no command.
 */
export const commandSign = /#(?=#\w*\[)/g

/** A character as an escape that a person can read. */
export function escapeOf(character: string): string {
  const code = (character.codePointAt(0) ?? 0).toString(16)
  return code.length > 4 ? `\\u{${code}}` : `\\u${code.padStart(4, '0')}`
}
