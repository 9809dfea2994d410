// `casemate generate` as a user and a CI meet it: where the texts go, what a check says, and that a file is there as a
// whole or not at all.
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadPolicy } from 'casemate/node'
import { applyPatch } from 'diff'
import fc from 'fast-check'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { lineDiff } from '../../src/cli/line-diff.js'
import { writeWhole } from '../../src/cli/write-file.js'
import { casemate, type Ran } from '../support/cli.js'
import { runs } from '../support/depth.js'

const root = await mkdtemp(join(tmpdir(), 'casemate-generate-'))
afterAll(() => rm(root, { recursive: true, force: true }))
let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(root, 'test-'))
})

// As data: code would have to be run anew for every command.
const policy = ['--policy', join(root, 'coder.json')]
await writeFile(join(root, 'coder.json'), JSON.stringify(await loadPolicy('policies/coder/index.ts')))
const old = ['--policy', 'policies/coder/before-boundary-log.json']
const generate = (...args: readonly string[]): Promise<Ran> => casemate(['generate', ...args])
const kinds = [
  ['types', []],
  ['json', []],
  ['sql', ['--enum', 'api_key_scope']],
  ['openapi', []]
] as const

describe.each(kinds)('casemate generate %s', (kind, more) => {
  it('writes to standard output, or the same into a file', async () => {
    const file = join(folder, 'new', 'file')
    const printed = await generate(kind, ...policy, ...more)
    expect(printed).toMatchObject({ status: 0, stderr: '' })
    expect(printed.stdout).toContain('boundary_log')
    expect(await generate(kind, ...policy, ...more, '-o', file)).toEqual({
      status: 0,
      stdout: '',
      stderr: ''
    })
    expect(await readFile(file, 'utf8')).toBe(printed.stdout)
    expect(await readdir(join(folder, 'new'))).toEqual(['file'])
  })

  it('checks without writing: 0 where the file is current, 1 and a diff where it is not', async () => {
    const file = join(folder, 'file')
    await generate(kind, ...old, ...more, '-o', file)
    const text = await readFile(file, 'utf8')
    expect(await generate(kind, ...old, ...more, '-o', file, '--check')).toEqual({
      status: 0,
      stdout: '',
      stderr: ''
    })
    const { status, stdout, stderr } = await generate(kind, ...policy, ...more, '-o', file, '--check')
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
    expect(stderr).toMatch(/^\+.*boundary_log/m)
    expect(stderr).toContain(`${file} is not what would be generated`)
    expect(await readFile(file, 'utf8')).toBe(text)
  })

  it('checks a file that is not there: 1, and it still is not', async () => {
    const { status, stderr } = await generate(kind, ...policy, ...more, '-o', join(folder, 'none'), '--check')
    expect(status).toBe(1)
    expect(stderr).toContain('is not there')
    expect(await readdir(folder)).toEqual([])
  })

  it('exits with 2 for a check of nothing, a policy that is none, and an option that is none', async () => {
    expect(await generate(kind, ...policy, ...more, '--check')).toMatchObject({ status: 2, stdout: '' })
    expect(await generate(kind, '--policy', join(folder, 'none.json'), ...more)).toMatchObject({
      status: 2,
      stdout: ''
    })
    expect(await generate(kind, ...policy, ...more, '--nonsense')).toMatchObject({ status: 2, stdout: '' })
    expect(await generate(kind, ...policy, ...more, '-o', folder)).toMatchObject({
      status: 2,
      stderr: expect.stringContaining(`cannot write ${folder}: it is a folder`) as string
    })
  })
})

describe('casemate generate sql', () => {
  it('writes the migration, the way back, and one part alone', async () => {
    const sql = [
      'sql',
      ...policy,
      '--enum',
      'api_key_scope',
      '--from',
      'policies/coder/before-boundary-log.json'
    ]
    const up = await generate(...sql)
    expect(up.stdout.match(/^ALTER TYPE.*$/gm)).toHaveLength(4)
    expect((await generate(...sql, '--part', 'outside')).stdout).toBe(up.stdout)
    expect((await generate(...sql, '--part', 'inside')).stdout).toContain(
      '-- Nothing to run inside a transaction.'
    )
    expect((await generate(...sql, '--down')).stdout).toContain('DO $casemate$')
    expect((await generate(...sql, '--part', 'both')).status).toBe(2)
    expect((await generate(...sql, '--schema', 'My Schema')).stdout).toContain(
      'ALTER TYPE "My Schema".api_key_scope'
    )
  })

  it('says which name PostgreSQL cannot hold, and exits with 2', async () => {
    const { status, stderr } = await generate('sql', ...policy, '--enum', 'x'.repeat(64))
    expect(status).toBe(2)
    expect(stderr).toMatch(/^an SQL name of 64 bytes, more than 63/)
  })

  it('needs a name for the type', async () => {
    expect(await generate('sql', ...policy)).toMatchObject({
      status: 2,
      stderr: expect.stringContaining("'--enum <name>' not specified") as string
    })
  })
})

describe('casemate generate openapi --into', () => {
  const document = '# mine\nopenapi: 3.1.0\ninfo: {title: t, version: "1"} # keep\n'

  it('changes only the schemas, and nothing a second time', async () => {
    const file = join(folder, 'api.yaml')
    await writeFile(file, document)
    expect((await generate('openapi', ...policy, '--into', file, '--check')).status).toBe(1)
    expect(await generate('openapi', ...policy, '--into', file)).toEqual({
      status: 0,
      stdout: '',
      stderr: ''
    })
    const text = await readFile(file, 'utf8')
    expect(text.startsWith(document.trimEnd())).toBe(true)
    const { mtimeMs } = await stat(file)
    expect((await generate('openapi', ...policy, '--into', file, '--check')).status).toBe(0)
    await generate('openapi', ...policy, '--into', file)
    expect((await stat(file)).mtimeMs).toBe(mtimeMs)
    const { stderr } = await generate('openapi', ...old, '--into', file, '--check')
    expect(stderr.match(/^[-+] /gm)?.length).toBe(
      stderr.match(/^[-+] .*boundary_log|^\+ .*pattern/gm)?.length
    )
  })

  it('has no default lifetime longer than the longest', async () => {
    const { stdout } = await generate('openapi', ...policy, '--format', 'json', '--max-lifetime', '90m')
    expect(JSON.parse(stdout)).toMatchObject({
      components: {
        schemas: { CreateTokenRequest: { properties: { lifetime: { maximum: 5400e9, default: 5400e9 } } } }
      }
    })
  })

  it('reads and writes JSON by the name of the file', async () => {
    const file = join(folder, 'api.JSON')
    await writeFile(file, '{}')
    await generate('openapi', ...policy, '--into', file, '--max-lifetime', '90m', '--default-lifetime', '45s')
    expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({
      components: {
        schemas: { CreateTokenRequest: { properties: { lifetime: { maximum: 5400e9, default: 45e9 } } } }
      }
    })
  })

  it.each([
    ['a file that is not there', undefined, 'no such file'],
    ['a list', '- 1\n', 'it is not a record'],
    ['no text', new Uint8Array([0x61, 0xff, 0x0a]), 'it is not a UTF-8 text']
  ])('refuses %s with 2 and leaves it alone', async (_what, content, message) => {
    const file = join(folder, 'api.yaml')
    if (content !== undefined) await writeFile(file, content)
    const { status, stderr } = await generate('openapi', ...policy, '--into', file)
    expect(status).toBe(2)
    expect(stderr).toContain(message)
    if (content !== undefined) expect(await readFile(file)).toEqual(Buffer.from(content))
  })

  it.each([
    [['--max-lifetime', '0d'], 'expected a time above 0'],
    [['--max-lifetime', '1w'], 'expected a time above 0'],
    [['--max-lifetime', '999999d'], 'expected a time above 0'],
    [['--max-lifetime', '1h', '--default-lifetime', '2h'], 'longer than the longest'],
    [['--into', 'a', '-o', 'b'], 'cannot be used with'],
    [['--format', 'xml'], 'Allowed choices are yaml, json']
  ])('refuses %j with 2', async (args, message) => {
    const { status, stderr } = await generate('openapi', ...policy, ...args)
    expect(status).toBe(2)
    expect(stderr).toContain(message)
  })
})

describe('casemate generate docs', () => {
  it('writes its pages into a folder, checks each, and prints them without one', async () => {
    const target = join(folder, 'docs', 'access')
    expect((await generate('docs', ...policy, '-o', target, '--check')).status).toBe(1)
    await generate('docs', ...policy, '-o', target)
    const names = (await readdir(target)).sort()
    expect(names).toEqual(['README.md', 'resources.md', 'roles.md', 'scopes.md', 'services.md', 'values.md'])
    expect((await generate('docs', ...policy, '-o', target, '--check')).status).toBe(0)
    await writeFile(join(target, 'roles.md'), 'edited by hand\n')
    const { status, stderr } = await generate('docs', ...policy, '-o', target, '--check')
    expect(status).toBe(1)
    expect(stderr).toContain('-edited by hand')
    expect(stderr).not.toContain('scopes.md')
    const { stdout } = await generate('docs', ...policy)
    for (const name of names.filter((one) => one !== 'roles.md'))
      expect(stdout).toContain(await readFile(join(target, name), 'utf8'))
  })

  it('says what the given options make of the policy', async () => {
    const { stdout } = await generate('docs', ...policy, '--option', 'ownerWorkspaceExec=false')
    expect(stdout).toContain('- `ownerWorkspaceExec`: `false`')
    expect((await generate('docs', ...policy, '--option', 'ownerWorkspaceExec=maybe')).status).toBe(2)
  })
})

describe('a written file', () => {
  it('keeps its mode, and the link that leads to it', async () => {
    await mkdir(join(folder, 'real'))
    const real = join(folder, 'real', 'file')
    const link = join(folder, 'link')
    await writeFile(real, 'old')
    await chmod(real, 0o640)
    await symlink(real, link)
    await writeWhole(link, 'new')
    expect(await readFile(real, 'utf8')).toBe('new')
    expect((await stat(real)).mode & 0o777).toBe(0o640)
    expect(await readdir(folder)).toEqual(['link', 'real'])
    expect(await readdir(join(folder, 'real'))).toEqual(['file'])
  })

  it('is the old one or the new one to whoever reads meanwhile', async () => {
    const file = join(folder, 'file')
    const texts = ['a', 'b'].map((letter) => letter.repeat(1 << 20))
    await writeFile(file, texts[0]!)
    const state = { isDone: false }
    const writing = (async () => {
      for (let round = 1; round <= 20; round++) await writeWhole(file, texts[round % 2]!)
      state.isDone = true
    })()
    const seen = new Set<string>()
    while (!state.isDone) seen.add(await readFile(file, 'utf8'))
    await writing
    expect([...seen].every((text) => texts.includes(text))).toBe(true)
    expect(await readdir(folder)).toEqual(['file'])
  })

  it('leaves nothing behind where it cannot be put in place', async () => {
    const file = join(folder, 'file')
    await mkdir(join(file, 'in the way'), { recursive: true })
    await expect(writeWhole(file, 'text')).rejects.toThrow()
    expect(await readdir(folder)).toEqual(['file'])
  })
})

describe('the difference of two texts', () => {
  const lines = fc.array(fc.constantFrom('a', 'b', 'c', ''), { maxLength: 12 })
  const text = fc.tuple(lines, fc.boolean()).map(([list, isEnded]) => list.join('\n') + (isEnded ? '\n' : ''))

  it('makes the one into the other, and is empty exactly where they are equal', () => {
    fc.assert(
      fc.property(text, text, (before, after) => {
        const diff = lineDiff(before, after, 'file')
        expect(diff === '').toBe(before === after)
        if (diff !== '') expect(applyPatch(before, diff)).toBe(after)
      }),
      { numRuns: runs(2_000) }
    )
  })

  it('is no longer than it has to be', () => {
    const before = Array.from({ length: 1_000 }, (_, index) => `line ${index}`)
    const after = before.filter((_, index) => index !== 500).concat('last')
    const diff = lineDiff(before.join('\n'), after.join('\n'), 'file').split('\n')
    expect(diff.filter((line) => /^[-+]line/.test(line))).toEqual(['-line 500', '-line 999', '+line 999'])
    expect(diff.length).toBeLessThan(25)
  })

  it('is bounded for texts that have nothing in common', () => {
    const text = (letter: string): string =>
      Array.from({ length: 3_000 }, (_, index) => `${letter}${index}\n`).join('')
    expect(lineDiff(text('a'), text('b'), 'file').split('\n')).toHaveLength(2 + 1 + 6_000)
  })

  it('shows what would hide in a terminal', () => {
    expect(lineDiff('a\n', '\u001b[2Jb\u202e\n', 'file')).toContain('+\\u{1b}[2Jb\\u{202e}')
  })
})
