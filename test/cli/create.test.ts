// `npm create casemate`: from two packed packages in an empty folder, as npm runs it.
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { packageFor, project, unpack } from '../support/packed.js'

interface Manifest {
  readonly version: string
  readonly dependencies: Readonly<Record<string, string>>
}

const manifestIn = (folder: string): Manifest =>
  JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest

describe('create-casemate', () => {
  const root = mkdtempSync(join(tmpdir(), 'casemate-create-'))
  const created = join(root, 'node_modules/create-casemate')
  beforeAll(() => {
    const modules = join(root, 'node_modules')
    mkdirSync(modules)
    execFileSync('npm', ['pack', '--silent', '--pack-destination', root], {
      cwd: join(project, 'create-casemate'),
      stdio: ['ignore', 'ignore', 'inherit']
    })
    const [tarball = ''] = readdirSync(root).filter((name) => name.endsWith('.tgz'))
    execFileSync('tar', ['-xzf', join(root, tarball), '-C', modules])
    execFileSync('mv', [join(modules, 'package'), created])
    symlinkSync(packageFor(unpack()), join(modules, 'casemate'))
  })
  afterAll(() => {
    rmSync(root, { recursive: true, force: true })
  })

  it('has the version of casemate, and brings that', () => {
    const { version } = manifestIn(project)
    const { version: own, dependencies } = manifestIn(join(project, 'create-casemate'))
    expect([own, dependencies]).toEqual([version, { casemate: version }])
  })

  it('writes what `casemate init` writes, with its options', () => {
    const folder = join(root, 'app')
    mkdirSync(folder)
    const args = ['access', '--format', 'yaml', '--yes']
    const { status, stdout, stderr } = spawnSync('node', [join(created, 'main.js'), ...args], {
      cwd: folder,
      encoding: 'utf8'
    })
    expect([status, stderr]).toEqual([0, ''])
    expect(stdout).toContain('wrote access/policy.yaml\n')
    expect(readdirSync(join(folder, 'access')).sort()).toEqual(['policy.md', 'policy.test.ts', 'policy.yaml'])
  })

  it('says what is wrong with an option, and ends as the command does', () => {
    const { status, stderr } = spawnSync('node', [join(created, 'main.js'), '--formt', 'yaml'], {
      cwd: root,
      encoding: 'utf8'
    })
    expect([status, stderr]).toEqual([2, expect.stringContaining('--formt')])
  })
})
