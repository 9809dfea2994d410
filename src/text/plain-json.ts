// JSON that nothing is wrong with, fast: for requests by the hundred thousand. It only ever says yes: whatever it does
// not take is read again by `readJson`, which has the last word and all the words.

/** JSON that is read by anybody as the same value; `undefined` for all other texts, and for what is nested deeper. */
export function readPlainJson(text: string, maxDepth: number): { readonly value: unknown } | undefined {
  const members = countMembers(text, maxDepth)
  // Neither a surrogate nor the escape of one: whether each has its other half is more work.
  if (members === undefined || /[\uD800-\uDFFF]|\\u[dD][89a-fA-F]/.test(text)) return undefined
  try {
    const value: unknown = JSON.parse(text)
    // `JSON.parse` keeps one of the keys that are there twice.
    return countKeys(value) === members ? { value } : undefined
  } catch {
    return undefined
  }
}

/** How many members the records of a JSON text have, each `:` outside of texts being one; `undefined` if too deep. */
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
  if (typeof value !== 'object' || value === null) return 0
  let count = 0
  if (Array.isArray(value)) for (const item of value) count += countKeys(item)
  else
    for (const inner of Object.values(value)) {
      count += 1 + countKeys(inner)
    }
  return count
}
