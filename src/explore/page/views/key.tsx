// Key: what scopes and lists leave of what somebody may do, and the least scopes for a task.
import type { JSX } from 'preact'
import { isCasemateError } from '../../../errors.js'
import { visible } from '../../../output/visible.js'
import { count } from '../../../output/words.js'
import { keyRows, leastScopes, type KeyRow } from '../../key.js'
import type { ExploreRequest } from '../../request.js'
import { subjectFor } from '../engine.js'
import { RowsWith } from '../fragment-parts.js'
import { Caption, CellText, Check, Name, Select, Sentence, Table } from '../parts.js'
import { firstQuestion, isPerson, personOf, rolesOf } from '../question.js'
import { readJson, type Page } from '../state.js'
import { KeyFields, PersonFields } from './person.js'

export function KeyView({ page }: { readonly page: Page }): JSX.Element {
  const { compiled } = page.engine.value
  const given = page.request.value ?? firstQuestion(compiled)
  const request = isPerson(given.subject) ? given : { ...given, subject: { id: 'u1', roles: [] } }
  const set = (next: ExploreRequest): void => {
    page.change({ q: JSON.stringify(next) })
  }
  return (
    <div class="split">
      <section aria-labelledby="holder">
        <h3 id="holder">Person and key</h3>
        <form
          class="question"
          onSubmit={(event) => {
            event.preventDefault()
          }}
        >
          <fieldset>
            <legend>Who</legend>
            <PersonFields page={page} request={request} set={set} />
          </fieldset>
          <KeyFields page={page} request={request} set={set} />
        </form>
        <Least page={page} request={request} set={set} />
      </section>
      <section aria-labelledby="through">
        <h3 id="through">What is let through</h3>
        <Through page={page} request={request} />
      </section>
    </div>
  )
}

/** The permissions of the task, as the fragment has them. */
function taskOf(page: Page): string[] {
  const given = readJson(page.fragment.value.task ?? '[]')
  return Array.isArray(given) ? given.filter((one): one is string => typeof one === 'string') : []
}

interface ThroughProps {
  readonly page: Page
  readonly request: ExploreRequest
}

function Through({ page, request }: ThroughProps): JSX.Element {
  const { only = 'roles', find = '' } = page.fragment.value
  const found = rowsFor(page, request)
  if (typeof found === 'string')
    return (
      <p class="verdict wrong">
        <Sentence of={found} />
      </p>
    )
  const task = taskOf(page)
  const rows = found.filter(
    ({ permission, roles, key }) =>
      (only === 'all' ||
        (only === 'roles' ? roles !== 'no' : only === 'key' ? key !== 'no' : key !== roles)) &&
      permission.toLowerCase().includes(find.toLowerCase())
  )
  return (
    <>
      <div class="bar">
        <Select
          label="Show"
          value={only}
          onChoose={(value) => {
            page.change({ only: value })
          }}
          options={[
            ['roles', 'what the roles allow'],
            ['key', 'what the key lets through'],
            ['cut', 'what the key holds back'],
            ['all', 'everything']
          ]}
        />
        <RowsWith page={page} placeholder="any permission" />
      </div>
      <Table label="Permissions with and without the key">
        <Caption>
          {count(rows.length, 'permission')}. Tick what a task needs, for the least scopes that it takes.
        </Caption>
        <thead>
          <tr>
            <th scope="col">Permission</th>
            <th scope="col">Roles allow</th>
            <th scope="col">Key lets through</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ permission, roles, key }) => (
            <tr key={permission}>
              <th scope="row">
                <Check
                  label={<Name of={permission} />}
                  on={task.includes(permission)}
                  onTick={(on) => {
                    const others = task.filter((one) => one !== permission)
                    page.change({ task: JSON.stringify(on ? [...others, permission] : others) })
                  }}
                />
              </th>
              <td class={roles}>
                <CellText says={roles} />
              </td>
              <td class={key === 'no' && roles !== 'no' ? 'denied' : key}>
                <CellText says={key} />
              </td>
            </tr>
          ))}
        </tbody>
      </Table>
    </>
  )
}

/** The rows, or what is wrong with the person or the key. */
function rowsFor(page: Page, { subject, within }: ExploreRequest): readonly KeyRow[] | string {
  const { id, roles, groups, orgOptions } = personOf(subject)
  try {
    const { compiled } = page.engine.value
    const person = subjectFor(compiled, { subject: { id, roles, groups, orgOptions } })
    return keyRows(
      compiled,
      person,
      subjectFor(compiled, { subject, ...(within === undefined ? {} : { within }) })
    )
  } catch (error) {
    if (isCasemateError(error)) return error.message
    throw error
  }
}

function Least({
  page,
  request,
  set
}: ThroughProps & { readonly set: (request: ExploreRequest) => void }): JSX.Element {
  const task = taskOf(page)
  if (task.length === 0)
    return <p class="about">Tick permissions of a task to see the least scopes for it.</p>
  const isPublic = page.fragment.value.key === 'public'
  const { compiled } = page.engine.value
  const known = task.filter((one) => compiled.catalogue.permissions.some(({ name }) => name === one))
  const { scopes, excess, uncovered, isExact } = leastScopes(compiled, known, isPublic)
  const person = personOf(request.subject)
  return (
    <section aria-labelledby="least">
      <h4 id="least">The least scopes for {count(known.length, 'permission')}</h4>
      <Check
        label="only scopes that one may ask for"
        on={isPublic}
        onTick={(on) => {
          page.change({ key: on ? 'public' : '' })
        }}
      />
      <ul>
        {scopes.map((scope) => (
          <li key={scope}>
            <Name of={scope} />
          </li>
        ))}
      </ul>
      {excess.length > 0 && <p>They let through more: {excess.map((one) => visible(one)).join(', ')}.</p>}
      {uncovered.length > 0 && (
        <p>
          No scope has{' '}
          {uncovered.map((one) => (
            <Name key={one} of={one} />
          ))}
          .
        </p>
      )}
      {!isExact && <p>This is the best choice that was found; there may be a smaller one.</p>}
      <p class="bar">
        <button
          type="button"
          onClick={() => {
            set({ ...request, subject: { ...person, roles: rolesOf(person), scopes } })
          }}
        >
          Use these scopes
        </button>
        <button
          type="button"
          onClick={() => {
            page.change({ task: '' })
          }}
        >
          Clear the task
        </button>
      </p>
    </section>
  )
}
