// The pictures of the documentation show what the pages show now.
import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { folder, hashOf, visitPages } from '../../scripts/pictures.js'
import { browserPath } from '../support/browser.js'

describe.skipIf(browserPath === undefined)(
  'in a browser (skipped where no Chromium is installed), a picture',
  () => {
    it('is of a page that still says the same; else `npm run pictures` takes it again', async () => {
      const now: Record<string, string> = {}
      const before = process.exitCode
      await visitPages(async (name, page) => {
        now[name] = await hashOf(page)
      })
      process.exitCode = before
      expect(JSON.parse(await readFile(join(folder, 'shown.json'), 'utf8'))).toEqual(now)
    })

    it('is small, there, and shown in the guide', async () => {
      const guide = await readFile('docs/guide/explorer.md', 'utf8')
      const files = (await readdir(folder)).filter((name) => name.endsWith('.png'))
      const shown: unknown = JSON.parse(await readFile(join(folder, 'shown.json'), 'utf8'))
      expect(files.sort()).toEqual(
        Object.keys(shown as object)
          .map((name) => `${name}.png`)
          .sort()
      )
      for (const name of files) {
        expect(guide).toContain(`(../pictures/${name})`)
        expect((await stat(join(folder, name))).size).toBeLessThan(150_000)
      }
    })
  }
)
