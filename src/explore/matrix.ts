// What a matrix shows, as plain data, so that it can be worked out beside the page that draws it. Nothing is folded away: a
// role that only denies has its row, and a setting that changes something has one of its own.
import type { CompiledPolicy } from '../compile/compile.js'
import { CellMemory, relationsOf, type Cell } from './cells.js'
import { askersOf, type Asker } from './rows.js'

/** What a matrix is asked for: of a resource rows are roles and services, of a role rows are permissions. */
export type MatrixQuestion =
  | {
      /** The name of a resource; of one that is not there, the first is meant. */
      readonly resource: string
      /** The action whose relations are the columns; absent where the actions are. */
      readonly by: string | undefined
      /** Roles that have a row together. */
      readonly together: readonly (readonly string[])[]
    }
  /** A role, or `system:NAME`. */
  | { readonly role: string }

/** Somebody, as far as a matrix shows them. */
export type Shown = Pick<Asker, 'name' | 'roles' | 'kind' | 'title' | 'settings' | 'options'>

/** How far everybody reaches with a resource. */
export interface ResourceMatrix {
  readonly resource: string
  /** The action whose relations are the columns; absent where the actions are. */
  readonly by: string | undefined
  /** Actions, or relations of objects in words. */
  readonly columns: readonly string[]
  readonly rows: readonly { readonly asker: Shown; readonly cells: readonly Cell[] }[]
}

/** How far one role or service reaches with each permission. */
export interface RoleMatrix {
  readonly role: string
  /** The role under each value of the settings that it reads, one changed at a time. */
  readonly columns: readonly Shown[]
  readonly rows: readonly {
    readonly resource: string
    readonly action: string
    readonly cells: readonly Cell[]
  }[]
}

/** Plain data, for JSON. */
export type Matrix = ResourceMatrix | RoleMatrix

/** The matrix of a policy. */
export function matrixFor(compiled: CompiledPolicy, question: MatrixQuestion): Matrix {
  return 'role' in question ? roleMatrix(compiled, question.role) : resourceMatrix(compiled, question)
}

function resourceMatrix(
  compiled: CompiledPolicy,
  { resource: name, by, together }: Exclude<MatrixQuestion, { readonly role: string }>
): ResourceMatrix {
  const memory = new CellMemory()
  const { resources } = compiled.catalogue
  const [first] = resources.values()
  const resource = resources.get(name) ?? first
  if (resource === undefined) return { resource: name, by: undefined, columns: [], rows: [] }
  const askers = askersOf(compiled, { together, resource: resource.name })
  if (by === undefined || !resource.actions.has(by)) {
    const columns = [...resource.actions.keys()]
    const rows = rowsOf(askers, (asker) =>
      columns.map((action) => memory.reach(asker, resource.name, action))
    )
    return { resource: resource.name, by: undefined, columns, rows }
  }
  const relations = relationsOf(compiled, resource)
  const rows = rowsOf(askers, (asker) =>
    relations.map((relation) => memory.relation(asker, resource.name, by, relation))
  )
  return { resource: resource.name, by, columns: relations.map(({ text }) => text), rows }
}

function roleMatrix(compiled: CompiledPolicy, role: string): RoleMatrix {
  const memory = new CellMemory()
  const askers = askersOf(compiled, { only: role })
  const rows = [...compiled.catalogue.resources.values()].flatMap(({ name: resource, actions }) =>
    [...actions.keys()].map((action) => ({
      resource,
      action,
      cells: askers.map((asker) => memory.reach(asker, resource, action))
    }))
  )
  return { role, columns: askers.map(shown), rows }
}

/** A setting that changes nothing here says so by having no row. */
function rowsOf(
  askers: readonly Asker[],
  cellsOf: (asker: Asker) => readonly Cell[]
): ResourceMatrix['rows'] {
  const rows: { readonly asker: Shown; readonly cells: readonly Cell[] }[] = []
  let base = { name: '', text: '' }
  for (const asker of askers) {
    const cells = cellsOf(asker)
    const text = cells.map(({ says, denied }) => `${says} ${denied.join()}`).join('|')
    if (base.name === asker.name && base.text === text) continue
    if (base.name !== asker.name) base = { name: asker.name, text }
    rows.push({ asker: shown(asker), cells })
  }
  return rows
}

function shown({ name, roles, kind, title, settings, options }: Asker): Shown {
  return { name, roles, kind, title, settings, options }
}
