// The tour of the README as a reader takes it: each command prints what stands under it, and each line of code that it
// quotes is in the file that it links.
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { withService } from './service.js'

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
const tour = readme.slice(readme.indexOf('## Ten requests'), readme.indexOf('## Where to look'))
const blocks = [...tour.matchAll(/^```sh\n([^]*?)^```$/gm)].map(([, code = '']) => code)
const password = 'the printed password'

it('sends its requests, and is answered as it says', async () => {
  const [functions = '', ...sessions] = blocks
  const steps = sessions
    .join('')
    .split(/^\$ /m)
    .filter((step) => step !== '')
  const commands = steps.map((step) => step.slice(0, step.indexOf('\n')))
  expect(commands.filter((command) => command.startsWith('SESSION='))).toHaveLength(10)
  await withService(
    async ({ send, url }) => {
      const first = { email: 'ada@example.com', username: 'ada', password }
      expect((await send('', 'POST', '/users/first', first)).status).toBe(201)
      const script = [functions, ...commands.map((command) => `${command}\necho '--'`)].join('\n')
      const env = { ...process.env, API: `${url}/api/v2`, PASSWORD: password }
      const { stdout } = await promisify(execFile)('bash', ['-c', script], { env })
      const printed = stdout.split('--\n').slice(0, -1)
      for (const [i, step] of steps.entries())
        expect(`${commands[i] ?? ''}\n${printed[i] ?? ''}`).toMatch(asPattern(step))
    },
    { isEmpty: true }
  )
})

it('quotes code that is there', () => {
  const quotes = [...tour.matchAll(/\[`([^`]+)`\]\(([^)]+)\)/g)]
  expect(quotes.length).toBeGreaterThanOrEqual(9)
  for (const [, code = '', file = ''] of quotes)
    expect(readFileSync(new URL(`../${file}`, import.meta.url), 'utf8')).toContain(code)
})

/** What a step prints, where `…` stands for anything on its line. */
function asPattern(step: string): RegExp {
  const literal = step
    .trimEnd()
    .split('…')
    .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  return new RegExp(`^${literal.join('.*')}\\n*$`)
}
