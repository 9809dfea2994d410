// Coverage: how many of the cells that a policy decides are looked at by statements that hold. Cells are counted, not
// lines of a document, so writing the same policy differently changes no number.
import type { CompiledPolicy } from '../../../compile/compile.js'
import { createPolicy } from '../../../policy/create.js'
import { parseRequest } from '../../../policy/parse.js'
import { permissionOn } from '../../../decide/read-fields.js'
import { splitName } from '../../../problems/names.js'
import { permissionsToldApart } from '../../space/attributes.js'
import { everyObject, isAbout, vocabularyOf } from '../../space/relations.js'
import { requireFewCells } from '../../space/settings.js'
import { relationNamed } from '../../space/who-can.js'
import { listRoles } from '../../../compile/role-index.js'
import { placesOf } from '../../matrix/check-assign.js'
import { isOf } from '../filter.js'
import { GivingTable } from './giving.js'
import type { MatrixSubject } from '../../matrix/subjects.js'
import type { Source, Sourced, SuiteFilter, Coverage, CoverageCell } from '../types.js'
import { CellTable } from './cells.js'
import { ClassesByResource, recordCoverageOfDecision, recordCoverageOfInvariant } from './look.js'
import { stateOf } from '../../../request/state.js'
export type { CoverageCell, Outcome } from '../types.js'

/** How many of the cells that a filter selects are looked at by statements that hold. */
export function measureCoverage(
  compiled: CompiledPolicy,
  sourced: readonly Sourced[],
  filter: SuiteFilter = {}
): Coverage {
  const { subject, resource, action } = filter
  requireFewCells(compiled)
  const table = new CellTable(
    compiled,
    (voter, { name }) => (subject === undefined || voter === subject) && isOf(name, resource, action)
  )
  const giving = new GivingTable(compiled, table.voters, filter)
  const look = looker(compiled, table, giving)
  for (const { statement, source } of sourced) if (statement.ok) look(source)
  const [decided, given] = [table.count(), giving.count()]
  const cells = decided.cells + given.cells
  const covered = decided.covered + given.covered
  let uncovered: readonly CoverageCell[] | undefined
  return {
    cells,
    covered,
    percent: cells === 0 ? 100 : (covered / cells) * 100,
    // Made when it is asked for: there can be millions.
    get uncovered() {
      return (uncovered ??= [...table.uncovered(), ...giving.uncovered()])
    }
  }
}

function looker(compiled: CompiledPolicy, table: CellTable, giving: GivingTable): (source: Source) => void {
  const policy = createPolicy(compiled)
  const classes = new Map<MatrixSubject, ClassesByResource>()
  const { resources } = compiled.catalogue
  const vocabulary = vocabularyOf(compiled.catalogue)
  const recordCoverageOfCell = ({ cell, expectation, subjects }: Source & { kind: 'cell' }): void => {
    const [type = '', action] = splitName(cell.permission ?? '')
    const resource = resources.get(type)
    const relation = expectation.kind === 'reach' ? everyObject : relationNamed(cell.relation, vocabulary)
    // With a shared object, an ACL entry decides whatever the roles say.
    if (resource === undefined || relation.isShared) return
    const permissions = permissionsToldApart(compiled, resource, action, [relation.attributes])
    for (const asked of subjects) {
      const cached = classes.get(asked) ?? new ClassesByResource()
      classes.set(asked, cached)
      const { subject } = asked
      const state = stateOf(subject)
      for (const permission of permissions)
        for (const one of cached.of(state, permission))
          if (isAbout(relation, one))
            recordCoverageOfDecision(
              table,
              state,
              permission,
              one.object,
              subject.can(permission, one.object)
            )
    }
  }
  const seeGiving = ({ cell, expectation, subjects }: Source & { kind: 'cell' }): void => {
    const { assigns: name = '' } = cell
    const relation = expectation.kind === 'reach' ? everyObject : relationNamed(cell.relation, vocabulary)
    const roles = listRoles(compiled.roles).filter((role) => role.name === name)
    for (const state of subjects.map(({ subject }) => stateOf(subject)))
      for (const place of roles.flatMap((role) => placesOf(state, role)))
        if (isAbout(relation, place)) giving.seeAnswer(state, name, place.given)
  }
  return (source) => {
    if (source.kind === 'cell') {
      if (source.cell.permission === undefined) seeGiving(source)
      else recordCoverageOfCell(source)
    } else if (source.kind === 'invariant') {
      const { assigns = [], only = [] } = source.invariant
      for (const role of assigns) giving.seeOnly(role, (giver) => only.includes(giver))
      if (!source.isEmpty) recordCoverageOfInvariant(table, compiled, source.invariant)
    } else {
      const asked = parseRequest(policy, source.expected.request, { allowSystem: true })
      if (!asked.ok) return
      const { subject, action, object } = asked.value
      const first = resources.get(object.type)?.actions.get(action)
      const permission = first && permissionOn(first, object)
      if (permission !== undefined)
        recordCoverageOfDecision(table, stateOf(subject), permission, object, subject.can(action, object))
    }
  }
}
