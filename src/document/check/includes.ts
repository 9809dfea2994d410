// Checks included roles: shipped ones of the same kind, in no circle, and for a custom role only what it could give.
import { entriesOf, fieldOf, textsOf } from '../read.js'
import { findCircles, type Reference } from './circles.js'
import { checkRepeats, isKind, type Context } from './context.js'
import { roleOf } from './role-kinds.js'
import { quoteValue } from '../../problems/quote.js'
import type { Path } from '../../problems/path.js'

/** Checks the `includes` of every role of the document. */
export function checkIncludes(context: Context): void {
  const references = new Map<string, Reference<Path>[]>()
  for (const [name, role] of entriesOf(fieldOf(context.document, 'roles'))) {
    const includes = fieldOf(role, 'includes')
    if (includes === undefined) continue
    const path = ['roles', name, 'includes']
    checkIncluded(includes, fieldOf(role, 'kind'), path, context)
    const targets = new Map(textsOf(includes).map(([index, to]) => [to, [...path, index]]))
    references.set(
      name,
      [...targets].map(([to, place]) => ({ to, place }))
    )
  }
  for (const { to, place, words } of findCircles(references)) {
    context.problems.add('circular_reference', place, `${quoteValue(to)} includes itself: ${words}`, to)
  }
}

/** Checks the `includes` of a custom role; `custom` are the names of all that are added with it. */
export function checkCustomIncludes(
  includes: unknown,
  kind: string,
  custom: ReadonlySet<string>,
  path: Path,
  context: Context
): void {
  const { document, problems, roles, reachingFurther } = context
  checkIncluded(includes, kind, path, context, custom)
  for (const [index, name] of textsOf(includes)) {
    if (roles.get(name) !== kind) continue
    const at = [...path, index]
    if (fieldOf(fieldOf(fieldOf(document, 'roles'), name), 'assignable') === false) {
      problems.add(
        'invalid_include',
        at,
        `only code gives ${quoteValue(name)}, so no custom role includes it`,
        name
      )
    }
    if (kind !== 'site' && reachingFurther.has(name)) {
      const message = `${quoteValue(name)} has grants at \`site\` or \`user\`, and a custom role of ${kind === 'org' ? 'an organization' : `a ${quoteValue(kind)}`} reaches that alone`
      problems.add('invalid_include', at, message, name)
    }
  }
}

function checkIncluded(
  includes: unknown,
  kind: unknown,
  path: Path,
  context: Context,
  custom: ReadonlySet<string> = new Set()
): void {
  const { problems, roles } = context
  for (const [index, name] of textsOf(includes)) {
    const at = [...path, index]
    const other = roles.get(name)
    if (!roles.has(name) && custom.has(name)) {
      const message = `${quoteValue(name)} is a custom role; only roles of the policy can be included`
      problems.add('unknown_role', at, message, name)
    } else if (!roles.has(name)) {
      const known = [...roles]
        .filter(([, its]) => its === kind || !isKind(kind, context))
        .map(([role]) => role)
      problems.addUnknown('unknown_role', at, 'role', name, new Set(known))
    } else if (isKind(kind, context) && isKind(other, context) && other !== kind) {
      const message = `${quoteValue(name)} is ${roleOf(other)}, and this one is ${roleOf(kind)}`
      problems.add('invalid_include', at, message, name)
    }
  }
  checkRepeats(includes, path, context)
}
