// `casemate explore --edit`: what is typed is checked, completed, proved and compared, and saved as it was typed.
import { appendFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { serveEditing, type EditedPage } from '../../src/cli/explore/edit-page.js'
import { exploreData } from '../../src/explore/index.js'
import { compile } from '../../src/index.js'
import { loadPolicy } from '../../src/node/index.js'
import { keeping } from '../records/support.js'
import { violations } from '../support/axe.js'
import { browserPath, builtFiles, launch, watch } from '../support/browser.js'
import { serveUntilEnd, type Served } from './served.js'

const policy = `# Who may do what to notes.
name: notes
resources:
  note:
    org: optional
    actions: { read: see it, write: change it }
roles:
  author: { kind: site, grants: { user: { allow: { note: '*' } } } } # what one wrote
  editor:
    kind: org
    grants:
      org:
        allow:
          note: [read]
`
const page = `# note

| Role | Read (own org) | Write (own org) |
| --- | --- | --- |
| editor | yes | yes |
`

async function serve(
  path: string,
  beside: Pick<EditedPage, 'readOlder' | 'logs' | 'others'> = {}
): Promise<Served> {
  const built = await builtFiles()
  return serveUntilEnd((serving) =>
    serveEditing({
      ...serving,
      ...beside,
      path,
      options: undefined,
      readTests: () => Promise.resolve([{ name: 'note.md', text: page }]),
      readCode: async () => exploreData(compile(await loadPolicy(path)), { file: 'policy.ts' }),
      built
    })
  )
}

const state = (tab: Page, is: string) => tab.locator(`[data-saving="${is}"]`)

async function typeAfter(tab: Page, line: string, text: string): Promise<void> {
  await tab.locator('.cm-line', { hasText: line }).click()
  await tab.keyboard.press('End')
  await tab.keyboard.type(text)
}

describe.skipIf(browserPath === undefined)(
  'in a browser (skipped where no Chromium is installed), the page that edits',
  () => {
    let browser: Browser
    let folder = ''
    let path = ''
    beforeAll(async () => {
      browser = await launch()
      folder = await mkdtemp(join(tmpdir(), 'casemate-edit-'))
      path = join(folder, 'policy.yaml')
    })
    afterAll(async () => {
      await browser.close()
      await rm(folder, { recursive: true, force: true })
    })

    it('shows why a statement does not hold, and is mended: completed, proved, compared, saved', async () => {
      await writeFile(path, policy)
      const { url, end } = await serve(path)
      const { page: tab, trouble, close } = await watch(browser, { own: url })
      await tab.goto(url)
      await tab.locator('[data-statements="1"]').waitFor()
      expect(await tab.locator('.remarks').innerText()).toMatch(
        /note\.md:5.*editor: note:write \(own org\) is yes/
      )
      await tab.locator('.remarks a', { hasText: 'Why' }).click()
      await tab.locator('[data-verdict="refused"]').waitFor()

      // A name that is none is underlined, and the explorer stays.
      await typeAfter(tab, 'note: [read]', '')
      await tab.keyboard.press('ArrowLeft')
      await tab.keyboard.type(', wr')
      await tab.locator('.cm-tooltip-autocomplete li', { hasText: 'write' }).waitFor()
      await tab.locator('.cm-lintRange-error').waitFor()
      expect(await tab.locator('.remarks').innerText()).toMatch(/Line 14.*no action wr/)
      expect(await state(tab, 'changed').count()).toBe(1)
      expect(await violations(tab)).toEqual([])
      await tab.locator('.cm-tooltip-autocomplete li', { hasText: 'write' }).click()
      await tab.locator('[data-statements="0"]').waitFor()
      await tab.locator('[data-verdict="allowed"]').waitFor()

      // What the change gives, before it is saved.
      await tab.locator('nav a', { hasText: 'Difference' }).click()
      const main = tab.locator('main')
      await main.locator('text=as it is saved').waitFor()
      expect(await main.innerText()).toMatch(/editor\s+note:write/)
      expect(await violations(tab)).toEqual([])
      expect(await readFile(path, 'utf8')).toBe(policy)

      await tab.keyboard.press('Control+s')
      await tab.locator('button', { hasText: 'Save' }).click()
      await state(tab, 'saved').waitFor()
      expect(await readFile(path, 'utf8')).toBe(policy.replace('note: [read]', 'note: [read, write]'))
      expect(trouble).toEqual([])
      await close()
      await end()
    })

    it('follows the file while nothing is typed, and writes over nobody', async () => {
      await writeFile(path, policy)
      const { url, end } = await serve(path)
      const { page: tab, close } = await watch(browser, { own: url, scheme: 'dark', width: 360 })
      await tab.goto(url)
      await tab.locator('[data-statements]').waitFor()
      const over = (): Promise<number> => tab.evaluate('document.documentElement.scrollWidth - innerWidth')
      expect([await violations(tab), await over()]).toEqual([[], 0])
      await writeFile(path, policy.replace('[read]', '[read, write]'))
      await tab.locator('[data-statements="0"]').waitFor()
      await typeAfter(tab, 'name: notes', ' # mine')
      await state(tab, 'changed').waitFor()
      const theirs = policy.replace('name: notes', 'name: notes # theirs')
      await writeFile(path, theirs)
      await state(tab, 'overtaken').waitFor()
      expect([await violations(tab), await over()]).toEqual([[], 0])
      await tab.locator('.cm-content').press('Control+s')
      await tab.locator('button', { hasText: 'Load the file' }).click()
      await state(tab, 'saved').waitFor()
      expect(await tab.locator('.cm-content').innerText()).toContain('# theirs')
      expect(await readFile(path, 'utf8')).toBe(theirs)
      await close()
      await end()
    })

    it('begins with a text that is no policy, and shows the explorer once it is one', async () => {
      await writeFile(path, policy.replace('read: see it', 'read:: see it'))
      const { url, end } = await serve(path)
      const { page: tab, trouble, close } = await watch(browser, { own: url })
      await tab.goto(url)
      await tab.locator('.cm-lintRange-error').first().waitFor()
      expect(await violations(tab)).toEqual([])
      expect(await tab.locator('nav').count()).toBe(0)
      await writeFile(path, policy)
      await tab.locator('nav').waitFor()
      expect(trouble).toEqual([])
      await close()
      await end()
    })

    it('shows what is typed beside an older policy and a log, and follows both', async () => {
      const [old, log] = [join(folder, 'old.yaml'), join(folder, 'decisions.ndjson')]
      await writeFile(path, policy)
      await writeFile(old, policy.replace('note: [read]', 'note: []'))
      const held = compile(await loadPolicy(path))
      const record = async (id: string): Promise<string> => {
        const { recorder, lines } = keeping(held)
        const subject = held.subject({ id, roles: [{ role: 'editor', org: 'o1' }] })
        recorder.of(subject).can('write', { type: 'note', org: 'o1' })
        return `${(await lines()).join('\n')}\n`
      }
      await writeFile(log, await record('ann'))
      const { url, end } = await serve(path, {
        readOlder: async () => ({ name: 'old.yaml', document: await loadPolicy(old) }),
        others: () => Promise.resolve([old]),
        logs: [log]
      })
      const { page: tab, trouble, close } = await watch(browser, { own: url })
      await tab.goto(`${url}#view=diff`)
      const main = tab.locator('main')
      await main.locator('h3', { hasText: 'old.yaml' }).waitFor()
      expect(await main.innerText()).toMatch(/editor\s+note:read/)
      expect(await main.innerText()).not.toContain('as it is saved')

      await typeAfter(tab, 'note: [read]', '')
      await tab.keyboard.press('ArrowLeft')
      await tab.keyboard.type(', write')
      await main.locator('h3', { hasText: 'policy.yaml as it is saved' }).waitFor()
      const [unsaved, older] = await main.locator('section').allInnerTexts()
      expect([unsaved, older]).toEqual([
        expect.not.stringContaining('note:read'),
        expect.stringMatching(/note:read[^]*note:write/)
      ])
      expect(await violations(tab)).toEqual([])

      // The matrix of the resource, and that of a role, follow.
      await tab.locator('nav a', { hasText: 'Matrix' }).click()
      await main.locator('tr', { hasText: 'editor' }).locator('td.some').nth(1).waitFor()
      await main.locator('th a', { hasText: 'editor' }).click()
      await main.locator('tr', { hasText: 'note:write' }).locator('td.some').waitFor()

      // What was refused when it was recorded is allowed by what is typed.
      await tab.locator('nav a', { hasText: 'Log' }).click()
      const row = main.locator('tr', { hasText: 'note:write' })
      await row.locator('td.yes', { hasText: '1' }).waitFor()
      await appendFile(log, await record('bob'))
      await row.locator('td.yes', { hasText: '2' }).waitFor()
      await tab.locator('.cm-content').click()
      for (let i = 0; i < 7; i++) await tab.keyboard.press('Control+z')
      await row.locator('td.denied', { hasText: '2' }).waitFor()
      expect(trouble).toEqual([])

      // What fails is said until it does not.
      await rm(log)
      await mkdir(log)
      await tab.locator('.trouble li', { hasText: 'could not be read' }).waitFor()
      await rm(log, { recursive: true })
      await writeFile(log, await record('ann'))
      await row.locator('td.denied', { hasText: '1' }).waitFor()
      expect(await tab.locator('.trouble li').count()).toBe(0)
      await close()
      await end()
    })

    it('shows code, and changes none of it', async () => {
      const code = join(folder, 'policy.ts')
      const text = `export default { name: 'coded', resources: { note: { actions: { read: '' } } } }\n`
      await writeFile(code, text)
      const { url, end } = await serve(code)
      const { page: tab, trouble, close } = await watch(browser, { own: url })
      await tab.goto(url)
      await tab.locator('h1', { hasText: 'coded' }).waitFor()
      await state(tab, 'code').waitFor()
      const colourOf = (word: string): Promise<string> =>
        tab.evaluate<string>(
          `getComputedStyle([...document.querySelectorAll('.cm-line span')].find(
            ({ textContent }) => textContent === ${JSON.stringify(word)})).color`
        )
      expect(await colourOf('default')).not.toBe(await colourOf(`'coded'`))
      expect(await violations(tab)).toEqual([])
      await tab.locator('.cm-content').click()
      await tab.keyboard.type('x')
      expect(await tab.locator('.cm-content').innerText()).toContain('coded')
      const { origin } = new URL(url)
      const refused = await fetch(`${url}document`, {
        method: 'PUT',
        headers: { origin, 'if-match': 'x' },
        body: 'x'
      })
      expect(refused.status).toBe(404)
      expect(await readFile(code, 'utf8')).toBe(text)
      expect(trouble).toEqual([])
      await close()
      await end()
    })
  }
)
