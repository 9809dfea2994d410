// What the matrices of a resource and of a role share: a cell that asks why, and the words for its signs.
import type { JSX } from 'preact'
import { visible } from '../../../output/visible.js'
import type { Cell } from '../../cells.js'
import type { Asker } from '../../rows.js'
import { CellText, lookOf, Sentence } from '../parts.js'
import type { Page } from '../state.js'

/** A cell that asks why. */
export function WhyCell({
  page,
  asker,
  cell,
  what
}: {
  readonly page: Page
  readonly asker: Asker
  readonly cell: Cell
  readonly what: string
}): JSX.Element {
  const { example } = cell
  if (example === undefined)
    return (
      <td class="none">
        <CellText {...cell} />
        <span class="hidden">no such object</span>
      </td>
    )
  const to = {
    view: 'why',
    q: JSON.stringify(example),
    o: JSON.stringify({ ...page.options.value, ...asker.options })
  }
  return (
    <td class={lookOf(cell)}>
      <a
        class="cell"
        href={page.link(to)}
        onClick={(event) => {
          event.preventDefault()
          page.go(to)
        }}
      >
        <CellText {...cell} />
        <span class="hidden">
          : why may {visible(asker.name)} {visible(what)}?
        </span>
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
  const kinds = page.engine.value.compiled.catalogue.containers
  return (
    <dl class="legend">
      <div>
        <dt class="yes">
          <span class="sign yes">yes</span>
        </dt>
        <dd>every object</dd>
      </div>
      <div>
        <dt class="some">
          <span class="sign some">own</span>
        </dt>
        <dd>what the subject owns, in no organization</dd>
      </div>
      <div>
        <dt class="some">
          <span class="sign some">own org</span>
        </dt>
        <dd>everything in the organization in which the role is held</dd>
      </div>
      {kinds.map((kind) => (
        <div key={kind}>
          <dt class="some">
            <span class="sign some">own {visible(kind)}</span>
          </dt>
          <dd>everything in the {visible(kind)} in which the role is held</dd>
        </div>
      ))}
      <div>
        <dt class="no">
          <span class="sign no">no</span>
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
  const { resources } = page.engine.value.compiled.catalogue
  const [first] = resources.values()
  const found = resources.get(page.fragment.value.resource ?? '') ?? first
  return {
    name: found?.name ?? '',
    description: found?.description,
    actions: [...(found?.actions.keys() ?? [])]
  }
}
