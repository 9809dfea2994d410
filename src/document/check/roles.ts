// Checks roles and system subjects: grants at their levels, variants, and the roles that they assign.
import { entriesOf, fieldOf, itemsOf, textsOf } from '../read.js'
import { checkRepeats, type Context } from './context.js'
import { checkWhen } from './options.js'
import { checkPermissionSet, hasGrant } from './permission-set.js'
import type { Path } from '../../problems/path.js'
import { isOrgLevel, levels } from '../../levels.js'
import type { Level } from '../../types.js'

/** Why grants at a level can never match; `undefined` where they can. */
export type LevelRule = (level: Level) => string | undefined

/** Checks every role of the document. */
export function checkRoles(context: Context): void {
  for (const [name, role] of entriesOf(fieldOf(context.document, 'roles'))) {
    const path = ['roles', name]
    const isSite = fieldOf(role, 'kind') === 'site'
    checkRole(role, path, context, (level) =>
      isSite && isOrgLevel(level) ? 'a site role is held in no organization' : undefined
    )
    checkAssigns(fieldOf(role, 'assigns'), [...path, 'assigns'], context)
  }
}

/** Checks grants and variants of one role. */
export function checkRole(role: unknown, path: Path, context: Context, rule: LevelRule): void {
  checkGrants(fieldOf(role, 'grants'), [...path, 'grants'], context, rule)
  for (const [index, variant] of itemsOf(fieldOf(role, 'variants'))) {
    const at = [...path, 'variants', index]
    checkWhen(fieldOf(variant, 'when'), [...at, 'when'], fieldOf(role, 'kind'), context)
    checkGrants(fieldOf(variant, 'grants'), [...at, 'grants'], context, rule)
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
    checkGrants(fieldOf(subject, 'grants'), [...path, 'grants'], context, (level) =>
      level === 'user' && id === undefined ? 'a system subject without `id` owns nothing' : undefined
    )
    checkAssigns(fieldOf(subject, 'assigns'), [...path, 'assigns'], context)
  }
}

function checkGrants(grants: unknown, path: Path, context: Context, rule: LevelRule): void {
  for (const level of levels) {
    const effects = fieldOf(grants, level)
    const at = [...path, level]
    const sets = [fieldOf(effects, 'allow'), fieldOf(effects, 'deny')]
    const why = rule(level)
    if (why !== undefined && sets.some(hasGrant)) {
      context.problems.add('dead_grant', at, `can never match: ${why}`, level)
    }
    for (const effect of ['allow', 'deny'] as const) {
      // One reason is enough where the whole level is dead.
      const checked = why === undefined ? level : undefined
      checkPermissionSet(fieldOf(effects, effect), [...at, effect], context, checked)
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
  const { document, problems, permissions } = context
  for (const key of ['assignPermissions', 'unassignPermissions']) {
    for (const [place, name] of entriesOf(fieldOf(document, key))) {
      if (typeof name !== 'string' || permissions.has(name)) continue
      problems.addUnknown('unknown_permission', [key, place], 'permission', name, permissions)
    }
  }
}
