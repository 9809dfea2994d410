// `casemate matrix` as a person and a CI run it: pages that are checked, and the matrix that it writes.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { casemate } from '../support/cli.js'
import { coderFile } from '../support/coder.js'

const policy = ['--policy', coderFile()]
let folder = ''

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'casemate-matrix-'))
})
afterAll(async () => {
  await rm(folder, { recursive: true })
})

describe('a page that is checked', () => {
  it('exits with 1 where a cell does not hold, and marks it', async () => {
    const page = join(folder, 'boundary_log.md')
    await writeFile(page, '| Subject | Read (all) | Delete |\n| --- | --- | --- |\n| auditor | yes | yes |\n')
    const { status, stdout } = await casemate(['matrix', page, ...policy])
    expect(status).toBe(1)
    expect(stdout).toContain('1 of 2 cells')
    expect(stdout).toContain('"action":"delete"')
  })

  it('exits with 2 where there is no such page', async () => {
    const { status, stdout, stderr } = await casemate(['matrix', join(folder, 'nowhere.md'), ...policy])
    expect([status, stdout]).toEqual([2, ''])
    expect(stderr).toContain('nowhere.md: no such file')
  })

  it('does not say that all cells hold where the row of some is about nobody', async () => {
    const page = join(folder, 'typo.md')
    await writeFile(
      page,
      '# `boundary_log`\n\n| Subject | Read |\n| --- | --- |\n| auditr | yes |\n| auditor | yes |\n'
    )
    const { status, stdout, stderr } = await casemate(['matrix', page, ...policy, '--wrong-only'])
    expect(status).toBe(2)
    expect(stdout).toBe('1 of 2 cells could not be checked; 1 problem\n')
    expect(stderr).toContain('did you mean `auditor`?')
  })

  it('is no folder', async () => {
    const { status, stdout, stderr } = await casemate(['matrix', folder, ...policy])
    expect([status, stdout]).toEqual([2, ''])
    expect(stderr).toContain(`error: cannot read ${folder}`)
  })

  it('is named beside its problems, which go to standard error', async () => {
    const page = join(folder, 'none.md')
    await writeFile(page, 'nothing')
    const good = 'policies/coder/boundary_log.md'
    const { status, stdout, stderr } = await casemate(['matrix', page, good, ...policy, '--wrong-only'])
    expect(status).toBe(2)
    expect(stderr).toBe(`${page}: line 1: there is no matrix on this page\n`)
    expect(stdout).toBe(`${page}\n\n1 problem\n${good}\n\nall 48 cells hold\n`)
    const { stdout: json } = await casemate(['matrix', page, good, ...policy, '--json'])
    expect(JSON.parse(json)).toMatchObject([{ file: page }, { file: good }])
  })

  it.each([
    ['--resource', 'boundary_log'],
    ['--role', 'owner'],
    ['--format', 'html'],
    ['--output', 'matrix.md']
  ])('takes no %s, which is about writing', async (flag, value) => {
    const { status, stderr } = await casemate([
      'matrix',
      'policies/coder/boundary_log.md',
      ...policy,
      flag,
      value
    ])
    expect(status).toBe(2)
    expect(stderr).toContain(`${flag} beside a page to check`)
  })
})

describe('a matrix that is written', () => {
  it('is a page that its own policy passes', async () => {
    const page = join(folder, 'all.md')
    expect(await casemate(['matrix', ...policy, '-o', page])).toEqual({ status: 0, stdout: '', stderr: '' })
    const checked = await casemate(['matrix', page, ...policy, '--wrong-only'])
    expect(checked.status).toBe(0)
    expect(checked.stdout).toMatch(/^all \d+ cells hold$/m)
  })

  it('is about one resource, in every format', async () => {
    const of = async (...args: string[]): Promise<string> => {
      const { status, stdout } = await casemate(['matrix', ...policy, '--resource', 'boundary_log', ...args])
      expect(status).toBe(0)
      return stdout
    }
    const markdown = await of()
    expect(markdown).toContain('| auditor        | no     | yes  | no     |')
    expect(await of('--format', 'markdown')).toBe(markdown)
    expect(await of('--format', 'html')).toMatch(/^<!doctype html>/)
    const json = await of('--json')
    expect(await of('--format', 'json')).toBe(json)
    expect(JSON.parse(json)).toMatchObject({ resources: [{ resource: 'boundary_log' }] })
  })

  it('is about one role or system subject', async () => {
    const { stdout } = await casemate(['matrix', ...policy, '--role', 'system:dbpurge', '--json'])
    expect(stdout).toContain('"resource": "boundary_log"')
    const wrong = await casemate(['matrix', ...policy, '--role', 'owne'])
    expect(wrong).toMatchObject({ status: 2, stdout: '' })
    expect(wrong.stderr).toContain('did you mean `owner`?')
  })

  it('is compared with the file under --check, and never written', async () => {
    const page = join(folder, 'checked.md')
    const args = ['matrix', ...policy, '--resource', 'boundary_log', '-o', page]
    expect((await casemate([...args, '--check'])).status).toBe(1)
    await casemate(args)
    expect(await casemate([...args, '--check'])).toEqual({ status: 0, stdout: '', stderr: '' })
    const edited = (await readFile(page, 'utf8')).replace('yes', 'no ')
    await writeFile(page, edited)
    const { status, stderr } = await casemate([...args, '--check'])
    expect(status).toBe(1)
    expect(stderr).toContain('is not what would be generated')
    expect(await readFile(page, 'utf8')).toBe(edited)
  })

  it.each([
    [['--check'], '--check without a file to compare'],
    [['--wrong-only'], '--wrong-only without a page'],
    [['--json', '--format', 'html'], 'exclude each other'],
    [['--format', 'pdf'], 'Allowed choices are markdown, html, json'],
    [['--resource', 'boundary_logs'], 'did you mean `boundary_log`?']
  ])('is refused with %j', async (args, message) => {
    const { status, stdout, stderr } = await casemate(['matrix', ...policy, ...args])
    expect([status, stdout]).toEqual([2, ''])
    expect(stderr).toContain(message)
  })
})
