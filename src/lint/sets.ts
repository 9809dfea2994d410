// Every permission set of the document: in grants, in scopes and in their templates.
import type { PermissionSet, Where } from '../document/types.js'
import type { Path } from '../problems/path.js'
import type { LintContext } from './context.js'
import { setsIn } from './voters.js'

/** A condition, where it stands, and the resource that it is about. */
export interface Condition {
  readonly key: string
  readonly where: Where
  readonly at: Path
}

/** Every `where`, in document order. */
export function* conditionsIn(context: LintContext): Generator<Condition> {
  for (const { set, at } of allSets(context))
    for (const [key, list] of Object.entries(set)) {
      if (typeof list === 'string') continue
      if ('length' in list) {
        for (const [index, item] of list.entries())
          if (typeof item !== 'string') yield { key, where: item.where, at: [...at, key, index, 'where'] }
      } else if (list.where !== undefined) yield { key, where: list.where, at: [...at, key, 'where'] }
    }
}

function* allSets(context: LintContext): Generator<{ readonly set: PermissionSet; readonly at: Path }> {
  yield* setsIn(context.voters)
  const { scopes = {}, scopeTemplates = {} } = context.compiled.document
  for (const [name, { allow }] of Object.entries(scopes)) yield { set: allow, at: ['scopes', name, 'allow'] }
  for (const [name, { allow, variants = [] }] of Object.entries(scopeTemplates)) {
    const at = ['scopeTemplates', name]
    yield { set: allow, at: [...at, 'allow'] }
    for (const [index, variant] of variants.entries())
      yield { set: variant.allow, at: [...at, 'variants', index, 'allow'] }
  }
}
