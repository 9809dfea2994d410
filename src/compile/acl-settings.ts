// What entries of a resource's ACLs may say, and what they beat: its `acl` as the document has it → what a decision
// looks up.
import type { ResourceDocument } from '../document/types.js'
import { isList } from '../problems/plain.js'

export interface CompiledAcl {
  /**
   * By action, the words of an entry that grant it besides `*`: the action itself, those that imply it, and levels.
   * Without an entry it is the action alone.
   */
  readonly words: ReadonlyMap<string, ReadonlySet<string>>
  /** Whether an entry for a user counts only for members of the object's organization. */
  readonly members: boolean
  /** An action that roles must allow on the object for any entry to count. */
  readonly requires: string | undefined
  readonly overridesDeny: boolean
  /** Whether any of the three is not at its default: then every organization is asked for itself. */
  readonly isNarrowed: boolean
}

const noWords: ReadonlyMap<string, ReadonlySet<string>> = new Map()

/** The settings of a resource's ACLs; those of `acl: true` where it has none. */
export function compileAcl(
  { acl, actions }: Pick<ResourceDocument, 'acl' | 'actions'>,
  implying: ReadonlyMap<string, readonly string[]>
): CompiledAcl {
  const { levels = {}, members = false, requires, overridesDeny = true } = typeof acl === 'object' ? acl : {}
  const words = new Map<string, Set<string>>()
  const add = (action: string, word: string): void => {
    const some = words.get(action)
    if (some === undefined) words.set(action, new Set([action, word]))
    else some.add(word)
  }
  for (const [action, some] of implying) for (const word of some) add(action, word)
  for (const [level, list] of Object.entries(levels)) {
    const isNamed = (action: string): boolean =>
      list === '*' || (isList(list) ? list.includes(action) : !list.except.includes(action))
    for (const action of Object.keys(actions))
      if ([action, ...(implying.get(action) ?? [])].some(isNamed)) add(action, level)
  }
  return {
    words: words.size === 0 ? noWords : words,
    members,
    requires,
    overridesDeny,
    isNarrowed: members || requires !== undefined || !overridesDeny
  }
}
