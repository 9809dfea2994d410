// Cuts the text of a JSON list into the texts of its elements, each with its line, so that a problem in one of a
// thousand can be found. It does not check the elements: whoever parses them does.

import { parseJson } from '../../text/json.js'

export interface ListElement {
  /** From 1. */
  readonly line: number
  readonly source: string
}

/** The elements of a list; a text that is no list comes back as one element, for its reader to refuse. */
export function splitList(text: string): ListElement[] {
  const whole = text.replace(/^\uFEFF/, '')
  const data = parseJson(whole)
  // A list with wrong keys or strings inside is still cut: the problem is then reported for its element.
  const isList = data.ok ? Array.isArray(data.value) : data.isJson && whole.trimStart().startsWith('[')
  if (!isList) return [{ line: 1, source: whole }]
  const elements: ListElement[] = []
  let line = 1
  let counted = 0
  const add = (start: number, end: number): void => {
    const source = whole.slice(start, end)
    const begins = start + source.length - source.trimStart().length
    line += whole.slice(counted, begins).split(/\r\n|\n|\r/).length - 1
    counted = begins
    if (source.trim() !== '') elements.push({ line, source: source.trim() })
  }
  const open = whole.indexOf('[')
  let depth = 0
  let start = open + 1
  for (let at = open; at < whole.length; at++) {
    const character = whole.charAt(at)
    if (character === '"') at = endOfString(whole, at)
    else if (character === '[' || character === '{') depth++
    else if (character === ']' || character === '}') depth--
    if ((character === ',' && depth === 1) || depth === 0) {
      add(start, at)
      if (depth === 0) break
      start = at + 1
    }
  }
  return elements
}

function endOfString(text: string, start: number): number {
  let at = start + 1
  while (at < text.length && text.charAt(at) !== '"') at += text.charAt(at) === '\\' ? 2 : 1
  return at
}
