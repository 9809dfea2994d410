// Writes the generated pages of `docs/reference`, or with `--check` says which of them are not up to date.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { apiPages } from './api.js'
import { commandsPage } from './commands.js'
import { lintRulesPage } from './lint-rules.js'

const root = fileURLToPath(new URL('../..', import.meta.url))
const folder = join(root, 'docs/reference')

const pages = await apiPages(root)
pages.set('commands.md', commandsPage())
pages.set('lint-rules.md', lintRulesPage())

const isStale = (name: string): boolean =>
  !existsSync(join(folder, name)) || readFileSync(join(folder, name), 'utf8') !== pages.get(name)
const stale = [...pages.keys()].filter(isStale)
const left = existsSync(join(folder, 'api'))
  ? readdirSync(join(folder, 'api'), { recursive: true, encoding: 'utf8' })
      .map((name) => join('api', name))
      .filter((name) => name.endsWith('.md') && !pages.has(name))
  : []

if (process.argv.includes('--check')) {
  for (const name of [...stale, ...left])
    console.error(`docs/reference/${name} is not up to date; run \`npm run reference\``)
  if (stale.length + left.length > 0) process.exitCode = 1
} else {
  for (const name of left) rmSync(join(folder, name))
  for (const name of stale) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), pages.get(name) ?? '')
  }
}
