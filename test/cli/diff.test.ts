// `casemate diff` as a reviewer and a CI job call it: files and git revisions, and nothing of a stranger's is run.
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { compile, parsePolicy, parseRequest } from 'casemate'
import { bundle } from '../support/bundle.js'
import { casemate, type Ran } from '../support/cli.js'
import { temporaryFolder } from '../support/folder.js'

const { folder: programs } = temporaryFolder()

const document = {
  name: 'notes',
  resources: { note: { actions: { read: '', write: '' } } },
  options: { open: { values: [true, false], default: false } },
  roles: {
    author: { kind: 'site', grants: { user: { allow: { note: '*' } } } },
    reader: { kind: 'site', grants: { site: { allow: { note: [] } } } }
  }
}
const wider = {
  ...document,
  roles: { ...document.roles, reader: { kind: 'site', grants: { site: { allow: { note: ['read'] } } } } }
}

let folder = ''
let temporary = ''
let origin = ''

const at = (path: string): string => join(folder, path)
const marker = (): string => at('marker')

async function put(path: string, text: string): Promise<void> {
  await mkdir(dirname(at(path)), { recursive: true })
  await writeFile(at(path), text)
}

function git(...args: string[]): string {
  const who = ['-c', 'user.name=t', '-c', 'user.email=t@example.com', '-c', 'commit.gpgsign=false']
  return execFileSync('git', [...who, ...args], { cwd: folder, encoding: 'utf8', stdio: 'pipe' })
}

/** A policy as code; its roles come from a file beside it, and running it leaves a mark. */
const code = (marks: boolean): string =>
  [
    "import { writeFileSync } from 'node:fs'",
    "import { definePolicy } from 'casemate'",
    "import { title } from 'titles'",
    "import { roles } from './roles.ts'",
    ...(marks ? [`writeFileSync(${JSON.stringify(marker())}, title)`] : []),
    `export default definePolicy({ ...${JSON.stringify({ ...document, roles: {} })}, roles })`
  ].join('\n')

beforeAll(async () => {
  origin = process.cwd()
  folder = await mkdtemp(join(tmpdir(), 'diff-test-'))
  temporary = join(folder, 'temporary')
  await mkdir(temporary)
  git('init', '--quiet', '--initial-branch', 'main')
  await put('.gitignore', 'node_modules\nmarker\ntemporary\n')
  await put('node_modules/titles/package.json', '{"name":"titles","type":"module","main":"index.js"}')
  await put('node_modules/titles/index.js', "export const title = 'Notes'\n")
  await put('policies/notes.json', JSON.stringify(document))
  await put('policies/roles.ts', `export const roles = ${JSON.stringify(document.roles)} as const\n`)
  await put('policies/notes.ts', code(true))
  await put('hooks/post-checkout', `#!/bin/sh\ntouch '${marker()}'\n`)
  await put('broken.json', '{')
  await writeFile(at('latin.json'), Buffer.from([0x22, 0xe9, 0x22]))
  await chmod(at('hooks/post-checkout'), 0o755)
  git('add', '.')
  git('config', 'core.hooksPath', 'hooks')
  git('commit', '--quiet', '-m', 'before')
  git('branch', 'before')
  git('update-ref', 'refs/remotes/origin/before', 'before')
  await put('policies/notes.json', JSON.stringify(wider))
  await put('policies/roles.ts', `export const roles = ${JSON.stringify(wider.roles)} as const\n`)
  await put('policies/notes.ts', code(false))
  git('commit', '--quiet', '-am', 'after')
})

afterAll(() => rm(folder, { recursive: true, force: true }))

/** Runs the command in the repository, with a folder for temporary files of its own. */
async function diff(...args: string[]): Promise<Ran> {
  const before = process.env['TMPDIR']
  process.env['TMPDIR'] = temporary
  process.chdir(folder)
  try {
    return await casemate(['diff', ...args])
  } finally {
    process.chdir(origin)
    if (before === undefined) delete process.env['TMPDIR']
    else process.env['TMPDIR'] = before
  }
}

/** Nothing is left of a work tree, in the folder for temporary files or in the repository. */
async function expectCleanedUp(): Promise<void> {
  expect((await readdir(temporary)).filter((name) => name.startsWith('casemate-'))).toEqual([])
  expect(git('worktree', 'list', '--porcelain').match(/^worktree /gm)).toHaveLength(1)
}

const gained = [
  'Gained',
  '  reader',
  '  + note:read (all)',
  '      {"subject":{"id":"u1","roles":["reader"]},"action":"read","object":{"type":"note"}}',
  '',
  '1 subject gains 1 permission; nobody loses anything',
  ''
].join('\n')

describe('casemate diff', () => {
  it('compares two files, and fails only where it is told to', async () => {
    await put('old.json', JSON.stringify(document))
    expect(await diff('old.json', 'policies/notes.json')).toEqual({ status: 0, stdout: gained, stderr: '' })
    expect((await diff('old.json', 'policies/notes.json', '--no-new-access')).status).toBe(1)
    const lost = await diff('policies/notes.json', 'old.json', '--no-new-access')
    expect(lost).toMatchObject({ status: 0, stdout: expect.stringContaining('- note:read (all)') as string })
    expect(await diff('old.json', 'old.json', '--no-new-access')).toEqual({
      status: 0,
      stdout: 'nobody gains or loses anything\n',
      stderr: ''
    })
  })

  it('prints JSON whose witnesses the policies answer differently, and Markdown', async () => {
    const { stdout } = await diff('before:policies/notes.json', 'policies/notes.json', '--json')
    const data = JSON.parse(stdout) as { gained: { witness: unknown }[]; lost: unknown[] }
    expect(data).toMatchObject({
      gained: [{ subject: 'reader', permission: 'note:read', relation: 'all' }],
      lost: []
    })
    const answers = [document, wider].map((one) => {
      const request = parseRequest(compile(parsePolicy(one)), data.gained[0]?.witness)
      return request.ok && request.value.subject.can(request.value.action, request.value.object)
    })
    expect(answers).toEqual([false, true])
    const page = await diff('before:policies/notes.json', 'policies/notes.json', '--markdown')
    expect(page.stdout).toMatch(
      /^## Access changes\n\n\*\*1 subject gains 1 permission[^]*#### `reader`\n\n- `note:read` \(all\)/
    )
  })

  it('compares under one option where one is given', async () => {
    const open = {
      ...document,
      roles: {
        ...document.roles,
        reader: {
          kind: 'site',
          variants: [{ when: { open: true }, grants: { site: { allow: { note: '*' } } } }]
        }
      }
    }
    await put('old.json', JSON.stringify(document))
    await put('open.json', JSON.stringify(open))
    expect((await diff('old.json', 'open.json')).stdout).toContain(
      '"object":{"type":"note"}} --option open=true\n'
    )
    const closed = await diff('old.json', 'open.json', '--option', 'open=false', '--no-new-access')
    expect(closed).toMatchObject({ status: 0, stdout: expect.not.stringContaining('Gained') as string })
    const unknown = await diff('old.json', 'open.json', '--option', 'opne=false')
    expect(unknown).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('did you mean `open`?') as string
    })
  })

  it('says what is wrong with a file, a revision or an option', async () => {
    const failing = [
      [['nope.json', 'policies/notes.json'], /nope\.json: no such file/],
      [['broken.json', 'policies/notes.json'], /broken\.json:1:2: not JSON/],
      [['HEAD:broken.json', 'policies/notes.json'], /HEAD:broken\.json:1:2: not JSON/],
      [['HEAD:latin.json', 'policies/notes.json'], /HEAD:latin\.json: not a UTF-8 text/],
      [['nope:policies/notes.json', 'policies/notes.json'], /nope:policies\/notes\.json: no such revision/],
      [['main:nope.json', 'policies/notes.json'], /main:nope\.json: no such file there/],
      [['main:nope.ts', 'policies/notes.json'], /main:nope\.ts: no such file there/],
      [['main:../outside.json', 'policies/notes.json'], /outside the repository/],
      [['--', '--output=x:policies/notes.json', 'policies/notes.json'], /the revision starts with -/],
      [['policies/notes.json'], /missing required argument 'new'/],
      [['policies/notes.json', 'policies/notes.json', '--jsno'], /unknown option '--jsno'/],
      [['policies/notes.json', 'policies/notes.json', '--json', '--markdown'], /cannot be used with option/]
    ] as const
    for (const [args, message] of failing) {
      const { status, stdout, stderr } = await diff(...args)
      expect([args, status, stdout]).toEqual([args, 2, ''])
      expect(stderr).toMatch(message)
    }
    expect(existsSync(at('x:policies'))).toBe(false)
    await expectCleanedUp()
  })

  it('takes REV:PATH for the revision whatever file is called so, and a file with a colon by its path', async () => {
    for (const revision of ['before', 'origin/before', 'HEAD~1', 'heads/before', 'nope']) {
      const name = `${revision}:policies/notes.json`
      await put(name, JSON.stringify(wider))
      const wanted = revision === 'nope' ? 'no such revision; the file of that name is `./nope:' : gained
      const { stdout, stderr } = await diff(name, 'policies/notes.json')
      expect(stdout + stderr).toContain(wanted)
      for (const path of [`./${name}`, at(name)])
        expect((await diff(path, 'policies/notes.json')).stdout).toBe('nobody gains or loses anything\n')
      await rm(at(`${revision}:policies`), { recursive: true })
    }
    // The index is no revision that is read, and a file of that name does not take its place either.
    for (const name of [':policies/notes.json', ':0:policies/notes.json']) {
      await put(name, JSON.stringify(wider))
      const { status, stderr } = await diff(name, 'policies/notes.json')
      expect([status, stderr]).toEqual([
        2,
        `${name}: nothing is read from git's index; the file of that name is \`./${name}\`\n`
      ])
      await rm(at(name.slice(0, name.indexOf('/'))), { recursive: true })
    }
    // No such file at the revision: the file of that name does not take its place.
    await put('before:new.json', JSON.stringify(wider))
    expect(await diff('before:new.json', 'policies/notes.json')).toMatchObject({
      status: 2,
      stdout: '',
      stderr: 'before:new.json: no such file there\n'
    })
    await rm(at('before:new.json'))
  })

  it('reads data at a revision, from the current folder where the path says so', async () => {
    expect((await diff('before:policies/notes.json', 'main:policies/notes.json')).stdout).toBe(gained)
    expect((await diff('before:./policies/notes.json', 'main:policies/../policies/notes.json')).stdout).toBe(
      gained
    )
  })

  it('runs code at a revision with the files around it then, with the modules of now, and leaves nothing behind', async () => {
    await rm(marker(), { force: true })
    const { status, stdout, stderr } = await diff('before:policies/notes.ts', 'policies/notes.ts')
    expect([status, stdout, stderr]).toEqual([0, gained, ''])
    expect(existsSync(marker())).toBe(true)
    await expectCleanedUp()
  })

  it('runs no hook that is in the branch', async () => {
    await rm(marker(), { force: true })
    expect((await diff('main:policies/notes.ts', 'policies/notes.ts')).status).toBe(0)
    expect(existsSync(marker())).toBe(false)
    // The hook is one that git would have run.
    git('worktree', 'add', '--quiet', '--detach', join(temporary, 'tree'), 'main')
    expect(existsSync(marker())).toBe(true)
    git('worktree', 'remove', '--force', join(temporary, 'tree'))
  })

  it('runs nothing at all without code, and says so before anything is read', async () => {
    await rm(marker(), { force: true })
    for (const args of [
      ['before:policies/notes.ts', 'policies/notes.json'],
      ['policies/notes.json', 'before:policies/notes.ts'],
      ['nope.json', 'policies/notes.ts'],
      ['policies/notes.json', 'before:policies/roles.TS'],
      ['policies/notes.json', 'policies/notes']
    ]) {
      const { status, stdout, stderr } = await diff('--no-code', ...args)
      expect([status, stdout]).toEqual([2, ''])
      expect(stderr).toMatch(/--no-code takes \.json, \.yaml and \.yml/)
    }
    const data = await diff('--no-code', 'before:policies/notes.json', 'main:policies/notes.json')
    expect([data.status, data.stdout]).toEqual([0, gained])
    expect(existsSync(marker())).toBe(false)
  })

  it('follows no link of a branch out of the repository, and puts nothing where one leads', async () => {
    const outside = join(temporary, 'outside')
    await mkdir(outside, { recursive: true })
    await writeFile(join(outside, 'secret.json'), '{"secret": hunter2}')
    await writeFile(join(outside, 'notes.ts'), code(true))
    await put('inner/node_modules/.keep', '')
    git('checkout', '--quiet', '-B', 'links', 'main')
    await rm(at('policies'), { recursive: true })
    await mkdir(at('moved'))
    await put('moved/policy.ts', `export default ${JSON.stringify(document)}\n`)
    for (const [to, path] of [
      [outside, 'policies'],
      [join(outside, 'secret.json'), 'secret.json'],
      [join(outside, 'notes.ts'), 'notes.ts'],
      ['../outside/notes.ts', 'moved/up.ts'],
      ['moved', 'stays']
    ] as const)
      await symlink(to, at(path))
    git('add', '--force', 'policies', 'secret.json', 'notes.ts', 'moved', 'stays')
    git('commit', '--quiet', '-m', 'links')
    git('checkout', '--quiet', '--force', 'main')
    await put('moved/node_modules/.keep', '')
    await rm(marker(), { force: true })
    const before = await readdir(outside)
    for (const path of [
      'policies/notes.ts',
      'policies/secret.json',
      'secret.json',
      'notes.ts',
      'moved/up.ts'
    ]) {
      const { status, stdout, stderr } = await diff(`links:${path}`, 'policies/notes.json')
      expect([path, status, stdout]).toEqual([path, 2, ''])
      expect(stderr).toMatch(/symbolic link|no such file there/)
      expect(stderr).not.toMatch(/hunter2|outside\//)
    }
    // A folder of the tree that the branch calls otherwise is still in the tree.
    expect((await diff('links:stays/policy.ts', 'policies/notes.json')).stdout).toBe(gained)
    expect(await readdir(outside)).toEqual(before)
    expect(existsSync(marker())).toBe(false)
    await expectCleanedUp()
  })

  it('leaves no work tree where the policy fails', async () => {
    const branch = await branchWith("throw new Error('it is broken')")
    const { status, stderr } = await diff(`${branch}:policies/ending.ts`, 'policies/notes.json')
    expect(status).toBe(2)
    expect(stderr).toBe('ending:policies/ending.ts: it is broken\n')
    await expectCleanedUp()
  })

  it('leaves no work tree where it is interrupted', async () => {
    const branch = await branchWith(
      "console.error('running')\nawait new Promise((resolve) => setTimeout(resolve, 600_000))"
    )
    const project = fileURLToPath(new URL('../..', import.meta.url))
    await put(
      'temporary-script.mts',
      [
        `import { loadRevision } from ${JSON.stringify(join(project, 'src/node/revision.ts'))}`,
        `process.chdir(${JSON.stringify(folder)})`,
        `await loadRevision({ revision: '${branch}', path: 'policies/ending.ts' })`
      ].join('\n')
    )
    const child = spawn(process.execPath, [await bundle(at('temporary-script.mts'), programs)], {
      cwd: project,
      env: { ...process.env, TMPDIR: temporary },
      stdio: ['ignore', 'ignore', 'pipe']
    })
    const ended = once(child, 'exit')
    await once(child.stderr, 'data')
    expect(git('worktree', 'list', '--porcelain').match(/^worktree /gm)).toHaveLength(2)
    child.kill('SIGINT')
    expect(await ended).toEqual([130, null])
    await expectCleanedUp()
  })
})

/** A branch whose policy does something else than being one. */
async function branchWith(body: string): Promise<string> {
  git('checkout', '--quiet', '-B', 'ending', 'main')
  await put('policies/ending.ts', `${body}\nexport default {}\n`)
  git('add', 'policies/ending.ts')
  git('commit', '--quiet', '-m', 'ending')
  git('checkout', '--quiet', 'main')
  return 'ending'
}
