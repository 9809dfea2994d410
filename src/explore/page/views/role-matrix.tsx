// What one role or service may do: a row for each permission, a column for each value of a setting that it reads.
import type { JSX } from 'preact'
import { visible } from '../../../output/visible.js'
import { count } from '../../../output/words.js'
import { CellMemory } from '../../cells.js'
import { askersOf } from '../../rows.js'
import { RowsWith } from '../fragment-parts.js'
import { Name, Select, Table } from '../parts.js'
import type { Page } from '../state.js'
import { Description, Legend, WhyCell } from './matrix-parts.js'

export function RoleChoice({ page, role }: { readonly page: Page; readonly role: string }): JSX.Element {
  const names = [...new Set(askersOf(page.engine.value.compiled).map(({ name }) => name))]
  return (
    <>
      <Select
        label="Role"
        value={role}
        options={names}
        onChoose={(value) => {
          page.change({ role: value })
        }}
      />
      <RowsWith page={page} placeholder="any permission" />
    </>
  )
}

export function RoleMatrix({ page, role }: { readonly page: Page; readonly role: string }): JSX.Element {
  const memory = new CellMemory()
  const { compiled } = page.engine.value
  const { find = '' } = page.fragment.value
  const askers = askersOf(compiled).filter(({ name }) => name === role)
  const about = page.data.document.roles?.[role]
  const permissions = [...compiled.catalogue.resources.values()].flatMap(({ name, actions }) =>
    [...actions.keys()].map((action) => ({ name, action }))
  )
  const rows = permissions.filter(({ name, action }) =>
    `${name}:${action}`.toLowerCase().includes(find.toLowerCase())
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
        <caption>{count(rows.length, 'permission')}. Press a cell to ask why.</caption>
        <thead>
          <tr>
            <th scope="col">Permission</th>
            {askers.map(({ settings }, i) => (
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
          {rows.map(({ name, action }) => (
            <tr key={`${name}:${action}`}>
              <th scope="row">
                <Name of={`${name}:${action}`} />
              </th>
              {askers.map((asker, i) => (
                <WhyCell
                  key={i}
                  page={page}
                  asker={asker}
                  cell={memory.reach(asker, name, action)}
                  what={`${name}:${action}`}
                />
              ))}
            </tr>
          ))}
        </tbody>
      </Table>
      <Legend page={page} />
    </>
  )
}
