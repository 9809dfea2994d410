// Coverage: how many of the cells that a policy decides are looked at by statements that hold. Cells are counted, not
// lines of a document, so writing the same policy differently changes no number.
import { requireProvable } from '../../../compile/provable.js'
import type { CompiledPolicy } from '../../../compile/compile.js'
import { createPolicy } from '../../../policy/create.js'
import { parseRequest } from '../../../policy/parse.js'
import { isAbout, vocabularyOf } from '../../space/relations.js'
import { requireFewCells } from '../../space/settings.js'
import { relationNamed } from '../../space/who-can.js'
import { isOf } from '../filter.js'
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
  { subject, resource, action }: SuiteFilter = {}
): Coverage {
  requireProvable(compiled)
  requireFewCells(compiled)
  const table = new CellTable(
    compiled,
    (voter, { name }) => (subject === undefined || voter === subject) && isOf(name, resource, action)
  )
  const look = looker(compiled, table)
  for (const { statement, source } of sourced) if (statement.ok) look(source)
  const { cells, covered } = table.count()
  let uncovered: readonly CoverageCell[] | undefined
  return {
    cells,
    covered,
    percent: cells === 0 ? 100 : (covered / cells) * 100,
    // Made when it is asked for: there can be millions.
    get uncovered() {
      return (uncovered ??= [...table.uncovered()])
    }
  }
}

function looker(compiled: CompiledPolicy, table: CellTable): (source: Source) => void {
  const policy = createPolicy(compiled)
  const classes = new Map<MatrixSubject, ClassesByResource>()
  const { resources } = compiled.catalogue
  const permissions = new Map(
    compiled.catalogue.permissions.map((permission) => [permission.name, permission])
  )
  const recordCoverageOfCell = ({ cell, expectation, subjects }: Source & { kind: 'cell' }): void => {
    const permission = permissions.get(cell.permission ?? '')
    if (permission === undefined) return
    const relation = relationNamed(
      expectation.kind === 'reach' ? 'all' : cell.relation,
      vocabularyOf(compiled.catalogue)
    )
    for (const asked of subjects) {
      const cached = classes.get(asked) ?? new ClassesByResource()
      classes.set(asked, cached)
      const { subject } = asked
      const state = stateOf(subject)
      for (const one of cached.of(state, permission))
        if (isAbout(relation, one))
          recordCoverageOfDecision(table, state, permission, one.object, subject.can(permission, one.object))
    }
  }
  return (source) => {
    if (source.kind === 'cell') recordCoverageOfCell(source)
    else if (source.kind === 'invariant') {
      if (!source.isEmpty) recordCoverageOfInvariant(table, compiled, source.invariant)
    } else {
      const asked = parseRequest(policy, source.expected.request, { allowSystem: true })
      if (!asked.ok) return
      const { subject, action, object } = asked.value
      const permission = resources.get(object.type)?.actions.get(action)
      if (permission !== undefined)
        recordCoverageOfDecision(table, stateOf(subject), permission, object, subject.can(action, object))
    }
  }
}
