// What the rules look at: the roles and system subjects of the document under every setting, every line of their
// grants, and whether a line's vote decides. It is read from the compiled policy, so rules are about decisions and not
// about text.
import type { CompiledPermission } from '../compile/catalogue.js'
import type { CompiledPolicy } from '../compile/compile.js'
import type { Effect } from '../types.js'
import { standingFor } from '../verify/space/attributes.js'
import { pathsIn, type NamePath } from './paths.js'
import { linesIn, votersOf, type Line, type Voter } from './voters.js'
import type { Decider } from './votes.js'

export interface LintContext {
  readonly compiled: CompiledPolicy
  readonly voters: readonly Voter[]
  /** Every line in the grants of roles and system subjects, in document order. */
  readonly lines: readonly Line[]
  /** Every permission in catalogue order, of combinations of attributes that cannot be told apart only one. */
  readonly permissions: readonly CompiledPermission[]
  /** The same by resource. */
  readonly byResource: ReadonlyMap<string, readonly CompiledPermission[]>
  /** By action, the permissions of all resources that a line of an allow may name by it, in catalogue order. */
  readonly byAction: ReadonlyMap<string, readonly CompiledPermission[]>
  /** Names a place as findings do. */
  readonly pathOf: NamePath
  /** A cache of verdicts on lines: for each part of a line, what decides in its place. */
  readonly verdicts: Map<Line, readonly (Verdict | undefined)[]>
  /** A cache of the included roles that add nothing. */
  readonly idleIncludes: Map<Voter, ReadonlySet<string>>
}

/** What always decides in place of a line, or of one action of its list. */
export interface Verdict {
  readonly by: Effect
  /** The line that decides, where it is first found. */
  readonly path: string
  readonly decider: Decider
}

export function createLintContext(compiled: CompiledPolicy): LintContext {
  const voters = votersOf(compiled)
  const byResource = permissionsToldApart(compiled)
  const permissions = [...byResource.values()].flat()
  return {
    compiled,
    voters,
    lines: [...linesIn(voters)],
    permissions,
    byResource,
    byAction: permissionsByAction(permissions),
    pathOf: pathsIn(compiled.document),
    verdicts: new Map(),
    idleIncludes: new Map()
  }
}

function permissionsToldApart(compiled: CompiledPolicy): ReadonlyMap<string, readonly CompiledPermission[]> {
  const byResource = new Map<string, readonly CompiledPermission[]>()
  for (const { name, attributes, permissions } of compiled.catalogue.resources.values())
    byResource.set(
      name,
      attributes.length === 0
        ? permissions
        : permissions.filter((permission) => standingFor(compiled, permission) === permission)
    )
  return byResource
}

function permissionsByAction(
  permissions: readonly CompiledPermission[]
): ReadonlyMap<string, readonly CompiledPermission[]> {
  const byAction = new Map<string, CompiledPermission[]>()
  for (const permission of permissions) {
    const { action, definition } = permission
    for (const name of [action, ...(definition.implying.get(action) ?? [])]) {
      const group = byAction.get(name)
      if (group === undefined) byAction.set(name, [permission])
      else group.push(permission)
    }
  }
  return byAction
}

/** Whether a voter votes on any permission, under any setting. */
export function saysAnything({ permissions }: LintContext, voter: Voter): boolean {
  return permissions.some((permission) =>
    voter.roleCasesAbout(permission).some(({ roleTable }) => roleTable.table[permission.index] !== 0)
  )
}
