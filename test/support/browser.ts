// A page of the explorer in a browser: Chromium as it is installed here, without a network.
import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { pathToFileURL } from 'node:url'
import { chromium, type Browser, type Page } from 'playwright-core'
import { buildFiles } from '../../scripts/page.js'
import { builtPage, type BuiltFiles } from '../../src/cli/explore/page-files.js'
import { explorePage, type ExploreData } from '../../src/explore/index.js'

const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/** The browser's program: CHROMIUM, or where a system has it; `undefined` where none is installed. */
export const browserPath: string | undefined =
  process.env['CHROMIUM'] ?? places.find((path) => existsSync(path))

export function launch(): Promise<Browser> {
  return chromium.launch({
    ...(browserPath === undefined ? {} : { executablePath: browserPath }),
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync'
    ]
  })
}

let built: Promise<BuiltFiles> | undefined

/** The scripts and styles that the sources make now. */
export function builtFiles(): Promise<BuiltFiles> {
  built ??= buildFiles()
  return built
}

/** Writes the page of some data into a file, with the script that the sources make now, and gives its address. */
export async function writeExplorer(data: ExploreData, path: string): Promise<string> {
  await writeFile(path, await explorePage(data, await builtPage(await builtFiles())))
  return pathToFileURL(path).href
}

/** How somebody looks at a page. */
export interface Look {
  readonly scheme: 'light' | 'dark'
  readonly width: number
}

/** A page in a window of its own, and everything that it says or asks for that it should not. */
export interface Watched {
  readonly page: Page
  readonly trouble: string[]
  readonly close: () => Promise<void>
}

/** Opens a window; requests to addresses that begin with `own` are the page's own. */
export async function watch(
  browser: Browser,
  { scheme = 'light', width = 1280, own = 'file:' }: Partial<Look> & { readonly own?: string } = {}
): Promise<Watched> {
  const context = await browser.newContext({ colorScheme: scheme, viewport: { width, height: 900 } })
  const page = await context.newPage()
  const trouble: string[] = []
  page.on('console', (message) => trouble.push(`console: ${message.text()}`))
  page.on('pageerror', (error) => trouble.push(`error: ${error.message}`))
  page.on('request', (request) => {
    if (!request.url().startsWith(own)) trouble.push(`request: ${request.url()}`)
  })
  return { page, trouble, close: () => context.close() }
}

/** Opens an address anew, whatever the page showed before. */
export async function open(page: Page, address: string, fragment = ''): Promise<void> {
  await page.goto('about:blank')
  await page.goto(`${address}#${fragment}`)
  await page.waitForSelector('[data-ready] main')
}

/** The fragment of a view. */
export function fragmentOf(fields: Readonly<Record<string, string>>): string {
  return new URLSearchParams(fields).toString()
}
