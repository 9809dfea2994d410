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
import { unstatedKinds } from '../../src/mutate/types.js'
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

describe('mutants that no statement can be about', () => {
  it('each let somebody reach more, and allow nobody anything by themselves', () => {
    for (const document of [policy, coder]) {
      const base = read(document)
      const all = [...mutationsOf(compiledOf(base))].filter(({ kind }) => unstatedKinds.has(kind))
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

  it('are listed whole, and are no part of what is noticed or missed', () => {
    const { report } = mutate(read(policy), [matrix])
    const shown = report!.unstated.map(({ kind, path, change }) => `${kind}: ${path} ${change}`)
    expect(shown).toEqual([
      'add-assign: roles.boss.assigns with `boss`',
      'add-assign: roles.boss.assigns with `*`',
      'add-assign: roles.reader.assigns with `boss`',
      'add-assign: roles.reader.assigns with `*`',
      'add-assign: roles.engine.assigns with `boss`',
      'add-assign: roles.engine.assigns with `*`',
      'add-assign: systemSubjects.cron.assigns with `boss`',
      'add-assign: systemSubjects.cron.assigns with `*`',
      'assignable: roles.engine.assignable as true',
      'free-assign: assignPermissions.site dropped',
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
    const kinds = ['--kinds', 'drop-action,add-assign', '--threshold', '50']
    const refused = await run(...kinds)
    expect(refused.status).toBe(1)
    expect(refused.stderr).toBe(
      '8 changes that no statement can be about: read them, and say --accept-unstated\n'
    )
    expect(refused.stdout).toContain('Changes that no statement can be about:\nadd-assign     8 changes\n')
    expect(await run(...kinds, '--accept-unstated')).toMatchObject({ status: 0, stderr: '' })
    expect(await run('--kinds', 'drop-action', '--threshold', '50')).toMatchObject({ status: 0, stderr: '' })
    // Without a threshold nothing fails.
    expect(await run('--kinds', 'drop-action,add-assign')).toMatchObject({ status: 0, stderr: '' })
  })
})
