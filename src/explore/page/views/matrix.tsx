// Who may do what: of a resource, rows are roles and services; of a role, rows are permissions. Nothing is folded away: a
// role that only denies has its row, and a setting that changes something has one of its own.
import type { JSX } from 'preact'
import { count } from '../../../output/words.js'
import { visible } from '../../../output/visible.js'
import { CellMemory, relationsOf, type Cell } from '../../cells.js'
import { askersOf, type Asker } from '../../rows.js'
import { RowsWith } from '../fragment-parts.js'
import { Name, say, Select, Table } from '../parts.js'
import { readJson, type Page } from '../state.js'
import { Description, Legend, resourceOf, WhyCell } from './matrix-parts.js'
import { RoleChoice, RoleMatrix } from './role-matrix.js'

/** The rows that somebody added: sets of roles. */
function together(text: string | undefined): string[][] {
  const given = text === undefined ? [] : readJson(text)
  if (!Array.isArray(given)) return []
  return given.filter(
    (one): one is string[] => Array.isArray(one) && one.every((name) => typeof name === 'string')
  )
}

export function MatrixView({ page }: { readonly page: Page }): JSX.Element {
  const { role } = page.fragment.value
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
              role: value === 'role' ? (askersOf(page.engine.value.compiled)[0]?.name ?? '') : ''
            })
          }}
        />
        {role === undefined ? <ResourceChoice page={page} /> : <RoleChoice page={page} role={role} />}
      </div>
      {role === undefined ? <ResourceMatrix page={page} /> : <RoleMatrix page={page} role={role} />}
    </>
  )
}

function ResourceChoice({ page }: { readonly page: Page }): JSX.Element {
  const { catalogue } = page.engine.value.compiled
  const { name, actions } = resourceOf(page)
  const { by = '' } = page.fragment.value
  return (
    <>
      <Select
        label="Resource"
        value={name}
        options={[...catalogue.resources.keys()]}
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

function ResourceMatrix({ page }: { readonly page: Page }): JSX.Element {
  const memory = new CellMemory()
  const { compiled } = page.engine.value
  const { name, description, actions } = resourceOf(page)
  const { by, find = '', with: added } = page.fragment.value
  const resource = compiled.catalogue.resources.get(name)
  const relations = by === undefined || resource === undefined ? [] : relationsOf(compiled, resource)
  const texts = page.data.document.resources[name]?.actions ?? {}
  const cellsOf = (asker: Asker): Cell[] =>
    by === undefined
      ? actions.map((action) => memory.reach(asker, name, action))
      : relations.map((relation) => memory.relation(asker, name, by, relation))
  const rows = rowsOf(askersOf(compiled, together(added)), cellsOf).filter(({ asker }) =>
    asker.name.toLowerCase().includes(find.toLowerCase())
  )
  return (
    <>
      <Description of={description} />
      <Table label={`Matrix of ${name}`}>
        <caption>
          {count(rows.length, 'row')}. A setting of its own row differs from the row above it. Press a cell to
          ask why.
        </caption>
        <thead>
          <tr>
            <th scope="col">Role or service</th>
            {by === undefined
              ? actions.map((action) => (
                  <th key={action} scope="col">
                    <Name of={action} />
                    {(texts[action] ?? '') !== '' && <small>{say(texts[action] ?? '')}</small>}
                  </th>
                ))
              : relations.map(({ text }) => (
                  <th key={text} scope="col">
                    {visible(text)}
                  </th>
                ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ asker, cells }, i) => (
            <tr key={i} class={Object.keys(asker.settings).length > 0 ? 'variant' : ''}>
              <RowHead page={page} asker={asker} />
              {cells.map((cell, k) => (
                <WhyCell key={k} page={page} asker={asker} cell={cell} what={by ?? actions[k] ?? ''} />
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

interface Row {
  readonly asker: Asker
  readonly cells: readonly Cell[]
}

/** A setting that changes nothing here says so by having no row. */
function rowsOf(askers: readonly Asker[], cellsOf: (asker: Asker) => readonly Cell[]): Row[] {
  const rows: Row[] = []
  let base: Row | undefined
  for (const asker of askers) {
    const row = { asker, cells: cellsOf(asker) }
    if (base?.asker.name === asker.name && textOf(base) === textOf(row)) continue
    if (base?.asker.name !== asker.name) base = row
    rows.push(row)
  }
  return rows
}

function textOf({ cells }: Row): string {
  return cells.map(({ says, denied }) => `${says} ${denied.join()}`).join('|')
}

function RowHead({ page, asker }: { readonly page: Page; readonly asker: Asker }): JSX.Element {
  const settings = Object.entries(asker.settings)
  return (
    <th scope="row">
      {asker.roles.length > 1 ? (
        <Name of={asker.name} />
      ) : (
        <a
          href={page.link({ role: asker.name })}
          onClick={(event) => {
            event.preventDefault()
            page.go({ role: asker.name })
          }}
        >
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
  const names = [...page.engine.value.compiled.roles.shipped.keys()]
  const { a = names[0] ?? '', b = names[1] ?? '', with: added } = page.fragment.value
  const sets = together(added)
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
