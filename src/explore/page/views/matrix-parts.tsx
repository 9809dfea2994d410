// What the matrices of a resource and of a role share: a cell that asks why, and the words for its signs.
import type { JSX } from 'preact'
import { visible } from '../../../output/visible.js'
import type { Cell } from '../../cells.js'
import type { Shown } from '../../matrix.js'
import { CellText, deniedText, lookOf, reachesOf, Sentence, signOf } from '../parts.js'
import type { Page } from '../state.js'

/** A cell that asks why. Of these there are hundreds: each is a link with a text, and nothing more. */
export function WhyCell({
  page,
  asker,
  cell,
  what
}: {
  readonly page: Page
  readonly asker: Shown
  readonly cell: Cell
  readonly what: string
}): JSX.Element {
  const { example, says, denied } = cell
  if (example === undefined)
    return (
      <td class="none">
        <CellText {...cell} />
        <span class="hidden">no such object</span>
      </td>
    )
  const options = { ...page.options.value, ...asker.options }
  const to = {
    view: 'why',
    q: JSON.stringify(example),
    o: Object.keys(options).length === 0 ? '' : JSON.stringify(options)
  }
  const question = `why may ${visible(asker.name)} ${visible(what)}?`
  return (
    <td class={lookOf(cell)}>
      <a
        class={`cell ${signOf(says)}`}
        href={page.link(to)}
        aria-label={`${[reachesOf(says).join(', '), ...(denied.length > 0 ? [deniedText(denied)] : [])].join('; ')}: ${question}`}
      >
        {reachesOf(says).join('\n')}
        {denied.length > 0 && '\n'}
        {denied.length > 0 && <span class="deny">{deniedText(denied)}</span>}
      </a>
    </td>
  )
}

export function Description({ of }: { readonly of: string | undefined }): JSX.Element {
  return of === undefined || of === '' ? (
    <></>
  ) : (
    <p class="about">
      <Sentence of={of} />
    </p>
  )
}

export function Legend({ page }: { readonly page: Page }): JSX.Element {
  const kinds = (page.data.document.containers ?? []).map(({ name }) => name)
  return (
    <dl class="legend">
      <div>
        <dt class="yes">
          <span class="sign sign-yes">yes</span>
        </dt>
        <dd>every object</dd>
      </div>
      <div>
        <dt class="some">
          <span class="sign sign-some">own</span>
        </dt>
        <dd>what the subject owns, in no organization</dd>
      </div>
      <div>
        <dt class="some">
          <span class="sign sign-some">own org</span>
        </dt>
        <dd>everything in the organization in which the role is held</dd>
      </div>
      <div>
        <dt class="some">
          <span class="sign sign-some">own, own org</span>
        </dt>
        <dd>what the subject owns there</dd>
      </div>
      {kinds.map((kind) => (
        <div key={kind}>
          <dt class="some">
            <span class="sign sign-some">own {visible(kind)}</span>
          </dt>
          <dd>everything in the {visible(kind)} in which the role is held</dd>
        </div>
      ))}
      <div>
        <dt class="no">
          <span class="sign sign-no">no</span>
        </dt>
        <dd>nothing</dd>
      </div>
      <div>
        <dt class="denied">
          <span class="deny">denied: org</span>
        </dt>
        <dd>a deny at this level, whatever other roles are held, unless a wider level allows</dd>
      </div>
      <div>
        <dd>Entries of ACLs are not counted.</dd>
      </div>
    </dl>
  )
}

/** The resource that the fragment names, or the first one. */
export function resourceOf(page: Page): {
  readonly name: string
  readonly description: string | undefined
  readonly actions: readonly string[]
} {
  const { resources } = page.data.document
  const { resource: given = '' } = page.fragment.value
  const name = Object.hasOwn(resources, given) ? given : (Object.keys(resources)[0] ?? '')
  const found = resources[name]
  return { name, description: found?.description, actions: Object.keys(found?.actions ?? {}) }
}
