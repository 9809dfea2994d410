// Where the page is: the fragment of its address. Links inside the page are ordinary links; one click handler follows them
// all, so that a table of hundreds of links has no handler of its own for each.
import { signal, type ReadonlySignal } from '@preact/signals'

/** The fragment, and how it changes. Texts begin with `#`, or are empty. */
export interface Address {
  readonly hash: ReadonlySignal<string>
  /** Changes it in place, as somebody types. */
  readonly replace: (hash: string) => void
}

/** The address of the window. */
export function windowAddress(): Address {
  const hash = signal(location.hash)
  const read = (): void => {
    hash.value = location.hash
  }
  addEventListener('hashchange', read)
  addEventListener('popstate', read)
  addEventListener('click', (event) => {
    const to = linkOf(event)
    if (to === undefined) return
    event.preventDefault()
    history.pushState(null, '', to)
    read()
    scrollTo(0, 0)
  })
  return {
    hash,
    replace: (to) => {
      history.replaceState(null, '', to)
      read()
    }
  }
}

/** The address of a page that nobody has opened yet. */
export function firstAddress(): Address {
  return { hash: signal(''), replace: () => undefined }
}

/** Where an ordinary click on a link inside the page leads; what opens another tab is left to the browser. */
function linkOf(event: MouseEvent): string | undefined {
  const { target, button, ctrlKey, metaKey, shiftKey, altKey } = event
  if (event.defaultPrevented || button !== 0 || ctrlKey || metaKey || shiftKey || altKey) return undefined
  const link = target instanceof Element ? target.closest('a') : null
  return link?.getAttribute('href')?.startsWith('#') === true ? (link.getAttribute('href') ?? '') : undefined
}
