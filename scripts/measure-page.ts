// Measures the explorer of the largest policy in a browser: from the beginning of a navigation to a frame with the whole
// first view, beside an empty page, so that the machine's part is seen; and how long typing into the document waits.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { gzipSync } from 'node:zlib'
import type { Browser } from 'playwright-core'
import { stringify } from 'yaml'
import { serveEditing } from '../src/cli/explore/edit-page.js'
import { exploreData } from '../src/explore/index.js'
import { compile } from '../src/index.js'
import { loadPolicy } from '../src/node/index.js'
import { builtFiles, launch, writeExplorer } from '../test/support/browser.js'

const policyPath = fileURLToPath(new URL('../policies/coder/index.ts', import.meta.url))

/** Of which the median is told. */
const runs = 9

/** Notes when a frame with all of the document was given to the screen, and when the page answers. */
const watching = `(() => {
  const seen = () => requestAnimationFrame(() => {
    // The data stands after the first view.
    if (document.readyState === 'loading' && document.getElementById('data') === null) return seen()
    const channel = new MessageChannel()
    channel.port1.onmessage = () => {
      globalThis.seen = { at: performance.now(), rows: document.querySelectorAll('tbody tr').length }
    }
    channel.port2.postMessage(0)
  })
  const ready = () => requestAnimationFrame(() => {
    if (document.querySelector('[data-ready]') === null) return ready()
    globalThis.ready = performance.now()
  })
  seen()
  ready()
})()`

interface Taken {
  readonly seen: number
  readonly rows: number
  readonly nodes: number
  readonly ready: number | undefined
}

async function visit(browser: Browser, url: string, isExplorer: boolean): Promise<Taken> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } })
  try {
    const page = await context.newPage()
    await page.addInitScript(watching)
    await page.goto(url)
    await page.waitForFunction(`globalThis.seen && (${!isExplorer} || globalThis.ready)`)
    return await page.evaluate<Taken>(
      `({ seen: seen.at, rows: seen.rows, nodes: document.querySelectorAll('*').length, ready: globalThis.ready })`
    )
  } finally {
    await context.close()
  }
}

/** The longest task of the page, and the longest that a key waited, while a comment and a grant are typed. */
async function type(browser: Browser, url: string, view: string): Promise<string> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } })
  try {
    const page = await context.newPage()
    await page.goto(`${url}#view=${view}`)
    await page.waitForSelector('[data-statements]', { timeout: 120_000 })
    await page.waitForSelector('.explorer table')
    await page.evaluate(`(() => {
      globalThis.longest = { longtask: 0, event: 0 }
      for (const type of ['longtask', 'event'])
        new PerformanceObserver((list) => {
          for (const { duration } of list.getEntries()) longest[type] = Math.max(longest[type], duration)
        }).observe({ type, durationThreshold: 16 })
    })()`)
    await page.locator('.cm-line', { hasText: /^name: / }).click()
    await page.keyboard.press('End')
    // A pause now and then, so that what was typed is read while more is typed.
    for (const words of [' # one', ' two', ' three', ' four', ' five', ' six']) {
      await page.keyboard.type(words, { delay: 60 })
      await page.waitForTimeout(400)
    }
    await page.waitForTimeout(2_000)
    const { longtask, event } = await page.evaluate<{ longtask: number; event: number }>('longest')
    // A browser tells of tasks of 50 ms and more.
    return `longest task ${longtask === 0 ? 'below 50' : Math.round(longtask)} ms, longest wait of a key ${Math.round(event)} ms`
  } finally {
    await context.close()
  }
}

/** Serves the document as YAML to an editor while something is done with it. */
async function editing(path: string, use: (url: string) => Promise<void>): Promise<void> {
  const stopping = new AbortController()
  const built = await builtFiles()
  let ended: Promise<void> | undefined
  const url = await new Promise<string>((resolve, reject) => {
    ended = serveEditing({
      path,
      options: undefined,
      readTests: () => Promise.resolve([]),
      readCode: () => Promise.reject(new Error('this policy is no code')),
      port: 0,
      built,
      onUrl: resolve,
      signal: stopping.signal
    })
    ended.catch(reject)
  })
  await use(url)
  stopping.abort()
  await ended
}

function middle(all: readonly number[]): string {
  const sorted = all.toSorted((a, b) => a - b).map(Math.round)
  return `${sorted[Math.floor(sorted.length / 2)] ?? 0} ms (${sorted[0] ?? 0} to ${sorted.at(-1) ?? 0})`
}

const folder = await mkdtemp(join(tmpdir(), 'casemate-measure-'))
const browser = await launch()
try {
  const path = join(folder, 'explore.html')
  const policy = compile(await loadPolicy(policyPath))
  const address = await writeExplorer(exploreData(policy, { file: 'index.ts' }), path)
  const text = await readFile(path)
  const blank = join(folder, 'blank.html')
  await writeFile(blank, '<!doctype html><title>blank</title><p>blank')
  const [empty, first]: [Taken[], Taken[]] = [[], []]
  // In turn, so that both see the same machine.
  for (let i = 0; i < runs; i++) {
    empty.push(await visit(browser, pathToFileURL(blank).href, false))
    first.push(await visit(browser, address, true))
  }
  const { rows = 0, nodes = 0 } = first[0] ?? {}
  console.log(`an empty page      ${middle(empty.map(({ seen }) => seen))}`)
  console.log(`the first view     ${middle(first.map(({ seen }) => seen))}, ${rows} rows, ${nodes} elements`)
  console.log(`the page answers   ${middle(first.map(({ ready = 0 }) => ready))}`)
  console.log(`the file           ${text.length} bytes, ${gzipSync(text).length} gzipped`)
  const document = join(folder, 'policy.yaml')
  await writeFile(document, stringify(policy.document))
  await editing(document, async (url) => {
    for (const view of ['matrix', 'why', 'who', 'compare'])
      console.log(`typing, ${view.padEnd(10)} ${await type(browser, url, view)}`)
  })
  console.log(
    `load of the machine ${loadavg()
      .map((one) => one.toFixed(1))
      .join(' ')}`
  )
} finally {
  await browser.close()
  await rm(folder, { recursive: true, force: true })
}
