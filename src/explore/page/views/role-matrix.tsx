// What one role or service may do: a row for each permission, a column for each value of a setting that it reads.
import type { JSX } from 'preact'
import { visible } from '../../../output/visible.js'
import { count } from '../../../output/words.js'
import type { RoleMatrix } from '../../matrix.js'
import { askerNames } from '../../rows.js'
import { RowsWith } from '../fragment-parts.js'
import { Caption, Name, Select, Table } from '../parts.js'
import type { Page } from '../state.js'
import { Description, Legend, WhyCell } from './matrix-parts.js'

export function RoleChoice({ page, role }: { readonly page: Page; readonly role: string }): JSX.Element {
  return (
    <>
      <Select
        label="Role"
        value={role}
        options={askerNames(page.data.document)}
        onChoose={(value) => {
          page.change({ role: value })
        }}
      />
      <RowsWith page={page} placeholder="any permission" />
    </>
  )
}

export function RoleRows({
  page,
  matrix: { role, columns, rows: all }
}: {
  readonly page: Page
  readonly matrix: RoleMatrix
}): JSX.Element {
  const { find = '' } = page.fragment.value
  const { roles = {} } = page.data.document
  const about = Object.hasOwn(roles, role) ? roles[role] : undefined
  const rows = all.filter(({ resource, action }) =>
    `${resource}:${action}`.toLowerCase().includes(find.toLowerCase())
  )
  return (
    <>
      <Description of={about?.description} />
      {about?.includes !== undefined && about.includes.length > 0 && (
        <p>
          Includes{' '}
          {about.includes.map((name) => (
            <Name key={name} of={name} />
          ))}
        </p>
      )}
      {about?.assigns !== undefined && about.assigns.length > 0 && (
        <p>
          May assign{' '}
          {about.assigns.map((name) => (
            <Name key={name} of={name} />
          ))}
        </p>
      )}
      <Table label={`Matrix of ${role}`}>
        <Caption>{count(rows.length, 'permission')}. Press a cell to ask why.</Caption>
        <thead>
          <tr>
            <th scope="col">Permission</th>
            {columns.map(({ settings }, i) => (
              <th key={i} scope="col">
                {Object.keys(settings).length === 0
                  ? 'reach'
                  : Object.entries(settings)
                      .map(([name, value]) => visible(`${name} = ${String(value)}`))
                      .join(', ')}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ resource, action, cells }) => (
            <tr key={`${resource}:${action}`}>
              <th scope="row">
                <Name of={`${resource}:${action}`} />
              </th>
              {columns.map((asker, i) => {
                const cell = cells[i]
                return (
                  cell && (
                    <WhyCell key={i} page={page} asker={asker} cell={cell} what={`${resource}:${action}`} />
                  )
                )
              })}
            </tr>
          ))}
        </tbody>
      </Table>
      <Legend page={page} />
    </>
  )
}
