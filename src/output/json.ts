// The sink of everything that is written as JSON: the same value to whoever parses it, and nothing that is not seen to
// whoever looks at it.
import { commandSign, replaceUnseen } from './visible.js'

/** A value as JSON, every character that is not seen as an escape; `space` as for `JSON.stringify`. */
export function jsonText(value: unknown, space?: string): string {
  // Only inside a text can there be any but the line breaks of the layout, which JSON escapes inside a text itself.
  return replaceUnseen(JSON.stringify(value, undefined, space), (character) =>
    /[\t\n\r]/.test(character) ? character : character.split('').map(unitEscape).join('')
  ).replace(commandSign, '\\u0023')
}

function unitEscape(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`
}
