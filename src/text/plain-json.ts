// The fast path for valid JSON, for requests by the hundred thousand. It only accepts: what it does not accept is read
// again by `readJson`, which decides and writes all messages.
import { isRecord } from '../problems/plain.js'

/** The value of JSON that every parser reads alike; `undefined` for any other text, and for deeper nesting. */
export function readPlainJson(text: string, maxDepth: number): { readonly value: unknown } | undefined {
  const members = countMembers(text, maxDepth)
  // Leaves surrogates and their escapes to `readJson`: checking that they are paired is more work.
  if (members === undefined || /[\uD800-\uDFFF]|\\u[dD][89a-fA-F]/.test(text)) return undefined
  try {
    const value: unknown = JSON.parse(text)
    // `JSON.parse` keeps only one of two equal keys, so fewer keys than members means a duplicate.
    return countKeys(value) === members ? { value } : undefined
  } catch {
    return undefined
  }
}

/** The number of record members in a JSON text: each `:` outside of strings is one. `undefined` if too deep. */
function countMembers(text: string, maxDepth: number): number | undefined {
  let members = 0
  let depth = 0
  let isText = false
  for (let at = 0; at < text.length; at++) {
    const character = text.charCodeAt(at)
    if (character === 0x22) isText = !isText
    else if (isText) {
      if (character === 0x5c) at++
    } else if (character === 0x3a) members++
    else if (character === 0x7b || character === 0x5b) {
      if (++depth > maxDepth) return undefined
    } else if (character === 0x7d || character === 0x5d) depth--
  }
  return members
}

function countKeys(value: unknown): number {
  let count = 0
  if (Array.isArray(value)) for (const item of value) count += countKeys(item)
  else if (isRecord(value))
    // Half of what a list of the values costs. What somebody wrote to `Object.prototype` does not count.
    for (const key in value) if (Object.hasOwn(value, key)) count += 1 + countKeys(value[key])
  return count
}
