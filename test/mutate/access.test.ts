// Mutants of who may assign what, where objects may be, and which scopes may be requested: each is one that the
// difference of policies counts as new access, whether a statement can be about it or not.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { compile, parsePolicy } from 'casemate'
import coder from '../../policies/coder/index.js'
import type { PolicyData } from '../../src/document/types.js'
import { type SuiteFile } from '../../src/verify/index.js'
import { mutate } from '../../src/mutate/index.js'
import { diffPolicies } from '../../src/diff/index.js'
import { mutationsOf } from '../../src/mutate/mutations.js'
import { givingKinds, unstatedKinds } from '../../src/mutate/types.js'
import { casemate, type Ran } from '../support/cli.js'
import { compiledOf } from '../../src/compile/compile.js'

const policy = {
  name: 'p',
  resources: {
    doc: { org: 'required', actions: { read: '' } },
    key: { org: 'never', actions: { give: '' } }
  },
  roles: {
    boss: { kind: 'site', grants: { site: { allow: { '*': '*' } } }, assigns: ['reader'] },
    reader: { kind: 'org', grants: { org: { allow: { doc: ['read'] } } } },
    engine: { kind: 'org', assignable: false }
  },
  assignPermissions: { site: 'key:give' },
  systemSubjects: { cron: {} },
  scopes: { reading: { allow: { doc: ['read'] }, aliases: ['ro'] }, giving: { allow: { key: '*' } } },
  defaultScopes: ['reading']
} as const satisfies PolicyData

const read = (document: unknown): ReturnType<typeof compile> => compile(parsePolicy(document))
const matrix: SuiteFile = {
  name: 'doc.md',
  text: '### `doc`\n\n| Subject | Read (own org) |\n| --- | --- |\n| reader | yes |\n'
}

describe('mutants that change no decision', () => {
  it('each let somebody reach more, and allow nobody anything by themselves', () => {
    for (const document of [policy, coder]) {
      const base = read(document)
      const all = [...mutationsOf(compiledOf(base))].filter(
        ({ kind }) => unstatedKinds.has(kind) || givingKinds.has(kind)
      )
      expect(new Set(all.map(({ kind }) => kind)).size).toBeGreaterThanOrEqual(4)
      for (const mutation of all.filter((_, index) => index % (document === coder ? 12 : 1) === 0)) {
        const { gained, lost, widened } = diffPolicies(base, read(mutation.document()))
        expect([mutation.path, mutation.change, gained, lost]).toEqual([
          mutation.path,
          mutation.change,
          [],
          []
        ])
        expect([mutation.path, widened.length > 0]).toEqual([mutation.path, true])
      }
    }
  })

  it('are listed whole where no statement can be about them, and are no part of what is noticed or missed', () => {
    const { report } = mutate(read(policy), [matrix])
    const shown = report!.unstated.map(({ kind, path, change }) => `${kind}: ${path} ${change}`)
    expect(shown).toEqual([
      'make-public: scopes.reading.public as true',
      'make-public: scopes.giving.public as true',
      'make-public: publicScopes with `doc:*`',
      'make-public: publicScopes with `key:*`',
      'add-default: defaultScopes with `giving`'
    ])
    const counted = report!.kinds.map(({ kind }) => kind)
    expect(counted.filter((kind) => unstatedKinds.has(kind))).toEqual([])
    expect(mutate(read(policy), [matrix], { kinds: ['drop-action'] }).report!.unstated).toEqual([])
  })
})

describe('mutants of who may give a role', () => {
  const kinds = [...givingKinds]
  const said = (document: unknown, ...files: readonly SuiteFile[]): string[] =>
    mutate(read(document), files, { kinds }).report!.survived.map(({ path, change }) => `${path} ${change}`)

  it('are missed by statements about objects; a role that cannot reach another one has none', () => {
    expect(said(policy, matrix)).toEqual([
      'assignPermissions.site dropped',
      'roles.boss.assigns with `*`',
      'roles.boss.assigns with `boss`',
      'roles.engine.assigns with `*`',
      'roles.engine.assigns with `reader`',
      'roles.reader.assigns with `*`',
      'roles.reader.assigns with `reader`',
      // To make bosses takes a permission that the service lacks, so only the others count.
      'systemSubjects.cron.assigns with `*`'
    ])
  })

  it('are noticed by a column or an invariant about giving that role', () => {
    const columns: SuiteFile = {
      name: 'key.md',
      text: [
        '### `key`',
        '',
        '| Subject | Give | Assign reader | Assign boss |',
        '| --- | --- | --- | --- |',
        '| boss | yes | yes | no |',
        '| system:cron | no | no | no |'
      ].join('\n')
    }
    expect(said(policy, columns)).toEqual([
      'assignPermissions.site dropped',
      'roles.engine.assigns with `*`',
      'roles.engine.assigns with `reader`',
      'roles.reader.assigns with `*`',
      'roles.reader.assigns with `reader`'
    ])
    const invariants = [{ name: 'readers are made by bosses', assigns: ['reader'], only: ['boss'] }]
    expect(said({ ...policy, invariants })).toEqual([
      'assignPermissions.site dropped',
      'roles.boss.assigns with `*`',
      'roles.boss.assigns with `boss`'
    ])
  })

  it('are noticed where a permission that giving takes is asked for no longer', () => {
    const roles = { boss: { kind: 'site' }, giver: { kind: 'site', assigns: ['boss'] } }
    const invariants = [{ name: 'nobody makes a boss', assigns: ['boss'], only: [] }]
    const missed = 'assignPermissions.site dropped'
    const other = { name: 'k.md', text: '### `key`\n\n| Subject | Give |\n| --- | --- |\n| giver | no |\n' }
    expect(said({ ...policy, roles }, other)).toContain(missed)
    expect(said({ ...policy, roles, invariants }, other)).not.toContain(missed)
  })
})

describe('mutants of where objects may be and of what a name means', () => {
  it('are noticed by a statement that asks about such objects or names such a key, and missed without', () => {
    const kinds = ['loosen-place', 'turn-alias'] as const
    const said = (files: readonly SuiteFile[]): string[] =>
      mutate(read(policy), files, { kinds }).report!.survived.map(({ path }) => path)
    expect(said([matrix])).toEqual(['resources.doc.org', 'resources.key.org', 'scopes.reading.aliases'])
    const requests = [
      { subject: { id: 'u1', roles: ['boss'] }, action: 'read', object: { type: 'doc' } },
      { subject: { id: 'u1', roles: ['boss'] }, action: 'give', object: { type: 'key', org: 'o1' } }
    ].map((request) =>
      JSON.stringify({ request, error: request.action === 'read' ? 'missing_org' : 'unexpected_org' })
    )
    const key = JSON.stringify({
      request: {
        subject: { id: 'u1', roles: ['boss'], scopes: ['ro'] },
        action: 'read',
        object: { type: 'doc', org: 'o1' }
      },
      allowed: true
    })
    expect(said([matrix, { name: 'x.ndjson', text: [...requests, key].join('\n') }])).toEqual([])
  })
})

describe('casemate mutate --threshold', () => {
  let folder = ''
  const run = (...args: string[]): Promise<Ran> =>
    casemate(['mutate', join(folder, 'doc.md'), '--policy', join(folder, 'policy.json'), ...args])

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'casemate-'))
    await writeFile(join(folder, 'policy.json'), JSON.stringify(policy))
    await writeFile(join(folder, 'doc.md'), matrix.text)
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  it('fails beside changes that no statement can be about, until they are accepted', async () => {
    const kinds = ['--kinds', 'drop-action,make-public', '--threshold', '50']
    const refused = await run(...kinds)
    expect(refused.status).toBe(1)
    expect(refused.stderr).toBe(
      '4 changes that no statement can be about: read them, and say --accept-unstated\n'
    )
    expect(refused.stdout).toContain('Changes that no statement can be about:\nmake-public    4 changes\n')
    expect(await run(...kinds, '--accept-unstated')).toMatchObject({ status: 0, stderr: '' })
    expect(await run('--kinds', 'drop-action', '--threshold', '50')).toMatchObject({ status: 0, stderr: '' })
    // Without a threshold nothing fails.
    expect(await run('--kinds', 'drop-action,make-public')).toMatchObject({ status: 0, stderr: '' })
  })
})
