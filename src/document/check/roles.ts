// Checks roles and system subjects: grants at their levels, variants, and the roles that they assign.
import { entriesOf, fieldOf, itemsOf, textsOf } from '../read.js'
import { checkRepeats, type Context } from './context.js'
import { checkWhen } from './options.js'
import { checkPermissionSet } from './permission-set.js'
import { hasGrant } from './reach.js'
import { levelRule, type LevelRule } from './role-kinds.js'
import { quoteValue } from '../../problems/quote.js'
import type { Path } from '../../problems/path.js'

/** Checks every role of the document. */
export function checkRoles(context: Context): void {
  for (const [name, role] of entriesOf(fieldOf(context.document, 'roles'))) {
    const path = ['roles', name]
    checkRole(role, path, context, levelRule(fieldOf(role, 'kind'), context))
    checkAssigns(fieldOf(role, 'assigns'), [...path, 'assigns'], context)
  }
}

/** Checks kind, grants and variants of one role. */
export function checkRole(role: unknown, path: Path, context: Context, rule: LevelRule): void {
  checkKind(fieldOf(role, 'kind'), [...path, 'kind'], context)
  const base = fieldOf(role, 'grants')
  checkKeys(base, [...path, 'grants'], context.levelNames, context)
  checkGrants(base, [...path, 'grants'], context, rule)
  for (const [index, variant] of itemsOf(fieldOf(role, 'variants'))) {
    const at = [...path, 'variants', index]
    checkWhen(fieldOf(variant, 'when'), [...at, 'when'], fieldOf(role, 'kind'), context)
    checkKeys(fieldOf(variant, 'grants'), [...at, 'grants'], context.levelNames, context)
    checkGrants(fieldOf(variant, 'grants'), [...at, 'grants'], context, rule, base)
  }
}

/** Checks every system subject of the document. */
export function checkSystemSubjects(context: Context): void {
  for (const [name, subject] of entriesOf(fieldOf(context.document, 'systemSubjects'))) {
    const path = ['systemSubjects', name]
    const id = fieldOf(subject, 'id')
    if (id === '') {
      context.problems.add('invalid_value', [...path, 'id'], 'the id is empty', id)
    }
    checkGrants(fieldOf(subject, 'grants'), [...path, 'grants'], context, ({ name: level }) =>
      level === 'user' && id === undefined ? 'a system subject without `id` owns nothing' : undefined
    )
    checkAssigns(fieldOf(subject, 'assigns'), [...path, 'assigns'], context)
  }
}

/** Checks that a kind is one of the policy. Where it has no containers, the shape says so. */
function checkKind(kind: unknown, path: Path, { problems, containers, kinds }: Context): void {
  if (containers.length === 0 || typeof kind !== 'string' || kinds.has(kind)) return
  const message = `expected one of ${[...kinds].map(quoteValue).join(', ')}, not ${quoteValue(kind)}`
  problems.add('invalid_value', path, message, kind, problems.suggest(kind, kinds))
}

/** Checks that keys are among those that a policy with containers knows. Where it has none, the shape says so. */
function checkKeys(record: unknown, path: Path, known: ReadonlySet<string>, context: Context): void {
  if (context.containers.length === 0) return
  for (const [key] of entriesOf(record)) {
    if (!known.has(key)) context.problems.addUnknown('unknown_key', [...path, key], 'key', key, known)
  }
}

function checkGrants(grants: unknown, path: Path, context: Context, rule: LevelRule, base?: unknown): void {
  for (const level of context.levels) {
    const effects = fieldOf(grants, level.name)
    if (effects === undefined) continue
    const at = [...path, level.name]
    const sets = [fieldOf(effects, 'allow'), fieldOf(effects, 'deny')]
    const why = rule(level)
    if (why !== undefined && sets.some(hasGrant)) {
      context.problems.add('dead_grant', at, `can never match: ${why}`, level.name)
    }
    for (const effect of ['allow', 'deny'] as const) {
      checkPermissionSet(fieldOf(effects, effect), [...at, effect], context, {
        // One reason is enough where the whole level is dead.
        level: why === undefined ? level : undefined,
        effect,
        base: fieldOf(fieldOf(base, level.name), effect)
      })
    }
  }
}

function checkAssigns(assigns: unknown, path: Path, context: Context): void {
  for (const [index, name] of textsOf(assigns)) {
    if (context.assignees.has(name)) continue
    context.problems.addUnknown('unknown_role', [...path, index], 'role', name, context.assignees)
  }
  checkRepeats(assigns, path, context)
}

/** Checks `assignPermissions` and `unassignPermissions`: each names one permission. */
export function checkAssignPermissions(context: Context): void {
  const { document, problems, permissions, kinds } = context
  for (const key of ['assignPermissions', 'unassignPermissions']) {
    checkKeys(fieldOf(document, key), [key], kinds, context)
    for (const [place, name] of entriesOf(fieldOf(document, key))) {
      if (typeof name !== 'string' || permissions.has(name)) continue
      problems.addUnknown('unknown_permission', [key, place], 'permission', name, permissions)
    }
  }
}
