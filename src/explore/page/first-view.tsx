// What the page shows when nobody has asked it anything, as HTML: made where the page is made, shown before a script runs.
import { signal } from '@preact/signals'
import { options } from 'preact'
import { renderToString } from 'preact-render-to-string'
import type { ExploreData } from '../data.js'
import { firstAddress } from './address.js'
import { App } from './app.js'
import { createPage } from './state.js'

// A view that fails says so, as it does in the page.
Object.assign(options, { errorBoundaries: true })

/** The same that `App` draws in a window without a fragment. */
export function firstView(data: ExploreData): string {
  return renderToString(<App page={createPage(signal(data), { address: firstAddress() })} />)
}
