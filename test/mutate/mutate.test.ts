// Mutants: valid documents, each compiled and checked as if it were the policy, and killed by exactly the statements that
// the whole suite would break.
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compile, parsePolicy, type Policy } from 'casemate'
import coder from '../../policies/coder/index.js'
import tenants from '../fixtures/tenants.js'
import type { PolicyData } from '../../src/document/types.js'
import { runSuite, type SuiteFile } from '../../src/verify/index.js'
import { mutate, mutationKinds, type MutationKind, type MutationReport } from '../../src/mutate/index.js'
import { diffPolicies } from '../../src/diff/index.js'
import { decideAlike } from '../../src/diff/diff-policies.js'
import { createPolicy } from '../../src/policy/create.js'
import { mutantOf } from '../../src/mutate/mutate.js'
import { StatementFinder } from '../../src/mutate/statement-finder.js'
import { mutationsOf } from '../../src/mutate/mutations.js'
import { takeTurns } from '../../src/mutate/sample.js'
import { Comparison } from '../../src/mutate/touched.js'
import type { Mutation } from '../../src/mutate/types.js'
import { readSuite } from '../../src/verify/suite/read.js'
import { rolled, rollWorld, worldsWithCases, worldTape } from '../arbitraries/index.js'
import { withTests } from '../verify/suite-world.js'
import { compiledOf } from '../../src/compile/compile.js'
import { policyOf } from '../support/engine.js'
import { isDeep, least, runs } from '../support/depth.js'

const coderFiles: readonly SuiteFile[] = [
  'assigning.md',
  'boundary_log.md',
  'expectations.md',
  'workspace_agent.ndjson'
].map((name) => ({
  name,
  text: readFileSync(new URL(`../../policies/coder/${name}`, import.meta.url), 'utf8')
}))
const policy = compile(coder)

const little = compile(tenants)
const littlePage: SuiteFile = {
  name: 'matrix.md',
  text: readFileSync(new URL('../fixtures/tenants.md', import.meta.url), 'utf8')
}

/** Some mutants of a policy: as many of each kind, chosen by a seed. */
function someOf(asked: Policy, seed: number, most: number): Mutation[] {
  const groups = byKindOf([...mutationsOf(compiledOf(asked))])
  return [...takeTurns([...groups.values()], seed)].slice(0, most)
}

function byKindOf(mutations: readonly Mutation[]): Map<MutationKind, Mutation[]> {
  const groups = new Map<MutationKind, Mutation[]>()
  for (const mutation of mutations) {
    const known = groups.get(mutation.kind)
    if (known === undefined) groups.set(mutation.kind, [mutation])
    else known.push(mutation)
  }
  return groups
}

const seeds = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })

describe('a mutant', () => {
  it('is a valid document, and another one', () => {
    fc.assert(
      fc.property(rolled(worldTape, rollWorld), seeds, (world, seed) => {
        for (const mutation of someOf(policyOf(world), seed, 20)) {
          const document = mutation.document()
          expect(() => parsePolicy(document)).not.toThrow()
          expect(JSON.stringify(document)).not.toBe(JSON.stringify(world.document))
        }
      }),
      { numRuns: runs(15, 1_000) }
    )
  })

  it('of a real policy is a valid document', () => {
    for (const mutation of someOf(policy, 7, runs(30, 2_000)))
      expect(() => parsePolicy(mutation.document())).not.toThrow()
  })

  it('is noticed by the statements it touches exactly where the whole suite fails', () => {
    const seen = { killed: 0, survived: 0, untouched: 0 }
    fc.assert(
      fc.property(
        worldsWithCases,
        rolled(60, (dice) => dice),
        seeds,
        ({ world, cases }, dice, seed) => {
          const { world: tested, policy: base, files } = withTests(dice, world, cases)
          const finder = new StatementFinder(compiledOf(base), readSuite(base, files).sourced)
          const comparison = new Comparison(compiledOf(base))
          expect(runSuite(base, files)).toMatchObject({ failed: 0, problems: [] })
          for (const mutation of someOf(base, seed, 20)) {
            const mutant = mutantOf(compiledOf(base), mutation, comparison)
            // A mutant that decides alike may still give another reason, and is not counted.
            if (mutant === undefined) {
              seen.untouched++
              continue
            }
            const whole = runSuite(policyOf({ ...tested, document: mutation.document() }), files)
            const killed = finder.brokenBy(mutant) !== undefined
            expect({ path: mutation.path, change: mutation.change, killed }).toEqual({
              path: mutation.path,
              change: mutation.change,
              killed: whole.failed > 0
            })
            seen[killed ? 'killed' : 'survived']++
          }
        }
      ),
      { numRuns: runs(9, 1_000) }
    )
    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(least(0))
  })

  it.each([
    // A run of the whole suite of the large policy takes as long as fifteen of the other.
    ['coder', policy, coderFiles, 2],
    ['saas', little, [littlePage], 20]
  ] as const)('of %s is noticed exactly where the whole suite fails', (_name, real, files, most) => {
    const finder = new StatementFinder(compiledOf(real), readSuite(real, files).sourced)
    const comparison = new Comparison(compiledOf(real))
    for (const mutation of someOf(real, 11, isDeep ? 300 : most)) {
      const mutant = mutantOf(compiledOf(real), mutation, comparison)
      const killed = mutant !== undefined && finder.brokenBy(mutant) !== undefined
      const whole = runSuite(compile(parsePolicy(mutation.document())), files)
      expect([mutation.path, mutation.change, killed]).toEqual([
        mutation.path,
        mutation.change,
        whole.failed > 0
      ])
    }
  })

  it('that touches no permission is one that the difference of policies finds equal', () => {
    let untouched = 0
    fc.assert(
      fc.property(rolled(worldTape, rollWorld), seeds, (world, seed) => {
        const base = policyOf(world)
        const comparison = new Comparison(compiledOf(base))
        for (const mutation of someOf(base, seed, 40)) {
          if (mutantOf(compiledOf(base), mutation, comparison) !== undefined) continue
          untouched++
          const { gained, lost } = diffPolicies(base, policyOf({ ...world, document: mutation.document() }))
          expect([mutation.path, mutation.change, gained, lost]).toEqual([
            mutation.path,
            mutation.change,
            [],
            []
          ])
        }
      }),
      { numRuns: runs(8, 300) }
    )
    expect(untouched).toBeGreaterThan(least(0))
  })

  it('counts as no change exactly where nobody gains or loses, however many roles are alike', () => {
    let different = 0
    fc.assert(
      fc.property(rolled(worldTape, rollWorld), seeds, (world, seed) => {
        const twins = Object.entries(world.document.roles ?? {}).map(([name, role]) => [`${name} twin`, role])
        const roles = { ...world.document.roles, ...(Object.fromEntries(twins) as PolicyData['roles']) }
        const document = { ...world.document, roles }
        const base = policyOf({ ...world, document })
        const comparison = new Comparison(compiledOf(base))
        for (const mutation of someOf(base, seed, 10)) {
          const mutant = mutantOf(compiledOf(base), mutation, comparison)
          if (mutant === undefined) continue
          const mutated = createPolicy(mutant.compiled)
          const names = new Set(mutant.touched.decided.map(({ name }) => name))
          const isAlike = decideAlike(base, mutated, names)
          const { gained, lost } = diffPolicies(base, mutated)
          expect([mutation.path, mutation.change, isAlike]).toEqual([
            mutation.path,
            mutation.change,
            gained.length + lost.length === 0
          ])
          // One that changes nothing is rare among them: the policy itself, as a mutant shares it.
          expect(decideAlike(base, createPolicy({ ...compiledOf(base) }), names)).toBe(true)
          if (!isAlike) different++
        }
      }),
      { numRuns: runs(8, 300) }
    )
    expect(different).toBeGreaterThan(least(0))
  })
})

const small = {
  name: 'small',
  resources: {
    doc: { actions: { read: '', write: '' } },
    team: { org: 'required', actions: { read: '' } },
    key: { org: 'never', actions: { read: '' } }
  },
  options: { open: { values: [true, false], default: true } },
  roles: {
    boss: { kind: 'site', grants: { site: { allow: { '*': '*', team: [] } } } },
    clerk: {
      kind: 'org',
      grants: {
        org: { allow: { doc: ['read'] }, deny: { doc: ['write'] } },
        orgMember: { allow: { team: '*' } }
      },
      variants: [{ when: { open: false }, grants: { org: { allow: { doc: [] } } } }]
    },
    engine: { kind: 'org', assignable: false }
  },
  assignPermissions: { site: 'key:read' },
  systemSubjects: { cron: { grants: { site: { allow: { key: ['read'] } } } } },
  scopes: { reading: { allow: { doc: ['read'] }, aliases: ['ro'] }, writing: { allow: { doc: ['write'] } } },
  scopeTemplates: {
    one: {
      params: { id: 'required', quiet: 'flag' },
      allow: { '*': '*' },
      variants: [{ when: { quiet: true }, allow: { doc: [] } }],
      allowList: ['doc:{id}']
    }
  },
  invariants: [{ name: 'i', permissions: ['team:read'], relation: 'no org', only: [] }]
} as const satisfies PolicyData

/** A policy with the parts that came later. */
const wide = {
  name: 'wide',
  containers: [{ name: 'project' }],
  resources: {
    page: {
      in: { project: 'required' },
      attributes: {
        status: { values: ['draft', 'final'] },
        locked: { values: [true, false], default: false }
      },
      acl: { levels: { viewer: ['read'] }, members: true, requires: 'read', overridesDeny: false },
      actions: { read: '', edit: '', share: '' },
      implies: { edit: ['read'] }
    }
  },
  roles: {
    reader: {
      kind: 'project',
      grants: {
        project: { allow: { page: { actions: ['read'], where: { status: 'final', locked: false } } } }
      }
    },
    writer: {
      kind: 'project',
      includes: ['reader'],
      grants: {
        project: { allow: { page: [{ actions: ['edit'], where: { status: 'draft' } }] } },
        projectMember: { allow: { page: ['share'] } }
      }
    },
    robot: { kind: 'project', assignable: false },
    boss: { kind: 'site', assigns: ['*'] }
  },
  orgOptions: { plan: { values: ['free', 'paid'], default: 'free' } },
  unassignPermissions: { project: 'page:edit' }
} as const satisfies PolicyData

describe('kinds of mutants', () => {
  const all = [...mutationsOf(compiledOf(compile(parsePolicy(small))))]
  const byKind = byKindOf(all)
  const later = [...mutationsOf(compiledOf(compile(parsePolicy(wide))))]

  it('are all made of policies that have something for each', () => {
    const kinds = new Set([...all, ...later].map(({ kind }) => kind))
    expect([...kinds].sort()).toEqual(Object.keys(mutationKinds).sort())
  })

  it('change what a policy says of containers, attributes, implied actions and ACLs, part by part', () => {
    const shown = later
      .filter(({ path }) => path.startsWith('resources.') || /writer|reader/.test(path))
      .filter(({ kind }) => kind !== 'add-assign')
      .map(({ kind, path, change }) => `${kind}: ${path} ${change}`)
    expect(shown).toEqual([
      'drop-action: roles.reader.grants.project.allow.page without read where status = final, locked = false',
      'drop-where: roles.reader.grants.project.allow.page with read whatever `status` is',
      'drop-where: roles.reader.grants.project.allow.page with read whatever `locked` is',
      'add-action: roles.reader.grants.project.allow.page with read',
      'add-action: roles.reader.grants.project.allow.page with edit',
      'add-action: roles.reader.grants.project.allow.page with share',
      'allow-to-deny: roles.reader.grants.project.allow.page read as deny',
      'narrow: roles.reader.grants.project.allow.page at projectMember',
      'add-resource: roles.reader.grants.projectMember.allow.page with read',
      'add-resource: roles.reader.grants.projectMember.allow.page with edit',
      'add-resource: roles.reader.grants.projectMember.allow.page with share',
      'drop-action: roles.writer.grants.project.allow.page without edit where status = draft',
      'drop-where: roles.writer.grants.project.allow.page with edit whatever `status` is',
      'add-action: roles.writer.grants.project.allow.page with read',
      'add-action: roles.writer.grants.project.allow.page with edit',
      'add-action: roles.writer.grants.project.allow.page with share',
      'allow-to-deny: roles.writer.grants.project.allow.page edit as deny',
      'narrow: roles.writer.grants.project.allow.page at projectMember',
      'drop-action: roles.writer.grants.projectMember.allow.page without share',
      'add-action: roles.writer.grants.projectMember.allow.page with read',
      'add-action: roles.writer.grants.projectMember.allow.page with edit',
      'wildcard: roles.writer.grants.projectMember.allow.page with every action',
      'allow-to-deny: roles.writer.grants.projectMember.allow.page share as deny',
      'widen: roles.writer.grants.projectMember.allow.page at project',
      'drop-include: roles.writer.includes without `reader`',
      'loosen-place: resources.page.in.project as optional',
      'drop-implies: resources.page.implies.edit without read',
      'add-implies: resources.page.implies.read with share',
      'add-implies: resources.page.implies.edit with share',
      'add-implies: resources.page.implies.share with read',
      'add-implies: resources.page.implies.share with edit',
      'loosen-acl: resources.page.acl.members as false',
      'loosen-acl: resources.page.acl.overridesDeny as true',
      'loosen-acl: resources.page.acl.requires without `read`',
      'loosen-acl: resources.page.acl.levels.viewer with every action'
    ])
  })

  it('are valid documents', () => {
    for (const one of later)
      expect(() => parsePolicy(one.document()), `${one.path} ${one.change}`).not.toThrow()
  })

  it.each([
    ['drop-action', 'roles.clerk.grants.org.allow.doc', 'without read', { doc: [] }],
    ['add-action', 'roles.clerk.grants.org.allow.doc', 'with write', { doc: '*' }],
    ['add-resource', 'roles.clerk.grants.org.allow.team', 'with read', { doc: ['read'], team: '*' }],
    ['widen', 'roles.clerk.grants.orgMember.allow.team', 'at org', { doc: ['read'], team: '*' }],
    ['deny-to-allow', 'roles.clerk.grants.org.deny.doc', 'write as allow', { doc: '*' }],
    ['allow-to-deny', 'roles.clerk.grants.org.allow.doc', 'read as deny', {}],
    ['narrow', 'roles.clerk.grants.org.allow.doc', 'at orgMember', {}]
  ])('%s at %s, %s', (kind, path, change, allow) => {
    const found = all.filter((one) => one.kind === kind && one.path === path && one.change === change)
    expect(found).toHaveLength(1)
    const written = found[0]!.document().roles?.['clerk']?.grants?.org?.allow
    // An empty list allows what a missing line does.
    const shown = Object.entries(written ?? {}).filter(
      ([, list]) => list === '*' || !('length' in list) || list.length > 0
    )
    expect(Object.fromEntries(shown)).toEqual(
      Object.fromEntries(Object.entries(allow).filter(([, list]) => list.length > 0))
    )
  })

  it('drop what a wildcard reaches resource by resource, and keep the wildcard out of a line moved away', () => {
    const dropped = byKind.get('drop-resource')!.map(({ path }) => path)
    expect(dropped.filter((path) => path.startsWith('roles.boss.'))).toEqual([
      'roles.boss.grants.site.allow.doc',
      'roles.boss.grants.site.allow.key'
    ])
  })

  it('widen a list by an entry or by dropping it, and never name a resource where it has no objects', () => {
    expect(byKind.get('widen-list')!.map(({ path, change }) => `${path} ${change}`)).toEqual([
      'scopeTemplates.one.allowList dropped',
      'scopeTemplates.one.allowList[0] as doc:*'
    ])
    expect(all.filter(({ path }) => /\.(?:org|orgMember)\.\w+\.key$|\.user\.\w+\.team$/.test(path))).toEqual(
      []
    )
  })
})

describe('mutate', () => {
  it('finds the gap where one statement is missing, and none where it is there', () => {
    const matrix = (rows: string): SuiteFile => ({
      name: 'matrix.md',
      text: `### \`doc\`\n\n| Subject | Read |\n| --- | --- |\n${rows}`
    })
    const options = { kinds: ['drop-action'], max: 1000 } as const
    const tested = { ...small, scopes: {}, scopeTemplates: {}, systemSubjects: {}, invariants: [] }
    const asked = compile(parsePolicy(tested))
    const none = mutate(asked, [matrix('| boss | yes |\n')], options).report!
    expect(none.survived.map(({ path, change }) => `${path} ${change}`)).toContain(
      'roles.clerk.grants.org.allow.doc without read'
    )
    const some = mutate(asked, [matrix('| boss | yes |\n| clerk | own org |\n')], options).report!
    expect(some.survived.map(({ path }) => path)).not.toContain('roles.clerk.grants.org.allow.doc')
    expect(some.percent).toBeGreaterThan(none.percent)
  })

  it('does not count a change that decides nothing: an action that nobody with such a key can hold', () => {
    const nobody = {
      ...small,
      roles: { boss: { kind: 'site' } },
      scopeTemplates: {},
      systemSubjects: {},
      invariants: [{ name: 'nobody', permissions: ['team:read'], only: [] }]
    } as const
    const { report } = mutate(compile(parsePolicy(nobody)), [], { kinds: ['widen-scope', 'narrow-scope'] })
    expect(report).toMatchObject({ killed: 0, survived: [], percent: 100 })
    expect(report!.equivalent).toBeGreaterThan(0)
  })

  it('chooses the same mutants for the same seed, others for another, and no more than asked for', () => {
    const run = (seed: number): MutationReport => mutate(little, [littlePage], { max: 40, seed }).report!
    expect(run(3)).toEqual(run(3))
    const chosen = (seed: number): string[] =>
      someOf(little, seed, 40).map(({ path, change }) => path + change)
    expect(chosen(3)).not.toEqual(chosen(4))
    expect(run(3).killed + run(3).survived.length).toBe(40)
  })

  it('tells how far it has come, and refuses tests that do not hold', () => {
    const steps: number[] = []
    mutate(little, [littlePage], { max: 5, onProgress: (done, total) => steps.push(done / total) })
    expect(steps).toEqual([0.2, 0.4, 0.6, 0.8, 1])
    const wrong = { name: 'wrong.ndjson', text: '{"request":{},"allowed":true}' }
    const { tests, report } = mutate(policy, [wrong])
    expect(report).toBeUndefined()
    expect(tests).toMatchObject({ ok: false, failed: 1 })
  })

  it('notices at least 95 of a hundred mutants of the real policy', () => {
    const { report } = mutate(policy, coderFiles, { max: isDeep ? 5_000 : 100, seed: 2 })
    expect(report!.killed + report!.survived.length).toBe(isDeep ? 5_000 : 100)
    expect(report!.percent).toBeGreaterThanOrEqual(95)
  })
})
