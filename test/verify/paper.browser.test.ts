// The HTML page of a matrix in a browser: no fault of axe in light and dark, no column cut off on A4, nothing that only
// hovering shows. Left out where Debian's Chromium is not installed.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { AxeResults } from 'axe-core'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { compile, type Policy, type PolicyDocument } from 'casemate'
import { factsOf, matrixOf, matrixToHtml, verify } from 'casemate/verify'
import { browserPath, launch } from '../support/browser.js'
import saas from '../../policies/saas/index.js'
import grafana from '../../policies/gallery/grafana/index.js'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

const documents: readonly (readonly [string, PolicyDocument])[] = [
  ['saas', saas],
  ['grafana', grafana],
  ['one with many actions and long names', manyActions()]
]

/** More columns than a sheet has room for, and names that have no place to break. */
function manyActions(): PolicyDocument {
  const names = Array.from({ length: 33 }, (_, index) => `a_rather_long_action_name_${index}`)
  const actions = Object.fromEntries(names.map((name) => [name, `what ${name} does to a document`]))
  return {
    name: 'wide',
    resources: { document: { actions } },
    roles: {
      [`r${'x'.repeat(120)}`]: { kind: 'org', grants: { orgMember: { allow: { document: '*' } } } },
      reader: { title: 'Reader', kind: 'site', grants: { site: { allow: { document: [names[0] ?? ''] } } } }
    }
  }
}

function pageOf(document: PolicyDocument): string {
  const policy: Policy = compile(document)
  const proofs = verify(policy).invariants
  return matrixToHtml(matrixOf(policy), { facts: factsOf(policy), proofs, date: '2026-05-31', hash: 'abc' })
}

describe('the page of a matrix', () => {
  it('says what a matrix does not show, and shows it without hovering', () => {
    const html = pageOf(saas)
    expect(html).not.toMatch(/ title="/)
    expect(html).toContain('<time datetime="2026-05-31">')
    expect(html).toContain('policy <code>abc</code>')
    const { resources } = matrixOf(compile(saas) as Policy)
    for (const { subject, title } of resources.flatMap(({ rows }) => rows)) {
      expect(html).toContain(`>${subject}<`)
      if (title !== undefined) expect(html).toContain(`<small>${title}`)
    }
    for (const { description } of resources.flatMap(({ actions }) => actions))
      expect(html).toContain(`<small>${description.replaceAll("'", '&#39;')}</small>`)
    for (const { name } of saas.invariants ?? []) expect(html).toContain(name.replaceAll("'", '&#39;'))
    for (const name of Object.keys(saas.scopes ?? {})) expect(html).toContain(`<th scope="row">${name}</th>`)
    for (const heading of ['Settings', 'Who assigns whom', 'Scopes', 'Objects with an ACL', 'Invariants'])
      expect(html).toContain(`<h2>${heading}</h2>`)
    expect(html.match(/<td>proved<\/td>/g)).toHaveLength(saas.invariants?.length ?? 0)
  })

  it('lists each deny, also of a variant, and says of an invariant that it does not hold', () => {
    const html = pageOf({
      name: 'denies',
      resources: { note: { actions: { read: '', write: '' } } },
      options: { strict: { values: [true, false], default: false } },
      roles: {
        guest: {
          kind: 'site',
          grants: { site: { allow: { note: ['read'] }, deny: { note: { except: ['read'] } } } },
          variants: [{ when: { strict: true }, grants: { site: { deny: { '*': '*' } } } }]
        }
      },
      invariants: [{ name: 'guests write', permissions: ['note:write'], always: ['guest'] }]
    })
    const row = (...cells: readonly string[]): string => cells.map((text) => `<td>${text}</td>`).join('')
    expect(html).toContain(`guest</th>${row('site', 'note', 'every action except read', '')}`)
    expect(html).toContain(`guest</th>${row('site', '*', 'every action', 'strict = true')}`)
    expect(html).toContain(`strict</th>${row('deployment', 'true, false', 'false', '')}`)
    expect(html).toContain('guests write</th><td>does not hold</td>')
  })
})

describe.skipIf(browserPath === undefined)(
  'in Chromium, which has to be installed, the page of a matrix',
  () => {
    let browser: Browser
    let page: Page
    beforeAll(async () => {
      browser = await launch()
      page = await browser.newPage()
    }, 120_000)
    afterAll(() => browser.close())

    it.each(documents)(
      'of %s has no fault of axe in light and dark',
      async (_, document) => {
        for (const value of ['light', 'dark'] as const) {
          await page.emulateMedia({ colorScheme: value })
          await page.setViewportSize({ width: 1280, height: 900 })
          await page.setContent(pageOf(document))
          await page.evaluate(axe)
          const { violations } = await page.evaluate<AxeResults>('axe.run()')
          expect(violations.map(({ id, nodes }) => `${value} ${id}: ${nodes[0]?.html ?? ''}`)).toEqual([])
        }
      },
      120_000
    )

    it.each(documents)(
      'of %s fits on A4',
      async (_, document) => {
        await page.setContent(pageOf(document))
        await page.emulateMedia({ media: 'print' })
        // 297 mm less both margins, at 96 points an inch.
        await page.setViewportSize({ width: Math.floor(((297 - 22) / 25.4) * 96), height: 700 })
        const tooWide = await page.evaluate(`(() => {
        const limit = document.documentElement.clientWidth
        return [...document.querySelectorAll('th, td, p, h1, h2')]
          .filter((one) => one.getBoundingClientRect().right > limit + 1 || one.scrollWidth > one.clientWidth + 1)
          .map((one) => one.outerHTML.slice(0, 200))
      })()`)
        await page.emulateMedia({ media: 'screen' })
        expect(tooWide).toEqual([])
      },
      120_000
    )
  }
)
