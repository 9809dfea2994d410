// `casemate mutate`: what it reports, its threshold, and that it refuses tests that do not hold.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startProgress } from '../../src/cli/progress.js'
import { casemate, type Ran } from '../support/cli.js'

const policy = {
  name: 'p',
  resources: { doc: { actions: { read: '', write: '' } } },
  roles: { reader: { kind: 'site', grants: { site: { allow: { doc: ['read'] } } } } }
}

let folder = ''
const at = (name: string): string => join(folder, name)
const run = (...args: string[]): Promise<Ran> => casemate(['mutate', '--policy', at('policy.json'), ...args])

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'casemate-'))
  await writeFile(at('policy.json'), JSON.stringify(policy))
  await writeFile(at('doc.md'), '| Subject | Read |\n| --- | --- |\n| reader | yes |\n')
  await writeFile(at('wrong.md'), '### `doc`\n\n| Subject | Read |\n| --- | --- |\n| reader | no |\n')
  await writeFile(at('bad.ndjson'), '{')
})
afterAll(() => rm(folder, { recursive: true, force: true }))

describe('casemate mutate', () => {
  it('says which changes no test notices, by kind, and what is missing', async () => {
    const { status, stdout, stderr } = await run(at('doc.md'), '--kinds', 'add-action,drop-action')
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    expect(stdout).toBe(
      [
        'add-action: roles.reader.grants.site.allow.doc with write',
        '    no statement notices what changes for doc:write',
        '',
        'drop-action    1 of 1 noticed',
        'add-action     0 of 1 noticed',
        '',
        '1 of 2 mutants noticed: 50 %',
        '(seed 1; 2 mutants in all, 0 of those looked at proved equivalent)',
        ''
      ].join('\n')
    )
  })

  it('fails below the threshold, and prints the report as JSON', async () => {
    const some = [at('doc.md'), '--kinds', 'add-action,drop-action', '--threshold']
    expect(await run(...some, '50')).toMatchObject({ status: 0 })
    const { status, stdout } = await run(...some, '50.1', '--json', '--seed', '9')
    expect(status).toBe(1)
    expect(JSON.parse(stdout)).toMatchObject({
      seed: 9,
      possible: 2,
      killed: 1,
      equivalent: 0,
      percent: 50,
      survived: [{ kind: 'add-action', change: 'with write', permissions: ['doc:write'] }]
    })
  })

  it('refuses tests that do not hold, files that are wrong, and nothing at all', async () => {
    expect(await run(at('wrong.md'))).toMatchObject({
      status: 1,
      stdout: '',
      stderr: '1 of 1 statement does not hold: `casemate test` says which\n'
    })
    const bad = await run(at('bad.ndjson'))
    expect(bad).toMatchObject({ status: 2, stdout: '' })
    expect(bad.stderr).toMatch(/^\S*bad\.ndjson:1: not JSON: /)
    expect(await run(at('doc.md'), '--kinds', 'drop-deny')).toMatchObject({ status: 2, stdout: '' })
  })

  it.each([
    ['--max', '0'],
    ['--max', 'some'],
    ['--seed', '1.5'],
    ['--seed', '4294967296'],
    ['--kinds', 'drop-action,drop'],
    ['--kinds', 'constructor'],
    ['--threshold', '101']
  ])('refuses %s %s', async (option, value) => {
    expect(await run(at('doc.md'), option, value)).toMatchObject({ status: 2, stdout: '' })
  })

  it('tries no more than asked for, the same for the same seed', async () => {
    const files = ['--policy', 'test/fixtures/tenants.ts', 'test/fixtures/tenants.md']
    const some = ['mutate', ...files, '--max', '30', '--json', '--seed', '5']
    const { stdout } = await casemate(some)
    const { killed, survived } = JSON.parse(stdout) as { killed: number; survived: unknown[] }
    expect(killed + survived.length).toBe(30)
    expect((await casemate(some)).stdout).toBe(stdout)
  })
})

describe('progress', () => {
  it('shows a line after a second, and only where standard error is a terminal', () => {
    const written: unknown[] = []
    const stderr = { isTTY: false, write: (text: string) => written.push(text) }
    const original = Object.getOwnPropertyDescriptor(process, 'stderr')!
    const now = Date.now
    try {
      Object.defineProperty(process, 'stderr', { configurable: true, value: stderr })
      const run = (): void => {
        const progress = startProgress('mutants')
        progress.report(1, 10)
        Date.now = () => now() + 1500
        progress.report(2, 10)
        progress.report(3, 10)
        progress.end()
        Date.now = now
      }
      run()
      expect(written).toEqual([])
      stderr.isTTY = true
      run()
      expect(written).toEqual(['\r\u001B[Kmutants: 2 of 10', '\r\u001B[K'])
    } finally {
      Date.now = now
      Object.defineProperty(process, 'stderr', original)
    }
  })
})
