// Who can: everybody who is allowed a permission on some object of a relation, how far, and by which grant.
import type { JSX } from 'preact'
import { isCasemateError } from '../../../errors.js'
import { holdersIn, type Holder } from '../../../verify/space/who-can.js'
import { LinkTo } from '../fragment-parts.js'
import { Caption, CellText, Input, Name, Select, Sentence, Table } from '../parts.js'
import type { Page } from '../state.js'
import { Description, resourceOf } from './matrix-parts.js'
import { Options } from './question.js'
import { Grant } from './why.js'

export function WhoView({ page }: { readonly page: Page }): JSX.Element {
  const { compiled } = page.engine.value
  const { name, actions } = resourceOf(page)
  const { action: chosen = '', by: relation = 'all' } = page.fragment.value
  const action = actions.includes(chosen) ? chosen : (actions[0] ?? '')
  const found = holders(page, `${name}:${action}`, relation)
  const hasAcl = compiled.catalogue.resources.get(name)?.acl === true
  return (
    <>
      <div class="bar">
        <Select
          label="Resource"
          value={name}
          options={[...compiled.catalogue.resources.keys()]}
          onChoose={(resource) => {
            page.change({ resource, action: '', by: '' })
          }}
        />
        <Select
          label="Action"
          value={action}
          options={actions}
          onChoose={(value) => {
            page.change({ action: value })
          }}
        />
        <Input
          label="Objects"
          value={relation}
          placeholder="all; own org; shared"
          onType={(value) => {
            page.change({ by: value })
          }}
        />
      </div>
      <Description of={page.data.document.resources[name]?.actions[action]} />
      {typeof found === 'string' ? (
        <p class="verdict wrong">
          <Sentence of={found} />
        </p>
      ) : (
        <Table label={`Who may ${action} ${name}`}>
          <Caption>
            Who may <Name of={`${name}:${action}`} />, each role held alone
            {found.length === 0 ? ': nobody' : ''}.
            {hasAcl && relation === 'all'
              ? ' Entries of ACLs may name anybody; ask for the objects that are shared.'
              : ''}
          </Caption>
          <thead>
            <tr>
              <th scope="col">Role or service</th>
              <th scope="col">Reach</th>
              <th scope="col">By which grant</th>
              <th scope="col">A question</th>
            </tr>
          </thead>
          <tbody>
            {found.map((holder, i) => (
              <HolderRow key={i} page={page} holder={holder} />
            ))}
          </tbody>
        </Table>
      )}
      <Options page={page} />
    </>
  )
}

/** Those who can, or what is wrong with the relation. */
function holders(page: Page, permission: string, relation: string): readonly Holder[] | string {
  try {
    return holdersIn(page.engine.value.compiled, permission, relation)
  } catch (error) {
    if (isCasemateError(error)) return error.message
    throw error
  }
}

function HolderRow({ page, holder }: { readonly page: Page; readonly holder: Holder }): JSX.Element {
  const { subject, settings = {}, everywhere, reach, example } = holder
  const answer = page.ask(example)
  const grants = answer.ok ? answer.decision.roles : []
  const to = { view: 'why', q: JSON.stringify(example) }
  return (
    <tr>
      <th scope="row">
        <Name of={subject} />
        {Object.entries(settings).map(([name, value]) => (
          <small key={name} class="setting">
            {name} = {String(value)}
          </small>
        ))}
      </th>
      <td class={reach === 'yes' ? 'yes' : 'some'}>
        <CellText says={reach} />
        {!everywhere && <small>not on all of these</small>}
      </td>
      <td>
        {grants.map((grant, i) => (
          <Grant key={i} page={page} grant={grant} />
        ))}
        {answer.ok && answer.decision.acl !== undefined && 'an ACL entry'}
      </td>
      <td>
        <LinkTo page={page} to={to}>
          Why
          <span class="hidden">
            {' '}
            may <Name of={subject} />
          </span>
        </LinkTo>
      </td>
    </tr>
  )
}
