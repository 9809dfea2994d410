// The page: a heading, the views as links, and the view that the fragment names.
import type { JSX } from 'preact'
import { visible } from '../../output/visible.js'
import { Boundary } from './boundary.js'
import { say } from './parts.js'
import { viewOf, type Page } from './state.js'
import { CompareView } from './views/compare.js'
import { DiffView } from './views/diff.js'
import { FindingsView } from './views/findings.js'
import { KeyView } from './views/key.js'
import { LogView } from './views/log.js'
import { MatrixView } from './views/matrix.js'
import { WhoView } from './views/who.js'
import { WhyView } from './views/why.js'

interface View {
  readonly id: string
  readonly title: string
  readonly Show: (props: { readonly page: Page }) => JSX.Element
  /** Absent: always there. */
  readonly isThere?: (page: Page) => boolean
}

const views: readonly View[] = [
  { id: 'matrix', title: 'Matrix', Show: MatrixView },
  { id: 'why', title: 'Why', Show: WhyView },
  { id: 'who', title: 'Who can', Show: WhoView },
  { id: 'compare', title: 'Compare', Show: CompareView },
  { id: 'key', title: 'Key', Show: KeyView },
  {
    id: 'diff',
    title: 'Difference',
    Show: DiffView,
    isThere: ({ data }) => (data.diff ?? data.unsaved) !== undefined
  },
  { id: 'findings', title: 'Findings', Show: FindingsView },
  { id: 'log', title: 'Log', Show: LogView, isThere: ({ data }) => data.log !== undefined }
]

export function App({ page }: { readonly page: Page }): JSX.Element {
  const { name, description } = page.data.document
  const there = views.filter(({ isThere = () => true }) => isThere(page))
  const shown = there.find(({ id }) => id === viewOf(page.fragment.value)) ?? there[0]
  if (shown === undefined) return <></>
  const { Show } = shown
  return (
    <>
      <a
        class="skip"
        href="#main"
        onClick={(event) => {
          event.preventDefault()
          document.getElementById('main')?.focus()
        }}
      >
        To the content
      </a>
      <header>
        <h1 title={description === undefined ? '' : say(description)}>{visible(name)}</h1>
        <nav aria-label="Views">
          {there.map(({ id, title }) => (
            <a key={id} href={page.link({ view: id })} aria-current={id === shown.id ? 'page' : undefined}>
              {title}
            </a>
          ))}
        </nav>
      </header>
      <main id="main" tabIndex={-1}>
        <h2 class="hidden">{shown.title}</h2>
        <Boundary key={shown.id} asked={page.fragment.value}>
          <Show page={page} />
        </Boundary>
      </main>
    </>
  )
}
