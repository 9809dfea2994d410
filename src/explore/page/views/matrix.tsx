// Who may do what: of a resource, rows are roles and services; of a role, rows are permissions.
import type { JSX } from 'preact'
import { count } from '../../../output/words.js'
import { visible } from '../../../output/visible.js'
import type { ResourceMatrix, Shown } from '../../matrix.js'
import { askerNames } from '../../rows.js'
import { RowsWith } from '../fragment-parts.js'
import { Caption, Name, say, Select, Table } from '../parts.js'
import { togetherOf, type Page } from '../state.js'
import { Description, Legend, resourceOf, WhyCell } from './matrix-parts.js'
import { RoleChoice, RoleRows } from './role-matrix.js'

export function MatrixView({ page }: { readonly page: Page }): JSX.Element {
  const { role } = page.fragment.value
  const { value: matrix } = page.matrix
  return (
    <>
      <div class="bar">
        <Select
          label="Matrix of"
          value={role === undefined ? 'resource' : 'role'}
          options={[
            ['resource', 'a resource'],
            ['role', 'a role or service']
          ]}
          onChoose={(value) => {
            page.change({
              role: value === 'role' ? (askerNames(page.data.document)[0] ?? '') : ''
            })
          }}
        />
        {role === undefined ? <ResourceChoice page={page} /> : <RoleChoice page={page} role={role} />}
      </div>
      {matrix === undefined ? (
        <p role="status">The matrix is being worked out.</p>
      ) : 'role' in matrix ? (
        <RoleRows page={page} matrix={matrix} />
      ) : (
        <ResourceRows page={page} matrix={matrix} />
      )}
    </>
  )
}

function ResourceChoice({ page }: { readonly page: Page }): JSX.Element {
  const { name, actions } = resourceOf(page)
  const { by = '' } = page.fragment.value
  return (
    <>
      <Select
        label="Resource"
        value={name}
        options={Object.keys(page.data.document.resources)}
        onChoose={(resource) => {
          page.change({ resource, by: '' })
        }}
      />
      <Select
        label="Columns"
        value={by}
        options={[['', 'actions'], ...actions.map((action) => [action, `objects, to ${action}`] as const)]}
        onChoose={(value) => {
          page.change({ by: value })
        }}
      />
      <RowsWith page={page} placeholder="any name" />
    </>
  )
}

function ResourceRows({
  page,
  matrix
}: {
  readonly page: Page
  readonly matrix: ResourceMatrix
}): JSX.Element {
  const { find = '' } = page.fragment.value
  const { resource, by, columns } = matrix
  const { description, actions: texts = {} } = page.data.document.resources[resource] ?? {}
  const rows = matrix.rows.filter(({ asker }) => asker.name.toLowerCase().includes(find.toLowerCase()))
  return (
    <>
      <Description of={description} />
      <Table label={`Matrix of ${resource}`}>
        <Caption>
          {count(rows.length, 'row')}.
          {rows.some(isVariant) && ' A row with a setting differs from the row above it.'} Press a cell to ask
          why.
        </Caption>
        <thead>
          <tr>
            <th scope="col">Role or service</th>
            {columns.map((column) =>
              by === undefined ? (
                <th key={column} scope="col">
                  <Name of={column} />
                  {(texts[column] ?? '') !== '' && <small>{say(texts[column] ?? '')}</small>}
                </th>
              ) : (
                <th key={column} scope="col">
                  {visible(column)}
                </th>
              )
            )}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, i) => (
            <tr key={i} class={isVariant(row) ? 'variant' : undefined}>
              <RowHead page={page} asker={row.asker} />
              {row.cells.map((cell, k) => (
                <WhyCell key={k} page={page} asker={row.asker} cell={cell} what={by ?? columns[k] ?? ''} />
              ))}
            </tr>
          ))}
        </tbody>
      </Table>
      <AddRow page={page} />
      <Legend page={page} />
    </>
  )
}

/** Whether settings tell it from the row above. */
function isVariant({ asker: { settings } }: ResourceMatrix['rows'][number]): boolean {
  return Object.keys(settings).length > 0
}

function RowHead({ page, asker }: { readonly page: Page; readonly asker: Shown }): JSX.Element {
  const settings = Object.entries(asker.settings)
  return (
    <th scope="row">
      {asker.roles.length > 1 ? (
        <Name of={asker.name} />
      ) : (
        <a href={page.link({ role: asker.name })}>
          <Name of={asker.name} />
        </a>
      )}
      {settings.map(([name, value]) => (
        <small key={name} class="setting">
          {visible(`${name} = ${String(value)}`)}
        </small>
      ))}
      <small>
        {[asker.title, kindText(asker.kind)]
          .filter((text) => text !== undefined)
          .map((text) => say(text))
          .join(', ')}
      </small>
    </th>
  )
}

function kindText(kind: string): string {
  if (kind === 'service') return 'service'
  return `${kind === 'org' ? 'organization' : kind} role`
}

function AddRow({ page }: { readonly page: Page }): JSX.Element {
  const names = Object.keys(page.data.document.roles ?? {})
  const { a = names[0] ?? '', b = names[1] ?? '', with: added } = page.fragment.value
  const sets = togetherOf(added)
  if (names.length < 2) return <></>
  return (
    <form
      class="bar"
      onSubmit={(event) => {
        event.preventDefault()
        page.change({ with: JSON.stringify([...sets, [a, b]]) })
      }}
    >
      <Select
        label="Held together"
        value={a}
        options={names}
        onChoose={(value) => {
          page.change({ a: value })
        }}
      />
      <Select
        label="and"
        value={b}
        options={names}
        onChoose={(value) => {
          page.change({ b: value })
        }}
      />
      <button type="submit">Add a row</button>
      {sets.length > 0 && (
        <button
          type="button"
          onClick={() => {
            page.change({ with: '' })
          }}
        >
          Remove added rows
        </button>
      )}
    </form>
  )
}
