// The words of a difference, the same for a terminal and a pull request.
import { count } from '../output/words.js'
import { splitName } from '../problems/names.js'
import type { Direction } from './sides.js'
import type { Difference, PolicyDiff, Rename, Widening } from './types.js'
import { quoteValue } from '../problems/quote.js'

/** Differences by subject, in their order. */
export function bySubject(all: readonly Difference[]): [string, Difference[]][] {
  const subjects = new Map<string, Difference[]>()
  for (const one of all) {
    const group = subjects.get(one.subject)
    if (group === undefined) subjects.set(one.subject, [one])
    else group.push(one)
  }
  return [...subjects]
}

/** Permissions of one resource gained or lost alike: one request shows them all, each with its own action. */
export interface Alike {
  readonly first: Difference
  readonly permissions: readonly string[]
}

/** The differences of one subject, those that are alike together. */
export function alike(all: readonly Difference[]): Alike[] {
  const groups = new Map<string, Difference[]>()
  for (const one of all) {
    const { permission, relation, byAcl, options, witness } = one
    const [resource = ''] = splitName(permission)
    const shown = { ...witness, action: '' }
    const key = JSON.stringify([resource, relation, byAcl, options, shown])
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [one])
    else group.push(one)
  }
  return [...groups.values()].flatMap((group) => {
    const [first] = group
    return first === undefined ? [] : [{ first, permissions: group.map(({ permission }) => permission) }]
  })
}

/** The relation, and whether it needs an ACL entry. */
export function onWhat({ relation, byAcl }: Difference): string {
  return byAcl ? `${relation}, by an ACL entry` : relation
}

/** Renames that were guessed because the grants are the same. */
export function guessed({ renamed }: PolicyDiff): readonly Rename[] {
  return renamed.filter(({ isDeclared }) => isDeclared !== true)
}

/** Renames that somebody declared. */
export function declared({ renamed }: PolicyDiff): readonly Rename[] {
  return renamed.filter(({ isDeclared }) => isDeclared === true)
}

export function describeRename({ kind, from, to, org, container }: Rename): string {
  const what = kind === 'system' ? 'system subject' : kind
  const place = org ?? container?.id
  const where = place === undefined ? '' : ` in ${quoteValue(place)}`
  return `${what} ${quoteValue(from)} is now ${quoteValue(to)}${where}`
}

/** `2 subjects gain 3 permissions; nobody loses anything; 1 change lets somebody reach more`. */
export function summarize({ gained, lost, widened, narrowed }: PolicyDiff): string {
  const more = [...reached(widened, 'more'), ...reached(narrowed, 'less')]
  const permissions =
    gained.length > 0 || lost.length > 0
      ? `${told(gained, 'gain')}; ${told(lost, 'lose')}`
      : more.length === 0
        ? 'nobody gains or loses anything'
        : 'nobody gains or loses a permission'
  return [permissions, ...more].join('; ')
}

function reached(all: readonly Widening[], what: 'more' | 'less'): string[] {
  if (all.length === 0) return []
  return [`${count(all.length, 'change')} ${all.length === 1 ? 'lets' : 'let'} somebody reach ${what}`]
}

/**
 * The new access in a difference: permissions gained, roles with a deny that are gone, and other changes that let
 * somebody reach more. One sentence each; none if there is no new access.
 */
export function describeNewAccess({ gained, removedDenies, widened }: PolicyDiff): string[] {
  return [
    ...bySubject(gained).flatMap(([subject, differences]) =>
      alike(differences).map(
        ({ first, permissions }) =>
          `${quoteValue(subject)} gains ${namesText(permissions)} (${onWhat(first)})`
      )
    ),
    ...removedDenies.map((name) => `${quoteValue(name)} is gone, and with it what it denied`),
    ...widened.map(({ message }) => message)
  ]
}

/** `now` of what the new policy allows, `no longer` of the old one. */
export function now({ allowing }: Direction): string {
  return allowing === 'new' ? 'now' : 'no longer'
}

/** A value in a sentence; `nothing` where there is none. */
export function orNothing(value: unknown): string {
  return value === undefined ? 'nothing' : quoteValue(value)
}

/** How many names a sentence has. */
const mostNamed = 4

/** Names in a sentence, shortened. */
export function namesText(names: readonly string[]): string {
  const named = names.slice(0, mostNamed).map(quoteValue).join(', ')
  return names.length > mostNamed ? `${named} and ${names.length - mostNamed} more` : named
}

function told(all: readonly Difference[], verb: 'gain' | 'lose'): string {
  if (all.length === 0) return `nobody ${verb}s anything`
  const subjects = new Set(all.map(({ subject }) => subject)).size
  const permissions = new Set(all.map(({ permission }) => permission)).size
  return `${count(subjects, 'subject')} ${verb}${subjects === 1 ? 's' : ''} ${count(permissions, 'permission')}`
}
