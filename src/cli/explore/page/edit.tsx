// The page that edits: the document beside the explorer of what it says.
import { computed, type ReadonlySignal } from '@preact/signals'
import { render } from 'preact'
import type { JSX } from 'preact'
import type { ExploreData } from '../../../explore/index.js'
import { visible } from '../../../output/visible.js'
import { App } from '../../../explore/page/app.js'
import { createPage } from '../../../explore/page/state.js'
import { DocumentPart } from './document-part.js'
import { hearNews } from './news.js'
import { createSession, readEditState, type Session } from './session.js'

function Explorer({ session }: { readonly session: Session }): JSX.Element {
  return session.data.value === undefined ? (
    <main>
      <h1>{visible(session.file)}</h1>
      <p>The explorer stands here once the document is a policy.</p>
    </main>
  ) : (
    <Shown session={session} />
  )
}

const pages = new WeakMap<Session, ReturnType<typeof createPage>>()

function Shown({ session }: { readonly session: Session }): JSX.Element {
  const page = pages.get(session) ?? createPage(known(session), session)
  pages.set(session, page)
  return <App page={page} />
}

/** What is shown, once there is something: it never goes away again. */
function known({ data }: Session): ReadonlySignal<ExploreData> {
  return computed((): ExploreData => {
    if (data.value === undefined) throw new Error('nothing is shown yet')
    return data.value
  })
}

async function start(place: Element): Promise<void> {
  const session = createSession(await readEditState())
  place.textContent = ''
  render(
    <div class="edit">
      <DocumentPart session={session} />
      <div class="explorer">
        <Explorer session={session} />
      </div>
    </div>,
    place
  )
  hearNews({ onNews: (news) => void session.hear(news), onSilence: session.miss })
  addEventListener('beforeunload', (event) => {
    if (session.saving.value.is !== 'saved') event.preventDefault()
  })
}

const place = document.getElementById('app')
if (place !== null) void start(place)
