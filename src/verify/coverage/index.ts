// Coverage: how many of the cells that a policy decides the statements that hold have looked at. Cells are counted, not
// lines of a document, so that writing the same policy in other words changes no number.
import type { CompiledPolicy } from '../../compile/compile.js'
import { createPolicy } from '../../policy/index.js'
import { stateOf } from '../../compiled-form.js'
import { parseRequest } from '../../request/index.js'
import { isAbout } from '../relations.js'
import { requireFewCells } from '../settings.js'
import { relationNamed } from '../who-can.js'
import { isOf } from '../suite/filter.js'
import type { MatrixSubject } from '../matrix/subjects.js'
import type { Source, Sourced, SuiteFilter } from '../suite/types.js'
import { CellTable, type CoverageCell } from './cells.js'
import { ClassesByResource, lookAtDecision, lookAtInvariant } from './look.js'

export type { CoverageCell, Outcome } from './cells.js'

export interface Coverage {
  readonly cells: number
  readonly covered: number
  /** From 0 to 100; 100 where there is no cell. */
  readonly percent: number
  /** By subject, permission in catalogue order, and level. */
  readonly uncovered: readonly CoverageCell[]
}

/** What the statements that hold have looked at, of the cells that a filter asks for. */
export function measureCoverage(
  engine: CompiledPolicy,
  sourced: readonly Sourced[],
  { subject, resource, action }: SuiteFilter = {}
): Coverage {
  requireFewCells(engine)
  const table = new CellTable(
    engine,
    (voter, { name }) => (subject === undefined || voter === subject) && isOf(name, resource, action)
  )
  const look = looker(engine, table)
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

function looker(engine: CompiledPolicy, table: CellTable): (source: Source) => void {
  const policy = createPolicy(engine)
  const classes = new Map<MatrixSubject, ClassesByResource>()
  const { resources } = engine.catalogue
  const permissions = new Map(engine.catalogue.permissions.map((permission) => [permission.name, permission]))
  const lookAtCell = ({ cell, expectation, subjects }: Source & { kind: 'cell' }): void => {
    const permission = permissions.get(cell.permission)
    if (permission === undefined) return
    const relation = relationNamed(expectation.kind === 'reach' ? 'all' : cell.relation)
    for (const asked of subjects) {
      const known = classes.get(asked) ?? new ClassesByResource()
      classes.set(asked, known)
      const { subject } = asked
      const state = stateOf(subject)
      for (const one of known.of(state, permission))
        if (isAbout(relation, one))
          lookAtDecision(table, state, permission, one.object, subject.can(permission, one.object))
    }
  }
  return (source) => {
    if (source.kind === 'cell') lookAtCell(source)
    else if (source.kind === 'invariant') {
      if (!source.isEmpty) lookAtInvariant(table, engine, source.invariant)
    } else {
      const asked = parseRequest(policy, source.expected.request, { allowSystem: true })
      if (!asked.ok) return
      const { subject, action, object } = asked.value
      const permission = resources.get(object.type)?.actions.get(action)
      if (permission !== undefined)
        lookAtDecision(table, stateOf(subject), permission, object, subject.can(action, object))
    }
  }
}
