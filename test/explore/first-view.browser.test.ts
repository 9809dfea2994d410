// What is seen before a script has run: the same that the page draws, and what is done to it then is not lost.
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { exploreData } from '../../src/explore/index.js'
import { compile, parsePolicy, type PolicyDocument } from '../../src/index.js'
import coder from '../../policies/coder/index.js'
import { smallHostilePolicy } from '../fixtures/hostile-policy.js'
import { browserPath, launch, open, watch, writeExplorer } from '../support/browser.js'

const notes = parsePolicy({
  name: 'notes',
  resources: {
    note: { org: 'optional', actions: { read: 'see it', write: 'change it' } },
    tag: { org: 'never', actions: { read: '' } }
  },
  roles: {
    author: { kind: 'site', grants: { user: { allow: { note: '*' } } } },
    banned: { kind: 'site', grants: { site: { deny: { note: ['write'] } } } }
  }
})

const documents: readonly (readonly [string, PolicyDocument])[] = [
  ['a small policy', notes],
  ['the largest policy', coder],
  ['a hostile policy', smallHostilePolicy()]
]

/** Lets no frame be drawn until it is told to, so that the page does not listen yet. */
const holdFrames = `(() => {
  const held = []
  const real = requestAnimationFrame.bind(globalThis)
  globalThis.requestAnimationFrame = (next) => held.push(next)
  globalThis.letFramesBe = () => {
    globalThis.requestAnimationFrame = real
    for (const next of held) real(next)
  }
})()`

/** What is shown: texts, links, looks. Fields are left out, whose values are no attributes when a script sets them. */
const shownIn = `[...document.querySelectorAll('#app :is(h1, h2, nav a, caption, th, td, td a, dl, p)')].map((one) =>
  [one.textContent, one.getAttribute('href')?.replace('#view=matrix&', '#'), one.ariaLabel, one.className])`

describe.skipIf(browserPath === undefined)(
  'in a browser (skipped where no Chromium is installed), the first view',
  () => {
    let browser: Browser
    let folder = ''
    beforeAll(async () => {
      browser = await launch()
      folder = await mkdtemp(join(tmpdir(), 'casemate-explore-'))
    })
    afterAll(async () => {
      await browser.close()
      await rm(folder, { recursive: true, force: true })
    })

    const write = (document: PolicyDocument): Promise<string> => {
      const options = Object.fromEntries(
        Object.entries(document.options ?? {}).map(([name, { values }]) => [name, values[0] ?? ''])
      )
      return writeExplorer(exploreData(compile(document, { options })), join(folder, 'page.html'))
    }

    it.each(documents)(
      'of %s is what the page draws, and is taken over as it stands',
      async (_, document) => {
        const address = await write(document)
        const { page, trouble, close } = await watch(browser)
        await page.addInitScript(holdFrames)
        await page.goto(address)
        const html = `document.getElementById('app').innerHTML`
        const before = await page.evaluate<string>(html)
        expect(await page.locator('tbody tr').count()).toBeGreaterThan(1)
        await page.evaluate(`globalThis.kept = [...document.querySelectorAll('main td, main a, h1, select')]`)
        await page.evaluate('letFramesBe()')
        await page.waitForSelector('[data-ready]')
        expect((await page.evaluate(html)) === before).toBe(true)
        expect(await page.evaluate('kept.length > 5 && kept.every((one) => one.isConnected)')).toBe(true)
        // Drawn by a script alone it is the same.
        const drawn = await page.evaluate(shownIn)
        await open(page, address, 'view=matrix')
        expect(await page.evaluate(shownIn)).toEqual(drawn)
        expect(trouble).toEqual([])
        await close()
      }
    )

    it('of the largest policy leaves the file below 110 kB gzipped', async () => {
      await write(coder)
      expect(gzipSync(await readFile(join(folder, 'page.html'))).length).toBeLessThan(110_000)
    })

    it('is there without scripts', async () => {
      const address = await write(notes)
      const context = await browser.newContext({ javaScriptEnabled: false })
      const page = await context.newPage()
      await page.goto(address)
      expect(await page.locator('main').innerText()).toMatch(/banned[^]*denied: site/)
      expect(await page.locator('noscript').innerText()).toContain('Without scripts')
      await context.close()
    })

    it('hears what was done before the page listened: a choice, and a link', async () => {
      const address = await write(notes)
      const { page, trouble, close } = await watch(browser)
      await page.addInitScript(holdFrames)
      await page.goto(address)
      await page.locator('label:has(> span:text-is("Resource")) select').selectOption('tag')
      await page.evaluate('letFramesBe()')
      await page.waitForFunction(`location.hash.includes('resource=tag')`)
      expect(await page.locator('thead').innerText()).not.toContain('write')

      await page.goto('about:blank')
      await page.goto(address)
      await page.locator('nav a', { hasText: 'Compare' }).click()
      await page.evaluate('letFramesBe()')
      await page.waitForSelector('[data-ready]')
      expect(await page.locator('nav a[aria-current]').innerText()).toBe('Compare')
      expect(trouble).toEqual([])
      await close()
    })

    it('is never shown in place of another one that the address asks for', async () => {
      const address = await write(notes)
      const { page, close } = await watch(browser)
      // What is visible at every frame until the page is ready.
      await page.addInitScript(`(() => {
        globalThis.flashes = 0
        const look = () => {
          const app = document.getElementById('app')
          if (app?.hasAttribute('data-ready')) return
          if (app !== null && getComputedStyle(app).visibility !== 'hidden') globalThis.flashes += 1
          requestAnimationFrame(look)
        }
        look()
      })()`)
      await open(page, address, 'view=compare')
      expect(await page.evaluate('flashes')).toBe(0)
      await close()
    })

    it('has links that another tab opens, too', async () => {
      const address = await write(notes)
      const { page, close } = await watch(browser)
      await open(page, address)
      const [other] = await Promise.all([
        page.context().waitForEvent('page'),
        page.locator('nav a', { hasText: 'Compare' }).click({ modifiers: ['Control'] })
      ])
      await other.waitForSelector('[data-ready]')
      expect(await other.locator('nav a[aria-current]').innerText()).toBe('Compare')
      expect(await page.locator('nav a[aria-current]').innerText()).toBe('Matrix')
      await close()
    })
  }
)
