// Difference: who gains and who loses what against an older policy, each with the question that shows it.
import type { JSX } from 'preact'
import { visible } from '../../../output/visible.js'
import { describeRename } from '../../../diff/words.js'
import type { Difference } from '../../../diff/types.js'
import type { ExploreDiff } from '../../data.js'
import { LinkTo, RowsWith } from '../fragment-parts.js'
import { Name, Sentence, Table } from '../parts.js'
import type { Page } from '../state.js'

export function DiffView({ page }: { readonly page: Page }): JSX.Element {
  const { diff, unsaved } = page.data
  const shown = [unsaved, diff].filter((one) => one !== undefined)
  return (
    <>
      <div class="bar">
        <RowsWith page={page} placeholder="any name" />
      </div>
      {shown.map((one, i) => (
        <section key={i} aria-labelledby={`against${i}`}>
          <DiffPart page={page} diff={one} id={`against${i}`} />
        </section>
      ))}
    </>
  )
}

interface DiffProps {
  readonly page: Page
  readonly diff: ExploreDiff
  /** Of the heading. */
  readonly id: string
}

function DiffPart({ page, diff, id }: DiffProps): JSX.Element {
  const { find = '' } = page.fragment.value
  const isShown = (text: string): boolean => text.toLowerCase().includes(find.toLowerCase())
  const isNamed = ({ subject, permission }: Difference): boolean => isShown(`${subject} ${permission}`)
  const lists: readonly (readonly [title: string, lines: readonly string[]])[] = [
    ['Also gained', diff.widened.map(({ message }) => message)],
    ['Also lost', diff.narrowed.map(({ message }) => message)],
    ['Renamed', diff.renamed.map(describeRename)],
    ['Denies that are gone with their role', diff.removedDenies.map((name) => `\`${name}\``)],
    ['Also changed', diff.changes]
  ]
  const isSame =
    diff.gained.length === 0 && diff.lost.length === 0 && lists.every(([, lines]) => lines.length === 0)
  return (
    <>
      <h3 id={id}>
        Against <Name of={diff.against} />
      </h3>
      <p>
        {isSame ? (
          'Nobody gains or loses anything.'
        ) : (
          <>
            {diff.gained.length} gained, {diff.lost.length} lost,{' '}
            {diff.newAccess.length === 0 ? 'no new access' : <strong class="tag some">new access</strong>}.
          </>
        )}
      </p>
      <Differences
        page={page}
        against={diff.against}
        title="Gained"
        sign="new access"
        all={diff.gained.filter(isNamed)}
      />
      <Differences
        page={page}
        against={diff.against}
        title="Lost"
        sign="lost"
        all={diff.lost.filter(isNamed)}
      />
      {lists.map(([title, lines]) => {
        const found = lines.filter(isShown)
        return (
          found.length > 0 && (
            <div key={title}>
              <h4>
                {title} ({found.length})
              </h4>
              <ul>
                {found.map((line, i) => (
                  <li key={i}>
                    <Sentence of={line} />
                  </li>
                ))}
              </ul>
            </div>
          )
        )
      })}
    </>
  )
}

interface DifferencesProps {
  readonly page: Page
  readonly against: string
  readonly title: string
  readonly sign: string
  readonly all: readonly Difference[]
}

function Differences({ page, against, title, sign, all }: DifferencesProps): JSX.Element {
  if (all.length === 0) return <></>
  return (
    <>
      <h4>
        {title} ({all.length})
      </h4>
      <Table label={`${title} against ${against}`}>
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
