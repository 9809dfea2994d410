// Rules about what nobody can use: permissions that no role gives, and scopes that let through nothing that anybody
// holds. An ACL entry can give any action of a resource that has ACLs, so such resources have no findings here.
import type { CompiledPermission } from '../compile/catalogue.js'
import type { CompiledScope } from '../compile/scopes.js'
import type { LintContext } from './context.js'
import type { Remark, Rule } from './types.js'
import { quoteValue } from '../problems/quote.js'
import type { Path } from '../problems/path.js'
import type { Voter } from './voters.js'
import { isEverAllowed } from './votes.js'

export const unheldPermission: Rule = {
  id: 'unheld-permission',
  severity: 'warning',
  summary: 'A permission that no role and no system subject of the policy is ever allowed.',
  help: 'Grant it to somebody, or take the action out.',
  *find(context) {
    for (const { name, actions } of context.compiled.catalogue.resources.values()) {
      // Held where it is for some attributes.
      const held = new Set<string>()
      for (const permission of context.byResource.get(name) ?? [])
        if (!held.has(permission.action) && isHeld(context, context.voters, permission))
          held.add(permission.action)
      const unheld = [...actions.values()].filter(({ action }) => !held.has(action))
      if (unheld.length > 0 && unheld.length === actions.size)
        yield { at: ['resources', name], message: 'nobody is allowed anything of it' }
      else
        for (const { action } of unheld)
          yield { at: ['resources', name, 'actions', action], message: 'nobody is allowed it' }
    }
  }
}

export const emptyScope: Rule = {
  id: 'empty-scope',
  severity: 'warning',
  summary:
    'A scope that lets nothing through, or a public one that lets through nothing that any role allows.',
  help: 'Take it out: a key with it can do nothing.',
  *find(context) {
    const { compiled, voters } = context
    const roles = voters.filter(({ role }) => role !== undefined)
    const { scopes = {}, publicScopes = [] } = compiled.document
    for (const [name, { allow }] of Object.entries(scopes)) {
      const scope = compiled.scopes.find(name)
      const at = ['scopes', name, 'allow']
      if (Object.keys(allow).length === 0) yield { at, message: 'the scope lets nothing through' }
      else if (scope?.isPublic === true) yield* remarkOn(context, roles, scope, at)
    }
    for (const [index, name] of publicScopes.entries()) {
      const scope = compiled.scopes.find(name)
      if (scope?.kind === 'low-level') yield* remarkOn(context, roles, scope, ['publicScopes', index])
    }
    for (const template of compiled.scopes.templates.values())
      if (template.tableUnder(new Set()).every((bit) => bit === 0))
        yield { at: ['scopeTemplates', template.name, 'allow'], message: 'the template lets nothing through' }
  }
}

function isHeld(
  { compiled: { catalogue } }: LintContext,
  voters: readonly Voter[],
  permission: CompiledPermission
): boolean {
  return permission.definition.acl || voters.some((voter) => isEverAllowed(voter, permission, catalogue))
}

function* remarkOn(
  context: LintContext,
  roles: readonly Voter[],
  { name, table }: CompiledScope,
  at: Path
): Generator<Remark> {
  const letThrough = context.permissions.filter(({ index }) => table[index] !== 0)
  if (letThrough.length === 0)
    yield { at, message: `the public scope ${quoteValue(name)} lets nothing through` }
  else if (!letThrough.some((permission) => isHeld(context, roles, permission)))
    yield { at, message: `no role allows anything that the public scope ${quoteValue(name)} lets through` }
}
