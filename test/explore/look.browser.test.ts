// The page is for everybody: axe finds nothing in any view, light and dark, narrow and wide; nothing runs over the edge;
// the keyboard alone does; a hostile policy is text; and nothing is asked of a network.
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { diffPolicies } from '../../src/diff/index.js'
import { exploreData, readLogReport, type ExploreData } from '../../src/explore/index.js'
import { compile, parsePolicy, type PolicyDocument } from '../../src/index.js'
import { hostileText, smallHostilePolicy } from '../fixtures/hostile-policy.js'
import { keeping, logOf } from '../records/support.js'
import { violations } from '../support/axe.js'
import { browserPath, fragmentOf, launch, open, watch, writeExplorer, type Look } from '../support/browser.js'
import { isDeep } from '../support/depth.js'

/** A policy with something of everything: containers, attributes, settings, an ACL, a deny, a finding. */
const wide: PolicyDocument = parsePolicy({
  name: 'papers',
  description: 'Who may do what to papers.',
  containers: [{ name: 'project', description: 'people who write together' }],
  resources: {
    paper: {
      description: 'Something that is written.',
      in: { project: 'optional' },
      attributes: { status: { values: ['draft', 'published'], default: 'draft' } },
      acl: true,
      actions: { read: 'see it', write: 'change it', delete: 'throw it away' }
    },
    note: { org: 'never', actions: { read: 'see it' } }
  },
  options: {
    open: { values: [true, false], default: false, description: 'Whether all read what is published.' }
  },
  orgOptions: { strict: { values: ['no', 'yes'], default: 'no' } },
  roles: {
    reader: {
      kind: 'site',
      title: 'Reader',
      variants: [
        {
          when: { open: true },
          grants: { site: { allow: { paper: [{ actions: ['read'], where: { status: 'published' } }] } } }
        }
      ],
      grants: { user: { allow: { paper: '*' }, deny: { paper: ['delete'] } } }
    },
    editor: {
      kind: 'org',
      grants: { org: { allow: { paper: ['read', 'write'] } } },
      variants: [{ when: { strict: 'yes' }, grants: { org: { deny: { paper: ['write'] } } } }]
    },
    author: { kind: 'project', grants: { project: { allow: { paper: '*' } } } },
    banned: { kind: 'site', grants: { site: { deny: { '*': '*' } } } }
  },
  systemSubjects: { sweeper: { title: 'Sweeper', grants: { site: { allow: { paper: ['delete'] } } } } },
  scopes: { reading: { allow: { paper: ['read'], note: ['read'] }, public: true } }
})

const optionsOf = ({
  options = {}
}: PolicyDocument): { options: Record<string, string | number | boolean> } => ({
  options: Object.fromEntries(
    Object.entries(options).flatMap(
      ([
        name,
        {
          values: [first]
        }
      ]) => (first === undefined ? [] : [[name, first]])
    )
  )
})

/** The page with every view there is. */
async function dataOf(document: PolicyDocument, before: PolicyDocument): Promise<ExploreData> {
  const policy = compile(document, optionsOf(document))
  const { recorder, lines } = keeping(policy)
  const [role = ''] = policy.roles.list().flatMap(({ name, kind }) => (kind === 'site' ? [name] : []))
  const [resource] = policy.resources.list()
  const asked = recorder.of(policy.subject({ id: 'u1', roles: [role] }))
  for (const { name } of resource?.actions ?? []) asked.can(name, { type: resource?.name ?? '', owner: 'u2' })
  const written = await lines()
  return exploreData(policy, {
    file: 'policy.yaml',
    locate: () => ({ line: 7 }),
    diff: { against: 'old.yaml', difference: diffPolicies(compile(before, optionsOf(before)), policy) },
    log: await readLogReport(policy, () => [logOf(written)])
  })
}

const before: PolicyDocument = parsePolicy({
  ...wide,
  roles: { ...wide.roles, reader: { kind: 'site', title: 'Reader' } }
})

const request = {
  subject: { id: 'u1', roles: ['reader'] },
  action: 'delete',
  object: { type: 'paper', owner: 'u2' }
}

/** Every view, with what it can show. */
const views = [
  { view: 'matrix' },
  { view: 'matrix', by: 'delete', with: JSON.stringify([['reader', 'editor']]) },
  { view: 'matrix', role: 'reader' },
  { view: 'why', q: JSON.stringify(request) },
  {
    view: 'why',
    q: JSON.stringify({ ...request, subject: { ...request.subject, roles: ['reeder'], scopes: ['reading'] } })
  },
  { view: 'who', action: 'delete' },
  { view: 'compare', a: 'reader', b: 'editor', only: 'all' },
  {
    view: 'key',
    q: JSON.stringify({ ...request, subject: { ...request.subject, scopes: ['reading'] } }),
    task: JSON.stringify(['paper:read'])
  },
  { view: 'diff' },
  { view: 'findings' },
  { view: 'log' }
]

const looks: readonly Look[] = [
  { scheme: 'light', width: 1280 },
  { scheme: 'dark', width: 360 },
  { scheme: 'light', width: 360 },
  { scheme: 'dark', width: 1280 }
]

describe.skipIf(browserPath === undefined)(
  'in a browser (skipped where no Chromium is installed), the page',
  () => {
    let browser: Browser
    let folder = ''
    let address = ''
    let hostile = ''
    beforeAll(async () => {
      browser = await launch()
      folder = await mkdtemp(join(tmpdir(), 'casemate-explore-'))
      address = await writeExplorer(await dataOf(wide, before), join(folder, 'page.html'))
      const small = smallHostilePolicy()
      hostile = await writeExplorer(
        await dataOf(small, smallHostilePolicy('some')),
        join(folder, 'hostile.html')
      )
    })
    afterAll(async () => {
      await browser.close()
      await rm(folder, { recursive: true, force: true })
    })

    it.each(isDeep ? looks : looks.slice(0, 2))(
      'passes axe and stays in its width: $scheme, $width px',
      async (look) => {
        const { page, trouble, close } = await watch(browser, look)
        for (const fields of views) {
          await open(page, address, fragmentOf(fields))
          const found = await violations(page)
          const over = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth')
          expect({ fields, found, over: Math.max(over, 0) }).toEqual({ fields, found: [], over: 0 })
          expect(await page.locator('[data-fault]').count()).toBe(0)
        }
        expect(trouble).toEqual([])
        await close()
      }
    )

    it('shows a hostile policy as text', async () => {
      const { page, trouble, close } = await watch(browser, { scheme: 'light', width: 360 })
      for (const view of ['matrix', 'why', 'who', 'compare', 'key', 'diff', 'findings', 'log']) {
        await open(page, hostile, fragmentOf({ view }))
        const text = await page.locator('body').innerText()
        // Nothing that could turn or hide the text around it is left as it is.
        expect(text).not.toMatch(/[\u202a-\u202e\u2066-\u2069\u200b\u2028]/)
        expect(
          await page.locator('main script, main img, main iframe, main a[href]:not([href^="#"])').count()
        ).toBe(0)
        expect(
          await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth')
        ).toBeLessThanOrEqual(0)
        expect(await page.locator('[data-fault]').count()).toBe(0)
      }
      expect(await page.locator('h1').innerText()).toContain(hostileText.slice(0, 12))
      expect(trouble).toEqual([])
      await close()
    })

    it('runs no script and no style but its own, and asks nothing of a network', async () => {
      const text = await readFile(join(folder, 'hostile.html'), 'utf8')
      expect(text.match(/<\/script/g)).toHaveLength(3)
      const { page, close } = await watch(browser)
      await open(page, address)
      const tried = await page.evaluate<string[]>(`new Promise((done) => {
      const refused = []
      addEventListener('securitypolicyviolation', ({ effectiveDirective }) => {
        refused.push(effectiveDirective)
        if (refused.length === 4) done(refused.sort())
      })
      const script = document.createElement('script')
      script.textContent = 'globalThis.wasRun = true'
      document.head.append(script)
      document.head.append(Object.assign(document.createElement('style'), { textContent: '*{color:red}' }))
      document.body.append(Object.assign(new Image(), { src: 'https://example.com/i.png' }))
      fetch('https://example.com').catch(() => undefined)
    })`)
      expect(tried).toEqual(['connect-src', 'img-src', 'script-src-elem', 'style-src-elem'])
      expect(await page.evaluate('globalThis.wasRun')).toBe(undefined)
      await close()
    })

    it('is worked by the keyboard alone: from the top to a cell, to its reasons, to another question', async () => {
      const { page, trouble, close } = await watch(browser)
      await open(page, address)
      const focused = (): Promise<string> =>
        page.evaluate<string>(
          `(({ tagName, ariaLabel, textContent }) => tagName + ' ' + (ariaLabel ?? textContent))(document.activeElement)`
        )
      const tabTo = async (what: RegExp): Promise<void> => {
        for (let i = 0; i < 80; i++) {
          await page.keyboard.press('Tab')
          if (what.test(await focused())) return
        }
        throw new Error(`no way by keyboard to ${String(what)}`)
      }
      await tabTo(/^A .*why may reader delete\?/s)
      await page.keyboard.press('Enter')
      await page.waitForSelector('[data-verdict]')
      expect(page.url()).toContain('view=why')
      // To the action's choice: by its first letter.
      await tabTo(/^SELECT readwritedelete/)
      await page.keyboard.press('w')
      await page.waitForFunction(`location.hash.includes('write')`)
      expect(await page.locator('[data-verdict]').count()).toBe(1)
      await page.goBack()
      await page.waitForFunction(`!location.hash.includes('view=why')`)
      for (const view of ['Compare', 'Key', 'Difference', 'Findings', 'Log', 'Who can']) {
        await page.locator('nav a').first().focus()
        await tabTo(new RegExp(`^A ${view}$`))
        await page.keyboard.press('Enter')
        expect(await page.locator('nav a[aria-current]').innerText()).toBe(view)
      }
      expect(trouble).toEqual([])
      await close()
    })
  }
)
