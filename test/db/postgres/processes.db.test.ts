// Several processes that edit the same roles at once: none decides by what was replaced longer ago than the bound, and in the
// end each has what the database has. A deep run makes 2,000 edits.
import { rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bundleWorker, startWorker } from './start-worker.js'
import { document, withStore } from './world.js'

const isDeep = process.env['CASEMATE_DEEP'] === '1'
const processes = isDeep ? 4 : 2
const editsEach = isDeep ? 500 : 40
const roles = 25

let program = ''
beforeAll(async () => {
  program = await bundleWorker()
})
afterAll(() => rm(dirname(program), { recursive: true, force: true }))

describe.each([
  ['that listen', true, 1000],
  ['that look', false, 250]
])('processes %s', (_how, listen, pollEvery) => {
  it('see every edit of each other within the bound, and lose none', async () => {
    await withStore(async ({ store, client, url }) => {
      const maxStale = 2000
      const task = { url, policy: document, listen, pollEvery, maxStale, edits: editsEach, roles }
      const workers = await Promise.all(
        Array.from({ length: processes }, (_, i) => startWorker(program, { ...task, mark: `w${i}` }))
      )
      try {
        const edited = await Promise.all(workers.map((worker) => worker.ask('edit', 'edited')))
        const commits = edited.flatMap((one) => one.commits).sort((a, b) => a.revision - b.revision)
        const all = processes * editsEach
        // Each edit has a revision of its own, and none is missing.
        expect(commits.map(({ revision }) => revision)).toEqual(Array.from({ length: all }, (_, i) => i + 1))
        const ends = await Promise.all(workers.map((worker) => worker.ask({ end: all }, 'end')))
        const { rows } = await client.query<{ name: string; title: string }>(
          `SELECT name, document->>'title' AS title FROM casemate_roles ORDER BY name`
        )
        for (const { seen, titles } of ends) {
          for (const { name, title } of rows) expect(titles[name]).toBe(title)
          expect(seen.map(({ revision }) => revision)).toEqual(
            seen.map(({ revision }) => revision).sort((a, b) => a - b)
          )
          for (const { revision, at } of commits) {
            const visible = seen.find((one) => one.revision >= revision)
            expect((visible?.at ?? Infinity) - at).toBeLessThan(maxStale)
          }
        }
        await store.at(all)
      } finally {
        for (const worker of workers) worker.stop()
      }
    })
  })
})
