// How large the pages may become. What is too large is refused before anything is written, or as soon as it is found.
import type { Catalogue } from '../../compile/catalogue.js'
import { compiledOf } from '../../compile/compile.js'
import { partsOf } from '../../compile/permission-set.js'
import type { Grants, PermissionSet } from '../../document/types.js'
import type { Policy } from '../../policy/types/index.js'
import { tooManyCases } from '../../verify/space/settings.js'

/** How many actions the tables of all pages may name: of more, a page has a hundred megabytes. */
const mostNamed = 2_000_000

/** Counts actions that tables name. */
export class Size {
  #named = 0

  /** @throws CasemateError `too_many_cases`. */
  add(actions: number): void {
    this.#named += actions
    if (this.#named > mostNamed) throw tooManyCases('the pages', [], 'actions in tables', mostNamed)
  }
}

/**
 * Counts the actions in the tables of roles, services and scopes.
 *
 * @throws CasemateError `too_many_cases`.
 */
export function countGrants(policy: Policy, size: Size): void {
  const { document } = policy
  const { catalogue } = compiledOf(policy)
  for (const { grants } of [
    ...Object.values(document.roles ?? {}),
    ...Object.values(document.systemSubjects ?? {})
  ])
    for (const set of setsOf(grants)) size.add(namedIn(set, catalogue))
  for (const { allow } of Object.values(document.scopes ?? {})) size.add(namedIn(allow, catalogue))
  for (const { allow, variants = [] } of Object.values(document.scopeTemplates ?? {}))
    for (const set of [allow, ...variants.map((variant) => variant.allow)]) size.add(namedIn(set, catalogue))
}

function setsOf(grants: Grants = {}): PermissionSet[] {
  return Object.values(grants).flatMap((effects) =>
    [effects?.allow, effects?.deny].filter((set) => set !== undefined)
  )
}

/** How many actions a set names at most, its wildcard those of every resource. */
function namedIn(set: PermissionSet, { resources, permissions }: Catalogue): number {
  return Object.entries(set).reduce((sum, [key, list]) => {
    const all = key === '*' ? permissions.length : (resources.get(key)?.actions.size ?? 0)
    const named = partsOf(list).reduce((count, { names, isExcept }) => {
      const listed = names === '*' || isExcept ? all : names.length * (key === '*' ? resources.size : 1)
      return count + Math.min(all, listed)
    }, 0)
    return sum + named
  }, 0)
}
