// `casemate explore --watch`: the page follows its files, and keeps what it showed while they are broken.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { builtPage } from '../../src/cli/explore/page-files.js'
import { servePage } from '../../src/cli/explore/watched-page.js'
import { exploreData } from '../../src/explore/index.js'
import { compile } from '../../src/index.js'
import { loadPolicy } from '../../src/node/index.js'
import { violations } from '../support/axe.js'
import { browserPath, builtFiles, launch, watch } from '../support/browser.js'
import { serveUntilEnd, type Served } from './served.js'

const policyNamed = (name: string): string => `name: ${name}
resources: { note: { actions: { read: see it } } }
roles: { reader: { kind: site, grants: { site: { allow: { note: [read] } } } } }
`

async function serve(path: string): Promise<Served> {
  const files = await builtFiles()
  const built = await builtPage(files)
  return serveUntilEnd((serving) =>
    servePage({
      ...serving,
      make: async () => exploreData(compile(await loadPolicy(path)), { file: 'policy.yaml' }),
      paths: () => Promise.resolve([path]),
      built,
      live: files['live.js']
    })
  )
}

describe.skipIf(browserPath === undefined)(
  'in a browser (skipped where no Chromium is installed), the watched page',
  () => {
    let browser: Browser
    let folder = ''
    let path = ''
    beforeAll(async () => {
      browser = await launch()
      folder = await mkdtemp(join(tmpdir(), 'casemate-explore-'))
      path = join(folder, 'policy.yaml')
    })
    afterAll(async () => {
      await browser.close()
      await rm(folder, { recursive: true, force: true })
    })

    it('follows the file, stays where it is, and keeps the last good page of a broken one', async () => {
      await writeFile(path, policyNamed('first'))
      const { url, end } = await serve(path)
      const { page, trouble, close } = await watch(browser, { own: url })
      await page.goto(`${url}#view=compare`)
      await page.locator('h1', { hasText: 'first' }).waitFor()
      expect(await page.locator('.news').isVisible()).toBe(false)

      await writeFile(path, policyNamed('second').replace('[read]', '[reed]'))
      const news = page.locator('.news')
      await news.waitFor()
      expect(await news.innerText()).toMatch(/policy\.yaml:3:\d+: .*`reed`.*`read`/)
      expect(await page.locator('h1').innerText()).toBe('first')
      expect(await violations(page)).toEqual([])

      await writeFile(path, policyNamed('third'))
      await page.locator('h1', { hasText: 'third' }).waitFor()
      expect(await page.locator('.news').isVisible()).toBe(false)
      expect(await page.locator('nav a[aria-current]').innerText()).toBe('Compare')
      expect(trouble).toEqual([])
      await end()
      await news.waitFor()
      expect(await news.innerText()).toContain('has ended')
      await close()
    })

    it('begins with the problems of a policy that is broken, and shows it once it is right', async () => {
      await writeFile(path, 'name: [')
      const { url, end } = await serve(path)
      const { page, trouble, close } = await watch(browser, { own: url, scheme: 'dark', width: 360 })
      await page.goto(url)
      await page.locator('.news li').first().waitFor()
      expect(await violations(page)).toEqual([])
      await writeFile(path, policyNamed('mended'))
      await page.locator('h1', { hasText: 'mended' }).waitFor()
      expect(trouble).toEqual([])
      await close()
      await end()
    })
  }
)
