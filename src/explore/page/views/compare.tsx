// Compare: what only one of two roles may do, what both may, and how far.
import type { JSX } from 'preact'
import { visible } from '../../../output/visible.js'
import { count } from '../../../output/words.js'
import { compare, type Compared } from '../../compare.js'
import { askersOf } from '../../rows.js'
import { RowsWith } from '../fragment-parts.js'
import { Caption, CellText, Name, Select, Table } from '../parts.js'
import type { Page } from '../state.js'
import { Options } from './question.js'

export function CompareView({ page }: { readonly page: Page }): JSX.Element {
  const { compiled } = page.engine.value
  const askers = askersOf(compiled).filter(({ options }) => Object.keys(options).length === 0)
  const names = [...new Set(askers.map(({ name }) => name))]
  const { a = names[0] ?? '', b = names[1] ?? a, only = 'different', find = '' } = page.fragment.value
  const [first, second] = [a, b].map((name) => askers.find((asker) => asker.name === name))
  const all = first === undefined || second === undefined ? [] : compare(compiled, first, second)
  const number = (who: Compared['who']): number => all.filter((one) => one.who === who).length
  const rows = all.filter(
    ({ who, permission }) =>
      (only === 'all' || (only === 'different' ? who !== 'both' && who !== 'neither' : who === only)) &&
      permission.toLowerCase().includes(find.toLowerCase())
  )
  return (
    <>
      <div class="bar">
        <Select
          label="Role"
          value={a}
          options={names}
          onChoose={(name) => {
            page.change({ a: name })
          }}
        />
        <Select
          label="Other role"
          value={b}
          options={names}
          onChoose={(name) => {
            page.change({ b: name })
          }}
        />
        <Select
          label="Show"
          value={only}
          onChoose={(value) => {
            page.change({ only: value })
          }}
          options={[
            ['different', 'what differs'],
            ['first', `only ${a} (${number('first')})`],
            ['second', `only ${b} (${number('second')})`],
            ['differ', `both, not as far (${number('differ')})`],
            ['both', `both alike (${number('both')})`],
            ['neither', `neither (${number('neither')})`],
            ['all', `everything (${all.length})`]
          ]}
        />
        <RowsWith page={page} placeholder="any permission" />
      </div>
      <Table label={`${a} and ${b}`}>
        <Caption>
          {count(rows.length, 'permission')} of {all.length}: only <Name of={a} /> has {number('first')}, only{' '}
          <Name of={b} /> {number('second')}, both {number('differ') + number('both')}.
        </Caption>
        <thead>
          <tr>
            <th scope="col">Permission</th>
            <th scope="col">{visible(a)}</th>
            <th scope="col">{visible(b)}</th>
            <th scope="col">Who</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ permission, resource, action, first: one, second: other, who }) => (
            <tr key={permission}>
              <th scope="row">
                <a href={page.link({ view: 'who', resource, action, by: '' })}>
                  <Name of={permission} />
                </a>
              </th>
              <td class={lookOfReach(one)}>
                <CellText says={one} />
              </td>
              <td class={lookOfReach(other)}>
                <CellText says={other} />
              </td>
              <td>
                {who === 'first' ? (
                  <>
                    only <Name of={a} />
                  </>
                ) : who === 'second' ? (
                  <>
                    only <Name of={b} />
                  </>
                ) : who === 'differ' ? (
                  'both, not as far'
                ) : (
                  who
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </Table>
      <Options page={page} />
    </>
  )
}

function lookOfReach(reach: string): string {
  return reach === 'yes' || reach === 'no' ? reach : 'some'
}
