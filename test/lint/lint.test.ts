// The linter: every rule finds its bad examples, exactly there, and nothing in their nearest neighbours.
import { describe, expect, it } from 'vitest'
import { compile, parsePolicy } from 'casemate'
import { lint, lintRules, printLint } from 'casemate/lint'
import coder from '../../policies/coder/index.js'
import saas from '../../policies/saas/index.js'
import type { PolicyData, RoleVariant } from '../../src/document/types.js'
import { examples } from '../fixtures/lint/examples.js'

const lintOf = (document: PolicyData): ReturnType<typeof lint> => lint(compile(parsePolicy(document)))

describe('the rules', () => {
  it('have ids in kebab-case, each once, and say what they find', () => {
    const ids = lintRules.map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
    for (const { id, summary, help } of lintRules) {
      expect(id).toMatch(/^[a-z]+(?:-[a-z]+)*$/)
      expect(summary).toMatch(/^[A-Z].*\.$/)
      expect(help).toMatch(/^[A-Z].*\.$/)
    }
  })

  it('each have an example, and no example is of a rule that there is not', () => {
    expect(Object.keys(examples).sort()).toEqual(lintRules.map(({ id }) => id).sort())
    for (const [id, list] of Object.entries(examples)) expect(list, id).not.toHaveLength(0)
  })
})

describe.each(Object.entries(examples))('%s', (rule, list) => {
  const severity = lintRules.find(({ id }) => id === rule)?.severity

  it.each(list.map((example) => [example.what, example] as const))('finds %s', (_, { bad, paths, says }) => {
    const { findings } = lintOf(bad)
    expect(findings.map((finding) => `${finding.rule} ${finding.path}`)).toEqual(
      paths.map((path) => `${rule} ${path}`)
    )
    for (const finding of findings) {
      expect(finding.severity).toBe(severity)
      expect(finding.message).toContain(`${finding.path}: `)
      expect(finding.message).toContain(says)
      expect(finding.message).not.toMatch(/\.$/)
    }
  })

  it.each(list.map((example) => [example.what, example] as const))(
    'finds nothing in the neighbour of %s',
    (_, { good }) => {
      expect(lintOf(good).findings).toEqual([])
    }
  )
})

describe('a deny that the wildcard of the same deny repeats', () => {
  const repeated = (later: PolicyData['roles']): PolicyData => ({
    name: 'repeated',
    resources: { doc: { actions: { read: '', write: '' } } },
    options: { strict: { values: [true, false], default: false } },
    roles: { reader: { kind: 'site', grants: { user: { allow: { doc: ['read', 'write'] } } } }, ...later }
  })
  const grants = { site: { deny: { '*': ['write'], doc: ['write'] } } } as const
  const shadowed = (document: PolicyData): string[] =>
    lintOf(document).findings.flatMap(({ rule, path }) => (rule === 'shadowed-grant' ? [path] : []))

  it('adds nothing, but where a variant replaces the wildcard and leaves the key', () => {
    const path = 'roles.guest.grants.site.deny.doc'
    expect(shadowed(repeated({ guest: { kind: 'site', grants } }))).toEqual([path])
    const variant = (deny: Readonly<Record<string, readonly string[]>>): PolicyData =>
      repeated({
        guest: { kind: 'site', grants, variants: [{ when: { strict: true }, grants: { site: { deny } } }] }
      })
    expect(shadowed(variant({ '*': ['read'] }))).toEqual([])
  })
})

describe('a suppression', () => {
  const wild: PolicyData = {
    name: 'wild',
    resources: { doc: { actions: { read: '' } } },
    roles: { reader: { kind: 'site', grants: { site: { allow: { '*': '*' } } } } }
  }
  const path = 'roles.reader.grants.site.allow.*'
  const ignoring = (rule: string, where: string): PolicyData => ({
    ...wild,
    lint: { ignore: [{ rule, path: where, reason: 'readers read everything' }] }
  })

  it('takes its finding out of the counts and keeps it with the reason', () => {
    const { findings, suppressed, counts } = lintOf(ignoring('future-wildcard', path))
    expect(findings).toEqual([])
    expect(counts).toEqual({ error: 0, warning: 0, info: 0 })
    expect(suppressed).toMatchObject([
      { rule: 'future-wildcard', path, reason: 'readers read everything', severity: 'warning' }
    ])
    expect(lintOf(wild)).toMatchObject({ suppressed: [], counts: { warning: 1 } })
  })

  it('suppresses the whole path of its rule alone, and is said to be unused elsewhere', () => {
    for (const [rule, where] of [
      ['future-wildcard', 'roles.reader'],
      ['empty-wildcard', path]
    ] as const) {
      const { findings, suppressed } = lintOf(ignoring(rule, where))
      expect(suppressed).toEqual([])
      expect(findings.map((finding) => finding.rule)).toEqual(['future-wildcard', 'unused-suppression'])
    }
  })

  it('names the path that was nearly meant', () => {
    const { findings } = lintOf(ignoring('future-wildcard', 'roles.raeder.grants.site.allow.*'))
    expect(findings[1]?.message).toBe(
      `lint.ignore[0]: \`future-wildcard\` finds nothing at \`roles.raeder.grants.site.allow.*\`; did you mean \`${path}\`?`
    )
  })

  it('cannot suppress what is said of suppressions', () => {
    const { findings } = lintOf({
      ...wild,
      lint: {
        ignore: [
          { rule: 'future-wildcard', path, reason: 'readers read everything' },
          { rule: 'unused-suppression', path: 'lint.ignore[1]', reason: 'no' }
        ]
      }
    })
    expect(findings.map((finding) => finding.rule)).toEqual(['unused-suppression'])
  })
})

describe('a path of a finding', () => {
  const assigning = (assigns: readonly string[], variants: readonly RoleVariant[] = []): PolicyData => ({
    name: 'growing',
    resources: { doc: { actions: { read: '', write: '' } } },
    options: { isOpen: { values: [true, false], default: false } },
    roles: {
      clerk: {
        kind: 'site',
        grants: { site: { allow: { doc: ['read'] }, deny: { doc: ['write'] } } },
        variants,
        assigns
      },
      'Chief Writer': { kind: 'site', grants: { site: { allow: { doc: ['read', 'write'] } } } },
      '0': { kind: 'site', grants: { user: { allow: { doc: ['write'] } } } },
      reader: { kind: 'site', grants: { user: { allow: { doc: ['read'] } } } }
    }
  })
  const pathsOf = (document: PolicyData): readonly string[] =>
    lintOf(document)
      .findings.filter(({ rule }) => rule !== 'overruled-deny')
      .map(({ path }) => path)

  it('stays the same when its list grows, whatever the names are', () => {
    const paths = ['roles.clerk.assigns[Chief Writer]', 'roles.clerk.assigns["0"]']
    expect(pathsOf(assigning(['Chief Writer', '0']))).toEqual(paths)
    expect(pathsOf(assigning(['reader', 'custom:site', 'Chief Writer', '0']))).toEqual(paths)
  })

  it('names a variant by its condition, and counts only those with the same one', () => {
    const variant = (isOpen: boolean): RoleVariant => ({
      when: { isOpen },
      grants: { user: { allow: { doc: ['write'] } } }
    })
    expect(pathsOf(assigning([], [variant(false)]))).toEqual([
      'roles.clerk.variants[isOpen = false].grants.user.allow.doc'
    ])
    expect(pathsOf(assigning([], [variant(true), variant(false)]))).toEqual([
      'roles.clerk.variants[isOpen = true].grants.user.allow.doc',
      'roles.clerk.variants[isOpen = false].grants.user.allow.doc'
    ])
    expect(pathsOf(assigning([], [variant(true), variant(true)]))).toEqual([
      'roles.clerk.variants[isOpen = true #2].grants.user.allow.doc',
      'roles.clerk.variants[isOpen = true]'
    ])
  })

  it('may still be written with positions, which is said', () => {
    const document = {
      ...assigning(['reader', 'Chief Writer']),
      lint: { ignore: [{ rule: 'over-assigning-role', path: 'roles.clerk.assigns[1]', reason: 'old' }] }
    }
    const { findings, suppressed } = lintOf(document)
    expect(suppressed.map(({ path }) => path)).toEqual(['roles.clerk.assigns[Chief Writer]'])
    expect(findings.map(({ message }) => message)).toEqual([
      'lint.ignore[0].path: it names an element of a list by its position; write `roles.clerk.assigns[Chief Writer]`'
    ])
  })
})

describe('printed findings', () => {
  it('are one line each, coloured by severity where that is asked for', () => {
    const result = lintOf(examples['pointless-deny']![0]!.bad)
    const [finding] = result.findings
    expect(printLint(result)).toBe(`error: ${finding!.message} (pointless-deny)\n1 error, 0 warnings`)
    expect(printLint(result, { colour: true, file: 'a.ts' })).toContain(
      'a.ts: \u001B[31merror\u001B[0m: roles.'
    )
  })

  it('count what is only worth a look in words of its own, and say so where there is nothing', () => {
    const { bad, good } = examples['empty-role']![0]!
    expect(printLint(lintOf(bad))).toContain('\n0 errors, 0 warnings, 1 to look at')
    expect(printLint(lintOf(good))).toBe('nothing found')
  })
})

describe('the document alone', () => {
  it('is looked at under every option, whatever the policy was compiled with', () => {
    const document = parsePolicy({
      name: 'options',
      resources: { doc: { actions: { read: '', write: '' } } },
      options: { frozen: { values: [true, false], default: false } },
      roles: {
        writer: {
          kind: 'site',
          grants: { site: { allow: { doc: ['read'] } }, user: { allow: { doc: ['write'] } } },
          variants: [{ when: { frozen: true }, grants: { site: { deny: { doc: ['write'] } } } }]
        }
      }
    })
    for (const frozen of [true, false])
      expect(lint(compile(document, { options: { frozen } })).findings).toEqual([])
  })

  it('is looked at, not the roles that were added at run time', () => {
    const policy = compile(saas).withRoles({
      wild: { kind: 'site', grants: { site: { allow: { '*': '*' } } } }
    })
    expect(lint(policy)).toEqual(lint(compile(saas)))
  })

  it('may use any name: `constructor` and `__proto__` are ordinary ones', () => {
    const roles: unknown = JSON.parse(
      '{"__proto__":{"kind":"site","grants":{"site":{"allow":{"constructor":["read"]}}},"assigns":["constructor"]},' +
        '"constructor":{"kind":"site","grants":{"site":{"allow":{"constructor":[]}}}}}'
    )
    const document = parsePolicy({ name: 'x', resources: { constructor: { actions: { read: '' } } }, roles })
    expect(lint(compile(document)).findings.map(({ rule, path }) => `${rule} ${path}`)).toEqual([
      'empty-set roles.constructor.grants.site.allow.constructor',
      'empty-role roles.constructor'
    ])
  })
})

describe('the policies that ship', () => {
  it.each([
    ['coder', coder],
    ['saas', saas]
  ] as const)('%s: nothing is found that has no reason', (_, document) => {
    const { findings, suppressed } = lintOf(document)
    expect(findings.map(({ message }) => message)).toEqual([])
    expect(suppressed.length).toBeGreaterThan(0)
  })
})
