// Matrices written from a policy: true of it when they are read again, stable, and safe to open.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compile, definePolicy } from 'casemate'
import coder from '../../policies/coder/index.js'
import {
  checkMatrix,
  matrixOf,
  matrixToHtml,
  matrixToJson,
  matrixToMarkdown
} from '../../src/verify/index.js'
import { rolled, rollWorld, worldTape } from '../arbitraries/index.js'
import { parsePolicy, type Policy } from 'casemate'
import { policyOf } from '../support/engine.js'
import { floor, runs } from '../support/depth.js'
import { readTerminal } from '../support/readers.js'
import { withoutInvisible } from '../../src/verify/matrix/as-seen.js'

const policy = compile(coder)

const odd = compile(
  definePolicy({
    name: 'odd <b>&',
    resources: {
      doc: { description: 'a "doc" | <i>', actions: { read: "it's <read>", update: '' } },
      log: { actions: { read: '' } }
    },
    orgOptions: { plan: { values: ['free', 'paid'] } },
    roles: {
      'everyone else': { kind: 'site', grants: { site: { allow: { doc: ['read'] } } } },
      'a | b': { kind: 'site', grants: { user: { allow: { doc: '*' } } } },
      'x `c`': { kind: 'site', title: '"C"', grants: { site: { allow: { log: ['read'] } } } },
      'd+e': { kind: 'org', grants: { org: { allow: { doc: '*' } } } },
      __f__: {
        kind: 'org',
        grants: { orgMember: { allow: { log: ['read'] } } },
        variants: [{ when: { plan: 'free' }, grants: { orgMember: { allow: { log: [] } } } }]
      },
      '<script>': { kind: 'site', grants: { site: { allow: { log: ['read'] } } } }
    }
  })
)
  .withRoles({ intern: { kind: 'org', grants: { org: { allow: { doc: ['read'] } } } } }, { org: 'o1' })
  .withRoles({ intern: { kind: 'org', grants: { org: { allow: { log: ['read'] } } } } }, { org: 'o-2' })
  .withRoles({ intern: { kind: 'site', grants: { site: { allow: { doc: ['update'] } } } } })

describe('a matrix as Markdown', () => {
  it('of a real policy is found true of it, with every permission in it', () => {
    const matrix = matrixOf(policy)
    const result = checkMatrix(policy, matrixToMarkdown(matrix))
    expect(result.problems).toEqual([])
    expect(result).toMatchObject({ ok: true, otherTables: [] })
    expect(result.tables).toHaveLength(48)
    expect(result.cells).toBe(
      matrix.resources.reduce((sum, { rows, actions }) => sum + rows.length * actions.length, 0)
    )
  })

  it('of names that Markdown would misread is found true as well', () => {
    const text = matrixToMarkdown(matrixOf(odd))
    const result = checkMatrix(odd, text)
    expect(result.problems.map(({ message }) => message)).toEqual([])
    expect(result.ok).toBe(true)
    expect(text).toContain('| intern, of o1 ')
    expect(text).toContain('| `__f__, plan = paid` ')
  })

  it('is false of a policy that grants one thing more', () => {
    const more = policy.withRoles({
      extra: { kind: 'site', grants: { site: { allow: { license: ['delete'] } } } }
    })
    const result = checkMatrix(more, matrixToMarkdown(matrixOf(policy)))
    expect(result.wrong).toBe(1)
  })

  it('of generated policies is found true of them', () => {
    let cells = 0
    fc.assert(
      fc.property(rolled(worldTape, rollWorld), (world) => {
        const generated = policyOf(world)
        const result = checkMatrix(generated, matrixToMarkdown(matrixOf(generated)))
        expect(result.problems.map(({ message }) => message)).toEqual([])
        expect(result.wrong).toBe(0)
        cells += result.cells
      }),
      { numRuns: runs(60) }
    )
    expect(cells).toBeGreaterThan(floor(500))
  })

  it('is about one resource or one role on demand', () => {
    const one = matrixOf(policy, { resource: 'boundary_log' })
    expect(one.resources.map(({ resource }) => resource)).toEqual(['boundary_log'])
    expect(one.resources[0]?.rows.map(({ subject, cells }) => [subject, ...cells])).toEqual([
      ['owner', 'no', 'yes', 'no'],
      ['auditor', 'no', 'yes', 'no'],
      ['member', 'own', 'no', 'no'],
      ['system:dbpurge', 'no', 'no', 'yes'],
      ['system:system', 'no', 'yes', 'no'],
      ['everyone else', 'no', 'no', 'no']
    ])
    const auditor = matrixOf(policy, { role: 'auditor' })
    expect(auditor.resources.every(({ rows }) => rows.length === 1)).toBe(true)
    expect(auditor.resources.length + auditor.nothing.length).toBe(48)
    expect(checkMatrix(policy, matrixToMarkdown(auditor)).ok).toBe(true)
    expect(
      matrixOf(policy, { role: 'system:dbpurge', resource: 'boundary_log' }).resources[0]?.rows
    ).toHaveLength(1)
  })

  it('refuses a resource, a role and a service that are not there', () => {
    expect(() => matrixOf(policy, { resource: 'boundary_logs' })).toThrow(
      expect.objectContaining({ code: 'unknown_resource', hint: 'boundary_log' })
    )
    expect(() => matrixOf(policy, { role: 'audit' })).toThrow(
      expect.objectContaining({ code: 'unknown_role' })
    )
    expect(() => matrixOf(policy, { role: 'system:dbpurg' })).toThrow(
      expect.objectContaining({ code: 'unknown_system_subject', hint: 'system:dbpurge' })
    )
  })

  it('changes only in the lines of the role that changes', () => {
    const before = matrixToMarkdown(matrixOf(policy)).split('\n')
    const more = policy.withRoles({
      extra: { kind: 'site', grants: { site: { allow: { template: ['use'] } } } }
    })
    const after = matrixToMarkdown(matrixOf(more)).split('\n')
    expect(after.filter((line) => !before.includes(line))).toEqual([
      expect.stringMatching(/^\| extra +\| no +\| no +\| no +\| no +\| yes +\| no +\|$/)
    ])
    expect(after.length).toBe(before.length + 1)
  })
})

describe('names that mean something to Markdown or to matrices', () => {
  const pieces = [
    ...['a', 'b', 'yes', 'no', 'own', 'member', 'Subject', 'everyone else', 'ä', '漢', ' ', '  ', '\u00A0'],
    ...[
      ' + ',
      ', ',
      '; ',
      ' = ',
      ' (own)',
      ' (via a)',
      ' except ',
      '|',
      '\\',
      '\\|',
      '`',
      '``',
      '<!--',
      '-->'
    ],
    ...[
      '<b>',
      '&amp;',
      '&#124;',
      '[x](y)',
      '[x]',
      '![x](y)',
      '**',
      '_',
      '~~~',
      '#',
      '- ',
      '> ',
      '---',
      '$',
      "'"
    ],
    ...['\u202e', '\u200b', '\u2028', '\ufeff', '\u3164', '\u{e0001}', '##[error]']
  ]
  const name = fc
    .array(fc.constantFrom(...pieces), { minLength: 1, maxLength: 4 })
    .map((parts) => parts.join(''))
    .filter((text) => !text.includes('*'))
  // Names that show the same are a problem of a page, and not of how it is written.
  const distinct = { minLength: 1, maxLength: 6, selector: withoutInvisible }
  const names = fc.uniqueArray(name, distinct)
  // No role's name has ` + ` or white space at its ends.
  const isRoleName = (text: string): boolean => text.trim() === text && !text.includes(' + ')
  const roleNames = fc.uniqueArray(name.filter(isRoleName), distinct)

  function hostile(roles: readonly string[], values: readonly string[], org: string): Policy {
    const grants = [
      { kind: 'site', grants: { site: { allow: { doc: ['read'] } } } },
      { kind: 'site', grants: { user: { allow: { doc: '*' } } } },
      { kind: 'org', grants: { org: { allow: { doc: ['read'] } } } },
      {
        kind: 'org',
        grants: { org: { allow: { doc: ['role'] } } },
        variants: [{ when: { [values[0] ?? '']: values[0] }, grants: { org: { allow: { doc: [] } } } }]
      }
    ]
    const [first = 'x', ...others] = roles
    const policy: Policy = compile(
      parsePolicy({
        name: roles.join(' '),
        description: values.join(' '),
        resources: { doc: { description: first, actions: { role: first, read: 'x' } } },
        orgOptions: { [values[0] ?? '']: { values: [...values, 'other'] } },
        roles: Object.fromEntries(others.map((role, index) => [role, grants[index % grants.length]])),
        systemSubjects: { [first]: { grants: { site: { allow: { doc: '*' } } } } }
      })
    )
    return policy
      .withRoles({ [first]: { kind: 'org', grants: { org: { allow: { doc: '*' } } } } }, { org })
      .withRoles(
        { [first]: { kind: 'org', grants: { org: { allow: { doc: ['read'] } } } } },
        { org: `${org}2` }
      )
  }

  it('are written so that the page is read back, all of it, and found true', () => {
    let cells = 0
    fc.assert(
      fc.property(roleNames, names, name, (roles, values, org) => {
        const policy = hostile(roles, values, org)
        const matrix = matrixOf(policy)
        const page = matrixToMarkdown(matrix)
        readTerminal(page)
        const result = checkMatrix(policy, page)
        expect(result.problems.map(({ message }) => message)).toEqual([])
        expect(result).toMatchObject({ ok: true, otherTables: [], wrong: 0 })
        expect(result.cells).toBe(
          matrix.resources.reduce((sum, { rows, actions }) => sum + rows.length * actions.length, 0)
        )
        for (const role of roles.slice(1))
          expect(
            checkMatrix(policy, matrixToMarkdown(matrixOf(policy, { role }))).problems.map(({ code }) => code)
          ).toEqual(matrixOf(policy, { role }).resources.length === 0 ? ['page_without_matrix'] : [])
        cells += result.cells
      }),
      { numRuns: runs(100) }
    )
    expect(cells).toBeGreaterThan(floor(500))
  })

  it.each([
    [['z', '<!-- x', '-->']],
    [['z', 'a\\|b', '\\|', 'a|b', 'a\\\\|b']],
    [['z', 'a  a', 'a a', 'a   a']],
    [['_z_', '_a', 'b_', 'a_b', '_z_ c']],
    [['z', 'everyone else', 'Everyone Else']],
    // The escape of a character is another name than the character.
    [['z', 'a\u202eb', 'a\\u202eb', 'a&#8238;b', 'a\u200bb', 'ab', 'a\u2028b', '\u202e', '\u3164']]
  ])('%j are one each', (roles) => {
    const policy = hostile(roles, ['v', 'v, v = v'], 'o, p')
    expect(checkMatrix(policy, matrixToMarkdown(matrixOf(policy)))).toMatchObject({ ok: true, problems: [] })
  })
})

describe('a matrix as JSON', () => {
  it('is the data itself, the same every time', () => {
    const matrix = matrixOf(policy)
    expect(JSON.parse(matrixToJson(matrix))).toEqual(JSON.parse(JSON.stringify(matrix)))
    expect(matrixToJson(matrixOf(policy))).toBe(matrixToJson(matrix))
  })
})

describe('a matrix as HTML', () => {
  const void_ = new Set(['meta', 'input', '!doctype'])

  /** The tags of a page that are not closed in order. */
  function unbalanced(html: string): string[] {
    const open: string[] = []
    const wrong: string[] = []
    const text = html.replace(/<(style|script)>[\s\S]*?<\/\1>/g, '')
    for (const [, slash, name = ''] of text.matchAll(/<(\/?)([a-z!][a-z0-9]*)[^>]*>/gi)) {
      if (void_.has(name.toLowerCase())) continue
      if (slash === '') open.push(name)
      else if (open.pop() !== name) wrong.push(name)
    }
    return [...wrong, ...open]
  }

  it.each([
    ['coder', matrixToHtml(matrixOf(policy))],
    ['odd', matrixToHtml(matrixOf(odd))]
  ])('of %s is one page that asks nobody for anything', (_name, html) => {
    expect(unbalanced(html)).toEqual([])
    expect(html).not.toMatch(/\b(?:src|href)\s*=\s*"(?!#)/)
    expect(html).not.toMatch(/https?:|@import|url\(/)
  })

  it('escapes everything that comes from the policy', () => {
    const html = matrixToHtml(matrixOf(odd))
    expect(html).toContain('odd &lt;b&gt;&amp;')
    expect(html).toContain('&lt;script&gt;<')
    expect(html).toContain('<small>it&#39;s &lt;read&gt;</small>')
    expect(html.match(/<script>/g)).toHaveLength(1)
  })

  it('has a row for every row and says every cell in words', () => {
    const matrix = matrixOf(policy)
    const html = matrixToHtml(matrix)
    // A resource of many actions has a table for each fourteen of them.
    expect(html.match(/<tr data-text=/g)).toHaveLength(
      matrix.resources.reduce(
        (sum, { rows, actions }) => sum + rows.length * Math.ceil(actions.length / 14),
        0
      )
    )
    expect(html.match(/<td class="(?:yes">yes|no">no|some">own[a-z;, ]*)<\/td>/g)).toHaveLength(
      matrix.resources.reduce((sum, { rows, actions }) => sum + rows.length * actions.length, 0)
    )
    expect(html).toContain('<section id="boundary_log"')
  })
})
