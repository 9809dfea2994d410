// `npm run bench`: measures everything, prints the tables, and ends non-zero where an answer was wrong. `--quick` takes
// half a minute instead of minutes; `--only a,b` measures some steps of the plan; `--write` puts the tables into
// README.md and draws the picture anew.
import { readFileSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { parseArgs } from 'node:util'

import { run } from './plan.mjs'
import { picture } from './report/picture.mjs'
import { costTable, engineTable, targetTable } from './report/tables.mjs'
import { setUp } from './setup.mjs'

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
    only: { type: 'string' }
  }
})

const started = Date.now()
let shown = -1
await setUp((what) => console.error(what))
const results = await run({ isQuick: values.quick, only: values.only?.split(','), onProgress })
if (process.stderr.isTTY) process.stderr.write('\r\u001b[K')

const sections = [
  '## Decisions',
  engineTable(results),
  '## Cost against organizations',
  costTable(results),
  '## Targets',
  targetTable(results),
  `${cpus()[0]?.model ?? 'unknown processor'}, ${cpus().length} cores, Node ${process.version}, ${process.platform}; ${Math.round((Date.now() - started) / 1000)} s.`
].join('\n\n')
console.log(sections)
if (values.write) {
  const file = new URL('README.md', import.meta.url)
  const [before, , after] = readFileSync(file, 'utf8')
    .split(/(?<=<!-- tables -->)[^]*?(?=<!-- end -->)/)
    .flatMap((part, i) => (i === 0 ? [part, ''] : [part]))
  writeFileSync(file, `${before}\n\n${sections}\n\n${after}`)
  writeFileSync(new URL('organizations.svg', import.meta.url), picture(results))
}

function onProgress(step, share) {
  const percent = Math.floor(share * 100)
  if (percent === shown) return
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${percent} % ${step}`)
  else if (percent % 10 === 0 && Math.floor(shown / 10) !== percent / 10)
    console.error(`${percent} % ${step}`)
  shown = percent
}
