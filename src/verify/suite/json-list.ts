// A JSON list → its elements' texts, each with the line on which it begins, so that a problem in one of a thousand can
// be found. It only cuts: whether an element is JSON is for whoever parses it.

import { parseJson } from '../../text/json.js'

export interface ListElement {
  /** From 1. */
  readonly line: number
  readonly source: string
}

/** The elements of the list that a text is; where it is none, the whole text as one element, for its reader to refuse. */
export function splitList(text: string): ListElement[] {
  const whole = text.replace(/^\uFEFF/, '')
  const data = parseJson(whole)
  // What is wrong in the keys and texts of a list is said of the element that it is in.
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
