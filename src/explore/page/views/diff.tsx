// Difference: who gains and who loses what against an older policy, each with the question that shows it.
import type { JSX } from 'preact'
import { visible } from '../../../output/visible.js'
import { describeRename } from '../../../diff/words.js'
import type { Difference } from '../../../diff/types.js'
import { LinkTo, RowsWith } from '../fragment-parts.js'
import { Name, Sentence, Table } from '../parts.js'
import type { Page } from '../state.js'

export function DiffView({ page }: { readonly page: Page }): JSX.Element {
  const { diff } = page.data
  if (diff === undefined) return <></>
  const { find = '' } = page.fragment.value
  const isShown = (text: string): boolean => text.toLowerCase().includes(find.toLowerCase())
  const texts = (title: string, lines: readonly string[]): JSX.Element => {
    const shown = lines.filter(isShown)
    return shown.length === 0 ? (
      <></>
    ) : (
      <>
        <h3>
          {title} ({shown.length})
        </h3>
        <ul>
          {shown.map((line, i) => (
            <li key={i}>
              <Sentence of={line} />
            </li>
          ))}
        </ul>
      </>
    )
  }
  const isSame = [
    diff.gained,
    diff.lost,
    diff.widened,
    diff.narrowed,
    diff.renamed,
    diff.removedDenies,
    diff.changes
  ].every((list) => list.length === 0)
  return (
    <>
      <p>
        Against <Name of={diff.against} />:{' '}
        {isSame ? (
          'nobody gains or loses anything.'
        ) : (
          <>
            {diff.gained.length} gained, {diff.lost.length} lost,{' '}
            {diff.newAccess.length === 0 ? 'no new access' : <strong class="tag some">new access</strong>}.
          </>
        )}
      </p>
      <div class="bar">
        <RowsWith page={page} placeholder="any name" />
      </div>
      <Differences
        page={page}
        title="Gained"
        sign="new access"
        all={diff.gained.filter(({ subject, permission }) => isShown(`${subject} ${permission}`))}
      />
      <Differences
        page={page}
        title="Lost"
        sign="lost"
        all={diff.lost.filter(({ subject, permission }) => isShown(`${subject} ${permission}`))}
      />
      {texts(
        'Also gained',
        diff.widened.map(({ message }) => message)
      )}
      {texts(
        'Also lost',
        diff.narrowed.map(({ message }) => message)
      )}
      {texts('Renamed', diff.renamed.map(describeRename))}
      {texts(
        'Denies that are gone with their role',
        diff.removedDenies.map((name) => `\`${name}\``)
      )}
      {texts('Also changed', diff.changes)}
    </>
  )
}

interface DifferencesProps {
  readonly page: Page
  readonly title: string
  readonly sign: string
  readonly all: readonly Difference[]
}

function Differences({ page, title, sign, all }: DifferencesProps): JSX.Element {
  if (all.length === 0) return <></>
  return (
    <>
      <h3>
        {title} ({all.length})
      </h3>
      <Table label={title}>
        <thead>
          <tr>
            <th scope="col">Who</th>
            <th scope="col">Permission</th>
            <th scope="col">Objects</th>
            <th scope="col">A question that shows it</th>
          </tr>
        </thead>
        <tbody>
          {all.map(({ subject, permission, relation, byAcl, witness, options }, i) => {
            const to = { view: 'why', q: JSON.stringify(witness), o: JSON.stringify(options) }
            return (
              <tr key={i}>
                <th scope="row">
                  <Name of={subject} />
                </th>
                <td>
                  <Name of={permission} />{' '}
                  <span class={`tag ${title === 'Gained' ? 'some' : 'no'}`}>{sign}</span>
                </td>
                <td>
                  {visible(relation)}
                  {byAcl && <small>by an ACL entry</small>}
                  {Object.entries(options).map(([name, value]) => (
                    <small key={name}>{visible(`${name} = ${String(value)}`)}</small>
                  ))}
                </td>
                <td>
                  <LinkTo page={page} to={to}>
                    Why
                    <span class="hidden">
                      {' '}
                      {visible(permission)} of {visible(subject)}, {visible(relation)}
                    </span>
                  </LinkTo>
                </td>
              </tr>
            )
          })}
        </tbody>
      </Table>
    </>
  )
}
