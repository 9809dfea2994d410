// Which actions of a resource imply another one: whoever is allowed one of them is allowed that one too.

const none: ReadonlyMap<string, readonly string[]> = new Map()

/** By action, all actions that imply it, directly or through others, in the order of the document. */
export function implyingActions(
  implies: Readonly<Record<string, readonly string[]>> | undefined
): ReadonlyMap<string, readonly string[]> {
  if (implies === undefined) return none
  const implying = new Map<string, string[]>()
  for (const action of Object.keys(implies))
    for (const implied of impliedBy(action, implies)) {
      const some = implying.get(implied)
      if (some === undefined) implying.set(implied, [action])
      else some.push(action)
    }
  return implying
}

/** All that an action implies; a checked document has no circles. */
function impliedBy(
  action: string,
  implies: Readonly<Record<string, readonly string[]>>
): ReadonlySet<string> {
  const found = new Set<string>()
  const open = [action]
  for (let next = open.pop(); next !== undefined; next = open.pop())
    for (const implied of Object.hasOwn(implies, next) ? (implies[next] ?? []) : [])
      if (!found.has(implied)) {
        found.add(implied)
        open.push(implied)
      }
  return found
}
