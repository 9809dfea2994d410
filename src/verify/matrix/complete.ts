// Which permissions matrices say too little about: those that are not allowed to somebody in one cell and refused to
// somebody in another. For a permission that nobody holds, a table has to refuse it to everyone.
import type { Policy } from '../../policy/types/index.js'
import type { Names } from '../../document/index.js'
import type { Relation } from '../../document/relation.js'
import { isEverything } from '../space/relations.js'
import { optionsOf, type Values } from '../space/settings.js'
import type { CheckedCell, MatrixResult } from './types.js'
import { roleNames } from './cell.js'
import type { MatrixSubject } from './subjects.js'
import { compiledOf } from '../../compile/compile.js'

/** A permission about which the matrices do not say enough. */
export interface Unsaid {
  /** `resource:action`. */
  readonly permission: string
  /** What no cell says: `allowed` to somebody (or refused to everyone), `refused` to somebody. */
  readonly missing: readonly ('allowed' | 'refused')[]
}

/** The permissions of a policy, in catalogue order, that checked matrices do not both allow and refuse. */
export function findUnsaid<N extends Names>(policy: Policy<N>, results: readonly MatrixResult[]): Unsaid[] {
  const compiled = compiledOf(policy)
  const allowed = new Set<string>()
  const refused = new Set<string>()
  const refusedTo = new Map<string, Set<string>>()
  for (const { cell, names } of statements(results, optionsOf(compiled))) {
    const { permission, expectation } = cell
    if (expectation === undefined || permission === undefined) continue
    if (expectation.kind !== 'no') allowed.add(permission)
    if (expectation.kind === 'no' || (expectation.kind === 'reach' && leavesSome(expectation.relations)))
      refused.add(permission)
    if (expectation.kind !== 'no' || cell.relation !== 'all') continue
    const subjects = refusedTo.get(permission) ?? new Set<string>()
    refusedTo.set(permission, subjects)
    for (const name of names) subjects.add(name)
  }
  const everyone = roleNames(compiled)
  const permissions = [...compiled.catalogue.resources.values()].flatMap(({ actions }) => [
    ...actions.values()
  ])
  return permissions.flatMap(({ name: permission }): Unsaid[] => {
    const toNobody = everyone.every((name) => refusedTo.get(permission)?.has(name) === true)
    const missing = [
      ...(allowed.has(permission) || toNobody ? [] : ['allowed' as const]),
      ...(refused.has(permission) ? [] : ['refused' as const])
    ]
    return missing.length === 0 ? [] : [{ permission, missing }]
  })
}

function leavesSome(relations: readonly Relation[]): boolean {
  return !relations.some(isEverything)
}

/** Every cell, with the roles and system subjects of its row that are held alone under default options and settings. */
function* statements(
  results: readonly MatrixResult[],
  options: Values
): Generator<{ readonly cell: CheckedCell; readonly names: readonly string[] }> {
  const usual = JSON.stringify(options)
  for (const { tables } of results)
    for (const { rows } of tables)
      for (const { cells, subjects } of rows) {
        const names = namesOf(subjects, usual)
        for (const cell of cells)
          yield { cell, names: cell.subjects === undefined ? names : namesOf(cell.subjects, usual) }
      }
}

function namesOf(subjects: readonly MatrixSubject[], usual: string): readonly string[] {
  return subjects.flatMap(({ data, options: asked }) => {
    if (JSON.stringify(asked) !== usual) return []
    if ('system' in data) return [`system:${data.system}`]
    const roles = new Set(data.roles.map((role) => (typeof role === 'string' ? role : role.role)))
    return roles.size === 1 && data.scopes === undefined && data.orgOptions === undefined ? [...roles] : []
  })
}
