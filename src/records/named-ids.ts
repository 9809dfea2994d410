// Which ids a log keeps as they are. Apart from the mask, which needs a key: a page reads logs too.
import type { CompiledPolicy } from '../compile/compile.js'
import { listedId } from '../compile/list-context.js'

/** Ids that the policy itself names, each once: a masked log keeps them, since decisions compare others with them. */
export function idsNamedBy({ document, lists: context }: CompiledPolicy): readonly string[] {
  const systems = Object.values(document.systemSubjects ?? {}).flatMap(({ id }) => id ?? [])
  const lists = Object.values(document.scopeTemplates ?? {}).flatMap(({ allowList = [] }) => allowList)
  const listed = lists.map((entry) => entry.slice(entry.indexOf(':') + 1))
  return [...new Set([...systems, ...listed, ...listed.map((id) => listedId(id, context))])]
}
