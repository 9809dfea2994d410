// `casemate decide`, `check`, `explain`, `compile` and `matrix` as a user meets them: what goes to which stream, and the status.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { longestLine, readLines, type Line } from '../../src/text/lines.js'
import { bundle } from '../support/bundle.js'
import { casemate } from '../support/cli.js'
import { coderFile } from '../support/coder.js'
import { runs } from '../support/depth.js'
import { temporaryFolder } from '../support/folder.js'

const { folder: programs } = temporaryFolder()

const coder = ['--policy', coderFile()]
const lines = (...requests: readonly unknown[]): string =>
  requests.map((request) => (typeof request === 'string' ? request : JSON.stringify(request))).join('\n')

const purge = { subject: { system: 'dbpurge' }, action: 'delete', object: { type: 'boundary_log' } }
const owner = { subject: { id: 'u1', roles: ['owner'] }, action: 'delete', object: { type: 'boundary_log' } }

describe('casemate decide', () => {
  it('answers every line in order, bad ones in their place, and exits with 1 if there was any', async () => {
    const { status, stdout, stderr } = await casemate(
      ['decide', ...coder, '--explain'],
      lines(
        purge,
        '',
        owner,
        'not json',
        { ...purge, subject: { system: 'dbpurg' } },
        { ...owner, extra: 1 },
        purge
      )
    )
    expect(
      stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown)
    ).toEqual([
      { allowed: true, reason: 'granted' },
      { allowed: false, reason: 'not_granted' },
      { error: { code: 'invalid_request', message: expect.stringContaining('not JSON') as string } },
      {
        error: {
          code: 'unknown_system_subject',
          message: 'subject.system: unknown system subject `dbpurg`; did you mean `dbpurge`?'
        }
      },
      { error: { code: 'invalid_request', message: 'extra: unknown key `extra`' } },
      { allowed: true, reason: 'granted' }
    ])
    expect({ status, stderr }).toEqual({ status: 1, stderr: '' })
  })

  it('refuses a request that is too long for a line, whatever its end says', async () => {
    const subject = { id: 'u1', roles: ['owner'] }
    const [before = '', after = ''] = JSON.stringify({ ...owner, subject: { ...subject, x: 0 } }).split(
      '"x":0'
    )
    const long = `${before}"scopes":[${' '.repeat(1 << 24)}]${after}`
    const { status, stdout } = await casemate(['decide', ...coder], `${long}\n${JSON.stringify(purge)}`)
    expect(status).toBe(1)
    expect(
      stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown)
    ).toEqual([
      {
        error: { code: 'invalid_request', message: 'a line of more than 16777216 characters' }
      },
      { allowed: true }
    ])
  })

  it('exits with 0 where every line is fine, and says nothing about reasons unless asked', async () => {
    expect(await casemate(['decide', '--policy', 'policies/coder/index.ts'], lines(purge, owner))).toEqual({
      status: 0,
      stdout: '{"allowed":true}\n{"allowed":false}\n',
      stderr: ''
    })
  })

  it('takes options as the text of a declared value', async () => {
    const ssh = { ...owner, action: 'ssh', object: { type: 'workspace', owner: 'u2' } }
    const { stdout } = await casemate(
      ['decide', ...coder, '--option', 'ownerWorkspaceExec=false'],
      lines(ssh)
    )
    expect(stdout).toBe('{"allowed":false}\n')
  })

  it.each([
    [
      ['decide', ...coder, '--option', 'ownerWorkspaceExec=maybe'],
      'expected one of `true`, `false`, not `maybe`'
    ],
    [['decide', ...coder, '--option', 'ownerWorkspaceExek=true'], 'did you mean `ownerWorkspaceExec`?'],
    [['decide', ...coder, '--option', 'ownerWorkspaceExec'], 'NAME=VALUE'],
    [['decide', '--policy', 'policies/none.ts'], 'policies/none.ts'],
    [['decide'], '--policy'],
    [['decide', ...coder, '--explian'], '--explian'],
    [['decyde', ...coder], 'decide']
  ])('exits with 2 and writes nothing to standard output for %j', async (args, said) => {
    const { status, stdout, stderr } = await casemate(args)
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
    expect(stderr).toContain(said)
  })
})

describe('the other commands', () => {
  it('check says what is in a policy, and every problem of what is none', async () => {
    expect((await casemate(['check', 'policies/coder/index.ts'])).stdout).toContain(
      '48 resources, 169 permissions'
    )
    const { status, stderr } = await casemate(['check', 'package.json'])
    expect(status).toBe(2)
    expect(stderr).toContain('resources')
  })

  it('check answers in JSON where that is asked for, of a policy and of what is none', async () => {
    const good = await casemate(['check', 'policies/saas/index.ts', '--json'])
    expect(good).toMatchObject({ status: 0, stderr: '' })
    expect(JSON.parse(good.stdout)).toMatchObject({ ok: true, name: 'saas', resources: 6 })
    const bad = await casemate(['check', 'package.json', '--json'])
    expect(bad).toMatchObject({ status: 2, stderr: '' })
    const { ok, problems } = JSON.parse(bad.stdout) as { ok: boolean; problems: { path: string }[] }
    expect(ok).toBe(false)
    expect(problems.map(({ path }) => path)).toContain('resources')
  })

  it('compile says in JSON what it has written', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'casemate-compile-'))
    try {
      const output = join(folder, 'saas.json')
      const { status, stdout } = await casemate(['compile', 'policies/saas/index.ts', '-o', output, '--json'])
      expect(status).toBe(0)
      const { casemate: version, checksum } = JSON.parse(await readFile(output, 'utf8')) as {
        casemate: number
        checksum: string
      }
      expect(JSON.parse(stdout)).toEqual({ output, version, checksum })
    } finally {
      await rm(folder, { recursive: true })
    }
  })

  it('compile says of the file that was named why it cannot be written', async () => {
    const { status, stdout, stderr } = await casemate([
      'compile',
      'policies/saas/index.ts',
      '-o',
      'none/x.json'
    ])
    expect({ status, stdout, stderr: stderr.split('\n')[0] }).toEqual({
      status: 2,
      stdout: '',
      stderr: 'error: cannot write none/x.json: no such file or folder'
    })
  })

  it('say in one line that a compiled policy is none that they read', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'casemate-compiled-'))
    try {
      const output = join(folder, 'saas.json')
      await casemate(['compile', 'policies/saas/index.ts', '-o', output])
      for (const args of [
        ['check', output],
        ['decide', '--policy', output]
      ])
        expect(await casemate(args)).toMatchObject({
          status: 2,
          stdout: '',
          stderr: expect.stringMatching(
            /^[^\n]*compiled policy, for `fromCompiled` of casemate\/runtime[^\n]*\n$/
          ) as string
        })
    } finally {
      await rm(folder, { recursive: true })
    }
  })

  it('end quietly where nobody reads their answers any more', async () => {
    const main = await bundle('src/cli/main.ts', programs)
    const child = spawn(process.execPath, [main, 'decide', '--policy', 'policies/saas/index.ts'], {
      stdio: ['pipe', 'pipe', 'pipe']
    })
    child.stdout.once('data', () => child.stdout.destroy())
    child.stdin.on('error', () => undefined)
    child.stdin.end('{}\n'.repeat(50_000))
    const [said] = await Promise.all([text(child.stderr), once(child, 'close')])
    expect({ said, status: child.exitCode }).toEqual({ said: '', status: 1 })
  })

  it('explain exits with 1 for a refusal, with 0 for an allow, with 2 for what is no request', async () => {
    const code = ['--policy', 'policies/coder/index.ts']
    expect(await casemate(['explain', ...code, JSON.stringify(owner)])).toMatchObject({ status: 1 })
    expect((await casemate(['explain', ...coder], JSON.stringify(purge))).stdout).toContain(
      'system:dbpurge has boundary_log:delete'
    )
    expect(await casemate(['explain', ...coder, '{}'])).toMatchObject({ status: 2, stdout: '' })
  })

  it('matrix exits with 0 where every cell holds, and with 2 for a page about another policy', async () => {
    const code = ['--policy', 'policies/coder/index.ts']
    const { status, stdout } = await casemate(['matrix', 'policies/coder/boundary_log.md', ...code])
    expect(status).toBe(0)
    expect(stdout).toContain('all 48 cells hold')
    expect(await casemate(['matrix', 'policies/saas/matrix.md', ...coder])).toMatchObject({ status: 2 })
  })
})

describe('lines of standard input', () => {
  it('are dropped whole where they are too long, and those around them read', async () => {
    // What is cut out of the middle would leave a request of its own.
    const long = `{"a":1}${' '.repeat(longestLine)}`
    for (const pieces of [
      [`x\n${long}\ny`],
      [`x\n{"a":1}`, ' '.repeat(longestLine), `\ny`],
      ['x\n', long, '\ny']
    ]) {
      const read: Line[] = []
      for await (const batch of readLines(Readable.from(pieces))) read.push(...batch)
      expect(read).toEqual(['x', undefined, 'y'])
    }
  })

  it('are the same however the stream is cut', async () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'é', '€', '😀', ' ', '\r'), maxLength: 6 })
    await fc.assert(
      fc.asyncProperty(
        fc.array(word, { minLength: 1 }),
        fc.array(fc.nat(9), { minLength: 1 }),
        async (words, cuts) => {
          const bytes = Buffer.from(words.join('\n'))
          const chunks: Buffer[] = []
          for (let at = 0, i = 0; at < bytes.length; i++) {
            const length = (cuts[i % cuts.length] ?? 0) + 1
            chunks.push(bytes.subarray(at, at + length))
            at += length
          }
          const read: Line[] = []
          for await (const batch of readLines(Readable.from(chunks))) read.push(...batch)
          const wanted = words.at(-1) === '' ? words.slice(0, -1) : words
          expect(read).toEqual(wanted)
        }
      ),
      { numRuns: runs(200) }
    )
  })
})
