// Starts the page with the data that stands in it. Its first view stands in it too: the page goes on from there once that
// was seen.
import { signal } from '@preact/signals'
import { hydrate, render } from 'preact'
import type { ExploreData } from '../data.js'
import { App } from './app.js'
import { createPage } from './state.js'

/** The data was written by the same release that this script is of. */
function readData(): ExploreData {
  return JSON.parse(document.getElementById('data')?.textContent ?? '') as ExploreData
}

function start(place: HTMLElement): void {
  const app = <App page={createPage(signal(readData()))} />
  if (isFirstView(place)) {
    hydrate(app, place)
    // What was chosen before anybody listened.
    for (const select of place.querySelectorAll('select'))
      if (select.selectedOptions[0]?.defaultSelected !== true)
        select.dispatchEvent(new Event('change', { bubbles: true }))
  } else {
    place.textContent = ''
    render(app, place)
  }
  place.dataset['ready'] = ''
}

/** Whether what stands in the file is what the address asks for. */
function isFirstView(place: HTMLElement): boolean {
  return place.dataset['drawn'] !== undefined && location.hash.length < 2
}

/** In the second frame the first one was painted; a page that nobody sees has no frames. */
function afterPaint(next: () => void): void {
  if (document.visibilityState === 'hidden') next()
  else requestAnimationFrame(() => requestAnimationFrame(next))
}

const place = document.getElementById('app')
if (place !== null && isFirstView(place))
  afterPaint(() => {
    start(place)
  })
else if (place !== null) start(place)
