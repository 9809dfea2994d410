// A rule about permissions that a user has and can give to no key, because no scope that users may ask for has them.
import type { CompiledScope } from '../compile/scopes.js'
import type { LintContext } from './context.js'
import type { Rule } from './types.js'
import { isEverAllowed } from './votes.js'

export const unscopedPermission: Rule = {
  id: 'unscoped-permission',
  severity: 'info',
  summary:
    'A permission that roles allow and that no public scope lets through, in a policy with public scopes.',
  help: 'Add it to a public scope, or say in `lint.ignore` why no key may have it.',
  *find(context) {
    const { catalogue } = context.compiled
    const scopes = openScopes(context)
    if (scopes.length === 0) return
    const tables = scopes.map(({ table }) => table)
    const roles = context.voters.filter(({ role }) => role !== undefined)
    for (const { name, acl } of catalogue.resources.values()) {
      const held = new Set<string>()
      const reached = new Set<string>()
      for (const permission of context.byResource.get(name) ?? []) {
        const { action, index } = permission
        if (tables.some((table) => table[index] !== 0)) reached.add(action)
        else if (!reached.has(action) && !held.has(action))
          if (acl || roles.some((role) => isEverAllowed(role, permission, catalogue))) held.add(action)
      }
      const missed = [...held].filter((action) => !reached.has(action))
      if (missed.length > 1 && reached.size === 0)
        yield { at: ['resources', name], message: 'no public scope lets anything of it through' }
      else
        for (const action of missed)
          yield { at: ['resources', name, 'actions', action], message: 'no public scope lets it through' }
    }
  }
}

/** What users may ask for; what a request without scopes means is among it. */
function openScopes({ compiled: { document, scopes } }: LintContext): readonly CompiledScope[] {
  const named = [...(document.publicScopes ?? [])].flatMap((name) => scopes.find(name) ?? [])
  const open = [...scopes.declared.filter(({ isPublic }) => isPublic), ...named]
  if (open.length === 0) return open
  return [...open, ...(document.defaultScopes ?? []).flatMap((name) => scopes.find(name) ?? [])]
}
