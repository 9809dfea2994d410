// Log: what records used, what was refused, and which grants nothing needed.
import type { JSX } from 'preact'
import { visible } from '../../../output/visible.js'
import { count } from '../../../output/words.js'
import type { LoggedPermission } from '../../log.js'
import { LinkTo, RowsWith } from '../fragment-parts.js'
import { Caption, Name, Select, Table } from '../parts.js'
import type { Page } from '../state.js'

export function LogView({ page }: { readonly page: Page }): JSX.Element {
  const { log } = page.data
  if (log === undefined) return <></>
  const { find = '', only = 'all' } = page.fragment.value
  const rows = log.permissions.filter(
    ({ permission, refused }) =>
      (only === 'all' || refused > 0) && permission.toLowerCase().includes(find.toLowerCase())
  )
  return (
    <>
      <p>
        {count(log.decisions, 'recorded decision')}, asked again of this policy.
        {log.unanswerable > 0 &&
          ` ${count(log.unanswerable, 'decision')} cannot be asked: a role or a resource is gone.`}
        {log.isSampled &&
          ' The log has only a sample of what was allowed: what is listed as unneeded may be needed.'}
        {log.dropped > 0 && ` ${count(log.dropped, 'line')} were lost when it was written.`}
        {log.damaged > 0 && ` ${count(log.damaged, 'line')} could not be used.`}
      </p>
      <div class="bar">
        <Select
          label="Show"
          value={only}
          options={[
            ['all', 'everything that was asked'],
            ['refused', 'what was refused']
          ]}
          onChoose={(value) => {
            page.change({ only: value })
          }}
        />
        <RowsWith page={page} placeholder="any permission" />
      </div>
      <Table label="Permissions in the log">
        <Caption>{count(rows.length, 'permission')}, the most refused first.</Caption>
        <thead>
          <tr>
            <th scope="col">Permission</th>
            <th scope="col">Allowed</th>
            <th scope="col">Refused</th>
            <th scope="col">Reasons</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <LoggedRow key={row.permission} page={page} row={row} />
          ))}
        </tbody>
      </Table>
      <h3>Roles that decided</h3>
      {Object.keys(log.used).length === 0 && <p>None: no role allowed anything that was asked.</p>}
      <ul>
        {Object.entries(log.used)
          .sort(([, a], [, b]) => b - a)
          .map(([name, times]) => (
            <li key={name}>
              <Name of={name} />: {Math.round(times)}
            </li>
          ))}
      </ul>
      <Names title="Roles that nothing needed" names={log.roles} />
      <Names
        title="Grants that nothing needed"
        names={log.grants.map(
          ({ path, actions }) => `${path}${actions === undefined ? '' : `: ${actions.join(', ')}`}`
        )}
      />
      <Names title="Scopes that nothing needed" names={log.scopes} />
      {log.keys.length > 0 && (
        <>
          <h3>Keys with which nothing was allowed</h3>
          <ul>
            {log.keys.map(({ subject, within, refused }, i) => (
              <li key={i}>
                <bdi>{visible(subject)}</bdi> <Name of={JSON.stringify(within)} />: {Math.round(refused)}{' '}
                refused
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  )
}

function LoggedRow({ page, row }: { readonly page: Page; readonly row: LoggedPermission }): JSX.Element {
  const { permission, allowed, refused, reasons, refusal } = row
  const to = refusal && { view: 'why', q: JSON.stringify(refusal) }
  return (
    <tr>
      <th scope="row">
        <Name of={permission} />
      </th>
      <td class={allowed > 0 ? 'yes' : 'no'}>{Math.round(allowed)}</td>
      <td class={refused > 0 ? 'denied' : 'no'}>{Math.round(refused)}</td>
      <td>
        {Object.entries(reasons).map(([reason, times]) => (
          <div key={reason}>
            <code>{reason}</code>: {Math.round(times)}
          </div>
        ))}
        {to !== undefined && (
          <LinkTo page={page} to={to}>
            Why<span class="hidden"> was {visible(permission)} refused?</span>
          </LinkTo>
        )}
      </td>
    </tr>
  )
}

function Names({ title, names }: { readonly title: string; readonly names: readonly string[] }): JSX.Element {
  if (names.length === 0) return <></>
  return (
    <details>
      <summary>
        {title} ({names.length})
      </summary>
      <ul>
        {names.map((name) => (
          <li key={name}>
            <Name of={name} />
          </li>
        ))}
      </ul>
    </details>
  )
}
