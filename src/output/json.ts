// Writes JSON: parsers read the same value, and every invisible character is an escape.
import { commandSign, replaceUnseen } from './visible.js'

/** A value as JSON, every invisible character as an escape; `space` as for `JSON.stringify`. */
export function jsonText(value: unknown, space?: string): string {
  // Outside of strings only the line breaks of the layout are invisible; inside of strings JSON has escaped its own.
  return replaceUnseen(JSON.stringify(value, undefined, space), (character) =>
    /[\t\n\r]/.test(character) ? character : character.split('').map(unitEscape).join('')
  ).replace(commandSign, '\\u0023')
}

function unitEscape(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`
}
