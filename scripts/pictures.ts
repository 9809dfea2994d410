// Takes the pictures of the documentation: pages in Chromium, at one size, with the policy of `docs/guide/explorer.md`.
// Beside them stands a hash of the text that each page shows; a test makes the pages again and compares the hashes, so that
// a picture of what is no more is found.
import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { Page } from 'playwright-core'

import { serveEditing } from '../src/cli/explore/edit-page.js'
import { diffPolicies } from '../src/diff/index.js'
import { exploreData } from '../src/explore/index.js'
import { compile, type Policy } from '../src/index.js'
import { parsePolicyText } from '../src/node/index.js'
import { positionsIn } from '../src/node/positions.js'
import { toCompiled } from '../src/policy/to-compiled.js'
import { factsOf, matrixOf, matrixToHtml, verify } from '../src/verify/index.js'
import { builtFiles, fragmentOf, launch, writeExplorer } from '../test/support/browser.js'

const root = new URL('../', import.meta.url)

/** Where the pictures are, with the hashes. */
export const folder: string = fileURLToPath(new URL('docs/pictures/', root))

/** In CSS pixels. */
const size = { width: 1100, height: 620 }

const statements = `# note

| Role | Read (own org) | Delete (own org) |
| --- | --- | --- |
| editor | yes | yes |
`

const refused = {
  subject: { id: 'ann', roles: [{ role: 'editor', org: 'acme' }, 'suspended'] },
  action: 'write',
  object: { type: 'note', owner: 'bob', org: 'acme' }
}

/** Makes every page, one after the other, and shows each to a visitor under the name of its picture. */
export async function visitPages(visit: (name: string, page: Page) => Promise<void>): Promise<void> {
  const place = await mkdtemp(join(tmpdir(), 'casemate-pictures-'))
  const browser = await launch()
  try {
    const page = await browser.newPage({ viewport: size, colorScheme: 'light' })
    const text = await policyText()
    const policy = await compiled(text)
    const before = await compiled(text.replace('note: [read, write]', 'note: [read]'))
    const positions = await positionsIn(text)
    const data = exploreData(policy, {
      file: 'policy.yaml',
      locate: (at) => positions.find(at),
      diff: { against: 'old.yaml', difference: diffPolicies(before, policy) }
    })
    const address = await writeExplorer(data, join(place, 'explore.html'))
    for (const [name, fields] of [
      ['matrix', { view: 'matrix' }],
      ['why', { view: 'why', q: JSON.stringify(refused) }],
      ['difference', { view: 'diff' }]
    ] as const) {
      await page.goto('about:blank')
      await page.goto(`${address}#${fragmentOf(fields)}`)
      await page.waitForSelector('main')
      await visit(name, page)
    }
    await writeFile(join(place, 'paper.html'), paperOf(policy))
    await page.goto(pathToFileURL(join(place, 'paper.html')).href)
    await visit('paper', page)
    await visitEditor(join(place, 'policy.yaml'), text, page, visit)
  } finally {
    await browser.close()
    await rm(place, { recursive: true, force: true })
  }
}

/** What names the text that a page shows. */
export async function hashOf(page: Page): Promise<string> {
  return createHash('sha256')
    .update(await page.locator('body').innerText())
    .digest('hex')
}

async function visitEditor(
  path: string,
  text: string,
  page: Page,
  visit: (name: string, page: Page) => Promise<void>
): Promise<void> {
  await writeFile(path, text)
  const stopping = new AbortController()
  const built = await builtFiles()
  let ended: Promise<void> | undefined
  const url = await new Promise<string>((resolve, reject) => {
    ended = serveEditing({
      path,
      options: undefined,
      readTests: () => Promise.resolve([{ name: 'note.md', text: statements }]),
      readCode: () => Promise.reject(new Error('this policy is no code')),
      port: 0,
      built,
      onUrl: resolve,
      signal: stopping.signal
    })
    ended.catch(reject)
  })
  await page.goto(url)
  await page.waitForSelector('[data-statements="1"]')
  await visit('edit', page)
  await page.goto('about:blank')
  stopping.abort()
  await ended
}

async function policyText(): Promise<string> {
  const guide = await readFile(new URL('docs/guide/explorer.md', root), 'utf8')
  return /```yaml policy\.yaml\n([^]*?)```/.exec(guide)?.[1] ?? ''
}

async function compiled(text: string): Promise<Policy> {
  return compile(await parsePolicyText(text, 'yaml'))
}

function paperOf(policy: Policy): string {
  return matrixToHtml(matrixOf(policy), {
    facts: factsOf(policy),
    proofs: verify(policy).invariants,
    hash: toCompiled(policy).checksum,
    date: '2026-01-31'
  })
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const hashes: Record<string, string> = {}
  await mkdir(folder, { recursive: true })
  await visitPages(async (name, page) => {
    hashes[name] = await hashOf(page)
    await page.screenshot({ path: join(folder, `${name}.png`) })
  })
  await writeFile(join(folder, 'shown.json'), `${JSON.stringify(hashes, undefined, 2)}\n`)
}
