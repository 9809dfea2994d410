// Starts the page with the data that stands in it.
import { signal } from '@preact/signals'
import { render } from 'preact'
import type { ExploreData } from '../data.js'
import { App } from './app.js'
import { createPage } from './state.js'

/** The data was written by the same release that this script is of. */
function readData(): ExploreData {
  return JSON.parse(document.getElementById('data')?.textContent ?? '') as ExploreData
}

const place = document.getElementById('app')
if (place !== null) {
  place.textContent = ''
  render(<App page={createPage(signal(readData()))} />, place)
}
