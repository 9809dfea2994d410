// The page decides as `policy.can` does: random questions about random policies, asked through the page, as its address
// asks them and as its text answers. Errors are the same too.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isCasemateError, type Policy } from '../../src/index.js'
import { compile, parsePolicy } from '../../src/index.js'
import { worldOfDocument } from '../arbitraries/index.js'
import { readSeed } from '../seed.js'
import { browserPath, launch, open, watch, writeExplorer } from '../support/browser.js'
import { isDeep } from '../support/depth.js'

/** A deep run asks 20,000 questions. */
const worlds = isDeep ? 200 : 6
const each = isDeep ? 100 : 60

interface Asked {
  readonly subject: object
  readonly within?: readonly never[]
  readonly action: string
  readonly object: { readonly type: string }
}

/** Whether the page takes it for a question at all: a request of JSON with the parts that a request has. */
function isAsked(value: unknown): value is Asked {
  const isMap = (one: unknown): one is Record<string, unknown> =>
    typeof one === 'object' && one !== null && !Array.isArray(one)
  return (
    isMap(value) &&
    isMap(value['subject']) &&
    typeof value['action'] === 'string' &&
    isMap(value['object']) &&
    typeof value['object']['type'] === 'string' &&
    (value['within'] === undefined || Array.isArray(value['within']))
  )
}

function answerOf(policy: Policy, { subject, within = [], action, object }: Asked): string {
  try {
    let asked =
      'system' in subject ? policy.systemSubject(subject.system as never) : policy.subject(subject as never)
    for (const ceiling of within) asked = asked.within(ceiling)
    return asked.can(action, object) ? 'allowed' : 'refused'
  } catch (error) {
    if (isCasemateError(error)) return error.code
    throw error
  }
}

/** Runs in the page: goes from address to address and reads what the page says. */
const askAll = `async (texts) => {
  const answers = []
  for (const text of texts) {
    const next = new Promise((done) => { addEventListener('hashchange', done, { once: true }) })
    const before = location.hash
    location.hash = new URLSearchParams({ view: 'why', q: text }).toString()
    if (location.hash !== before) await next
    await new Promise((done) => { setTimeout(done) })
    if (document.querySelector('[data-fault]')) throw new Error(text + document.querySelector('[data-fault]').textContent)
    answers.push(document.querySelector('[data-verdict]')?.getAttribute('data-verdict') ?? 'nothing')
  }
  return answers
}`

describe.skipIf(browserPath === undefined)(
  'in a browser (skipped where no Chromium is installed), the page',
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

    it('answers random questions as the policy does', async () => {
      const { page, trouble, close } = await watch(browser)
      const seen = new Map<string, number>()
      const samples = [true, false].flatMap((isWide) =>
        fc.sample(worldOfDocument(isWide, each), { numRuns: worlds / 2, seed: readSeed() })
      )
      for (const { world, cases } of samples) {
        const policy = compile(parsePolicy(world.document), { options: world.options })
        const data = {
          document: policy.document,
          options: policy.options,
          lines: {},
          findings: [],
          rules: []
        }
        // What the page is asked is text: a question is what JSON leaves of it.
        const asked = cases.flatMap(({ question }) => {
          const text = JSON.stringify(question)
          const value: unknown = JSON.parse(text)
          return isAsked(value) ? [{ text, expected: answerOf(policy, value) }] : []
        })
        await open(page, await writeExplorer(data, join(folder, 'page.html')), 'view=why')
        const answers = await page.evaluate<string[]>(
          `(${askAll})(${JSON.stringify(asked.map(({ text }) => text))})`
        )
        for (const [i, { text, expected }] of asked.entries()) {
          seen.set(expected, (seen.get(expected) ?? 0) + 1)
          expect(`${text} ${answers[i] ?? ''}`).toBe(`${text} ${expected}`)
        }
      }
      expect(seen.get('allowed')).toBeGreaterThan(0)
      expect(seen.get('refused')).toBeGreaterThan(0)
      expect(seen.size).toBeGreaterThan(2)
      expect(trouble).toEqual([])
      await close()
    })
  }
)
