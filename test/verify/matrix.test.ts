// Matrices as a reader writes them: what a page may say, and what is wrong with one that is not understood.
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compile, definePolicy, parsePolicy, parseRequest, type Policy } from 'casemate'
import saas from '../../policies/saas/index.js'
import { checkMatrix, printMatrix, type MatrixResult } from '../../src/verify/index.js'
import { rolledMany, rollWorld, worldTape, type Dice } from '../arbitraries/index.js'
import { policyOf } from '../support/engine.js'
import { floor, runs } from '../support/depth.js'

const policy = compile(
  definePolicy({
    name: 'p',
    resources: {
      doc: { actions: { read: '', read_draft: '', update: '' } },
      team: { org: 'required', actions: { read: '' } },
      key: { org: 'never', actions: { read: '' } }
    },
    options: { strict: { values: [true, false], default: true } },
    orgOptions: { plan: { values: ['free', 'paid'] }, open: { values: [true, false], default: true } },
    roles: {
      root: {
        kind: 'site',
        grants: { site: { allow: { '*': '*' } } },
        variants: [{ when: { strict: false }, grants: { site: { allow: { '*': ['read'] } } } }]
      },
      author: { kind: 'site', grants: { user: { allow: { doc: '*', key: '*' } } } },
      member: {
        kind: 'org',
        grants: { org: { allow: { doc: ['read'] } }, orgMember: { allow: { doc: '*' } } },
        variants: [{ when: { open: false }, grants: { org: { allow: { doc: [] } } } }]
      },
      planned: {
        kind: 'org',
        grants: { org: { allow: { doc: ['read'] } } },
        variants: [{ when: { plan: 'free' }, grants: { org: { allow: { doc: [] } } } }]
      },
      banned: { kind: 'org', grants: { org: { deny: { doc: '*' } } } }
    },
    systemSubjects: { cron: { grants: { site: { allow: { doc: ['update'] } } } } },
    scopes: { reading: { allow: { '*': ['read'] } } },
    scopeTemplates: {
      one: {
        params: { id: 'required', other: 'optional', quiet: 'flag' },
        allow: { doc: '*' },
        variants: [{ when: { quiet: true }, allow: { doc: ['read'] } }],
        allowList: ['doc:{id}', 'doc:{other}']
      }
    }
  })
)

/** A page with one table under a heading that names `doc`, from lines `Subject | Read (own)`. */
function page(...lines: string[]): string {
  const [header = '', ...rows] = lines
  const dashes = header.split('|').map(() => '---')
  return ['# `doc`', '', ...[header, dashes.join('|'), ...rows].map((line) => `| ${line} |`)].join('\n')
}

function check(...lines: string[]): MatrixResult {
  return checkMatrix(policy, page(...lines))
}

function problems(result: MatrixResult): string[] {
  return result.problems.map(({ code, message }) => `${code} ${message}`)
}

describe('what a cell says', () => {
  it('holds for every object of the relation, and fails for the first that is otherwise', () => {
    const result = check('Subject | Read (own) | Read (other)', 'author | yes | no', 'root | yes | no')
    expect(result).toMatchObject({ ok: false, cells: 4, wrong: 1, problems: [] })
    expect(result.tables[0]?.rows[1]?.cells[1]?.failure).toMatchObject({
      kind: 'allowed',
      counterexample: {
        request: { subject: { id: 'u1', roles: ['root'] }, action: 'read', object: { type: 'doc' } },
        options: { strict: true }
      }
    })
  })

  it.each([
    ['member', 'Read (own org)', 'yes'],
    ['member', 'Read (all)', 'own org'],
    ['member', 'Update', 'own, own org'],
    ['author', 'Read', 'own'],
    ['author + member', 'Read', 'own; own org'],
    ['author + member', 'Update', 'own; own, own org'],
    ['member + banned', 'Read', 'no'],
    ['root + banned', 'Read', 'yes'],
    ['root', 'Read (other, other org)', 'yes (via root)'],
    ['system:cron', 'Update', 'yes (via system:cron)'],
    ['system:cron', 'Read', 'no']
  ])('%s: %s is %s', (subject, column, cell) => {
    expect(check(`Subject | ${column}`, `${subject} | ${cell}`)).toMatchObject({ ok: true, cells: 1 })
  })

  it.each([
    ['member', 'Read (own)', 'yes', 'refused'],
    ['member', 'Read (all)', 'own, own org', 'allowed'],
    ['author', 'Read', 'own; other org', 'refused'],
    ['root', 'Read', 'own; other org', 'allowed'],
    ['root', 'Read (own org)', 'yes', 'no_object'],
    ['system:cron', 'Update (own)', 'yes', 'no_object'],
    ['author', 'Read', 'own; own org', 'no_object'],
    ['root + author', 'Read (own)', 'yes (via author)', 'other_role']
  ])('%s: %s is not %s', (subject, column, cell, kind) => {
    const [found] = check(`Subject | ${column}`, `${subject} | ${cell}`).tables[0]?.rows[0]?.cells ?? []
    expect(found?.failure?.kind).toBe(kind)
  })

  it('fails a `yes` where the resource has no such object', () => {
    const text = page('Subject | Read (own)', 'root | yes').replace('doc', 'team')
    expect(checkMatrix(policy, text).tables[0]?.rows[0]?.cells[0]?.failure?.kind).toBe('no_object')
    expect(checkMatrix(policy, text.replace('yes', 'no')).ok).toBe(true)
    const key = page('Subject | Read (own org)', 'member | yes').replace('doc', 'key')
    expect(checkMatrix(policy, key).tables[0]?.rows[0]?.cells[0]?.failure?.kind).toBe('no_object')
  })

  it('ranges over a setting without default, and takes the default of the others', () => {
    const [cell] = check('Subject | Read (own org)', 'planned | yes').tables[0]?.rows[0]?.cells ?? []
    expect(cell?.failure?.counterexample?.request.subject).toEqual({
      id: 'u1',
      roles: [{ role: 'planned', org: 'o1' }],
      orgOptions: { o1: { plan: 'free' } }
    })
    expect(check('Subject | Read (own org)', 'planned | no').ok).toBe(false)
  })
})

describe('who a row is about', () => {
  it('means each role and service without a row of its own by `everyone else`', () => {
    const rows = ['root | yes', 'author | own', 'member | own, own org', 'system:cron | yes']
    expect(check('Subject | Update', ...rows, 'everyone else | no').ok).toBe(true)
    const [, , , cells] =
      check('Subject | Update', ...rows.slice(0, 3), 'everyone else | no').tables[0]?.rows ?? []
    expect(cells?.cells[0]?.failure?.counterexample?.request.subject).toEqual({ system: 'cron' })
  })

  it('takes names that a table of subjects defines, with scopes, settings and organizations', () => {
    const text = [
      '| Subject | Roles | Organization | Scope | Settings |',
      '|---|---|---|---|---|',
      '| Anna | author, member | acme | | open = false |',
      '| Key | root | | reading | |',
      '| Agent | root | | one | |',
      '| Quiet agent | root | | one (quiet, other) | |',
      '| Lax | root | | | strict = false |',
      '| Cron | system:cron | | | |',
      '',
      page(
        'Subject | Read (own org) | Update (no org) | Read (no org)',
        'Anna | no | no | no',
        'Key | no | no | yes',
        'Agent | no | no | no',
        'Quiet agent | no | no | no',
        'Lax | no | no | yes',
        'Cron | no | yes | no'
      )
    ].join('\n')
    const result = checkMatrix(policy, text)
    expect(problems(result)).toEqual([])
    const wrong = result.tables[0]?.rows.flatMap(({ text: row, cells }) =>
      cells.flatMap(({ failure, permission }) =>
        failure === undefined ? [] : [`${row} ${permission} ${failure.kind}`]
      )
    )
    // An agent may touch the one document that its key lists, so that a `no` for every document is wrong.
    expect(wrong).toEqual([
      'Anna doc:read allowed',
      'Anna doc:update allowed',
      'Anna doc:read allowed',
      'Agent doc:update allowed',
      'Agent doc:read allowed',
      'Quiet agent doc:read allowed'
    ])
    const [agent] = result.tables[0]?.rows[2]?.subjects ?? []
    expect(agent?.data).toEqual({
      id: 'u1',
      roles: ['root'],
      scopes: [{ template: 'one', params: { id: 'id1' } }]
    })
    const [anna] = result.tables[0]?.rows[0]?.subjects ?? []
    expect(anna?.data).toMatchObject({ orgOptions: { acme: { open: false } } })
  })

  it('counts a defined subject that is one role and nothing else as that role', () => {
    const text = `| Subject | Roles |\n|---|---|\n| Timer | system:cron |\n\n${page(
      'Subject | Update',
      'root | yes',
      'author | own',
      'member | own, own org',
      'Timer | yes',
      'everyone else | no'
    )}`
    expect(problems(checkMatrix(policy, text))).toEqual([])
    expect(checkMatrix(policy, text).ok).toBe(true)
  })

  it('holds a custom role of an organization there', () => {
    const custom = policy.withRoles(
      { intern: { kind: 'org', grants: { org: { allow: { doc: ['read'] } } } } },
      { org: 'acme' }
    )
    const text = page('Subject | Read', 'intern + member | own org (via intern)')
    expect(checkMatrix(custom, text).ok).toBe(true)
    expect(problems(checkMatrix(policy, text))).toEqual([
      'unknown_subject line 5: unknown role or subject `intern`',
      'unknown_role line 5: unknown role `intern` in `own org (via intern)`'
    ])
  })
})

describe('how a page is read', () => {
  it('reads headers in any case, with words for underscores, marks and resources of their own', () => {
    const text = page(
      'Subject | READ draft (Own) | `read_draft` (own, own org) | doc:read (own) | **Update (other,  no org)**',
      'author | yes | no | yes | no'
    )
    expect(problems(checkMatrix(policy, text))).toEqual([])
    expect(checkMatrix(policy, text)).toMatchObject({ ok: true, cells: 4 })
  })

  it('reads tables without outer bars, underlined headings and Windows line ends', () => {
    const text = ['The `doc`', '---', '', 'Subject | Read (own)', ':--- | :-:', 'author | **yes**', ''].join(
      '\r\n'
    )
    expect(checkMatrix(policy, text)).toMatchObject({ ok: true, cells: 1 })
  })

  it('takes the nearest heading that names a resource, else what the caller says', () => {
    const table = page('Subject | Read (own)', 'author | yes')
    expect(checkMatrix(policy, table.replace('# `doc`', '# `doc`\n\n## In short')).ok).toBe(true)
    const bare = table.replace('# `doc`', '# Documents')
    expect(problems(checkMatrix(policy, bare))).toEqual([
      'unknown_resource line 3: no heading above names the resource of `Read (own)` in backticks'
    ])
    expect(checkMatrix(policy, bare, { resource: 'doc' }).ok).toBe(true)
    expect(() => checkMatrix(policy, bare, { resource: 'docs' })).toThrow(
      expect.objectContaining({ code: 'unknown_resource', hint: 'doc' })
    )
  })

  it('passes over fenced code, comments and tables about something else, and says where those are', () => {
    const text = [
      page('Subject | Read (own)', 'author | yes'),
      '',
      '```md',
      '| Subject | Read (own) |',
      '|---|---|',
      '| author | no |',
      '```',
      '<!--',
      '| Subject | Read (own) |',
      '-->',
      '',
      '| Word | Meaning |',
      '|---|---|',
      '| doc | a document |'
    ].join('\n')
    expect(checkMatrix(policy, text)).toMatchObject({ ok: true, cells: 1, otherTables: [16] })
  })
})

describe('a page that is not understood', () => {
  const table =
    (...lines: string[]): (() => MatrixResult) =>
    () =>
      check(...lines)
  const cases: [string, () => MatrixResult, string[]][] = [
    [
      'an unknown action',
      table('Subject | Reed (own)', 'author | yes'),
      ['unknown_action line 3: unknown action `Reed` of `doc`; did you mean `read`?']
    ],
    [
      'an unknown relation',
      table('Subject | Read (mine)', 'author | yes'),
      ['unknown_relation line 3: unknown relation `mine` in `Read (mine)`']
    ],
    [
      'an unknown role',
      table('Subject | Read (own)', 'auhtor | yes'),
      ['unknown_subject line 5: unknown role or subject `auhtor`; did you mean `author`?']
    ],
    [
      'an unknown role of two',
      table('Subject | Read (own)', 'author + membr | yes'),
      ['unknown_subject line 5: unknown role or subject `membr`; did you mean `member`?']
    ],
    [
      'an unknown service',
      table('Subject | Read (own)', 'system:corn | no'),
      ['unknown_subject line 5: unknown system subject `corn`; did you mean `cron`?']
    ],
    [
      'another answer',
      table('Subject | Read (own)', 'author | maybe'),
      ['invalid_cell line 5: neither `yes`, `no`, `yes (via ROLE)` nor relations: `maybe` under `Read (own)`']
    ],
    [
      'an empty cell',
      table('Subject | Read (own)', 'author | '),
      ['invalid_cell line 5: neither `yes`, `no`, `yes (via ROLE)` nor relations: `` under `Read (own)`']
    ],
    [
      'an unknown deciding role',
      table('Subject | Read (own)', 'author | yes (via autor)'),
      ['unknown_role line 5: unknown role `autor` in `yes (via autor)`; did you mean `author`?']
    ],
    [
      'a `no` with a role',
      table('Subject | Read (own)', 'author | no (via author)'),
      ['invalid_cell line 5: a `no` names a role: `no (via author)` under `Read (own)`']
    ],
    [
      'a relation under a relation',
      table('Subject | Read (own)', 'author | own'),
      ['invalid_cell line 5: the cell has a relation and its column has one too: `own` under `Read (own)`']
    ],
    [
      'one column twice',
      table('Subject | Read (all) | Read', 'root | yes | yes'),
      ['duplicate_column line 3: two columns are about `Read`']
    ],
    [
      'a table without rows',
      table('Subject | Read (own)'),
      ['table_without_rows line 3: this table has no rows']
    ],
    [
      'a table without actions',
      table('Subject', 'author'),
      ['malformed_table line 3: this table has no column of actions']
    ],
    [
      'ragged rows',
      () =>
        checkMatrix(
          policy,
          `${page('Subject | Read (own)', 'author | yes')}\n| root | yes | yes |\nand so on`
        ),
      [
        'malformed_table line 6: this row has 3 cells, its table 2 columns',
        'malformed_table line 7: this row has 1 cells, its table 2 columns'
      ]
    ],
    [
      'no dashes',
      () => checkMatrix(policy, '# `doc`\n\n| Subject | Read |\n| author | own |'),
      ['malformed_table line 3: this table has no header with a line of dashes under it']
    ],
    [
      'fewer dashes',
      () => checkMatrix(policy, '# `doc`\n\n| Subject | Read |\n|---|\n| author | own |'),
      ['malformed_table line 4: the line of dashes has 1 cell, its header 2']
    ],
    [
      'an unknown resource in the heading',
      () => checkMatrix(policy, page('Subject | Read (own)', 'author | yes').replace('doc', 'docs')),
      [
        'unknown_resource line 1: unknown resource `docs` in the heading of the table in line 3; did you mean `doc`?'
      ]
    ],
    [
      'no matrix at all',
      () => checkMatrix(policy, '# Nothing here\n'),
      ['page_without_matrix line 1: there is no matrix on this page']
    ],
    [
      'a page with other tables alone',
      () => checkMatrix(policy, '| Word | Meaning |\n|---|---|\n| doc | a document |'),
      ['page_without_matrix line 1: there is no matrix on this page']
    ]
  ]

  it.each(cases)('%s is a problem with its line', (_name, run, expected) => {
    const result = run()
    expect(problems(result)).toEqual(expected)
    expect(result.ok).toBe(false)
  })

  const subjects = (row: string): string =>
    `| Subject | Roles | Organization | Scope | Settings |\n|---|---|---|---|---|\n| ${row} |\n\n${page('Subject | Read (own)', 'author | yes')}`

  it.each([
    ['A | rooot | | | ', 'unknown_role line 3: unknown role `rooot`; did you mean `root`?'],
    ['A | system:corn | | | ', 'unknown_subject line 3: unknown system subject `corn`; did you mean `cron`?'],
    ['A | root | | readin | ', 'invalid_subject line 3: unknown scope `readin`; did you mean `reading`?'],
    ['A | root | | one (id) | ', 'invalid_subject line 3: `id` is no flag or optional parameter of `one`'],
    [
      'A | root | | | strikt = true',
      'invalid_subject line 3: unknown option `strikt`; did you mean `strict`?'
    ],
    ['A | root | | | strict = maybe', 'invalid_subject line 3: `strict` has no value `maybe`'],
    [
      'A | system:cron | acme | | ',
      'invalid_subject line 3: a system subject with an organization, scope or settings'
    ],
    [' | root | | | ', 'invalid_subject line 3: a subject without a name'],
    ['author | root | | | ', 'duplicate_subject line 3: `author` already means something else'],
    ['A | root | | | |\n| A | author | | | ', 'duplicate_subject line 4: `A` already means something else']
  ])('a subject that is defined as %s', (row, expected) => {
    expect(problems(checkMatrix(policy, subjects(row)))).toEqual([expected])
  })

  it.each([
    [
      'A | member | | | ',
      'invalid_subject line 3: roles[0]: `member` is an organization role; give `{ role, org }`'
    ],
    [
      'A | root | | | open = false',
      'invalid_subject line 3: settings of an organization without a role that is held in one'
    ]
  ])('a subject that cannot be, once a row needs it: %s', (row, expected) => {
    expect(problems(checkMatrix(policy, subjects(row).replace('| author | yes', '| A | yes')))).toEqual([
      expected
    ])
  })

  it('names a column of a table of subjects that nothing reads', () => {
    const text = subjects('A | root | | | ').replace('Settings', 'Setings')
    expect(problems(checkMatrix(policy, text))).toEqual([
      'unknown_column line 1: unknown column `Setings` of a table of subjects; did you mean `settings`?'
    ])
  })
})

describe('a result as JSON', () => {
  it('is small plain data, with the subjects as requests have them', () => {
    const text = JSON.stringify(check('Subject | Read (own)', 'author | no'))
    expect(text.length).toBeLessThan(2_000)
    expect(JSON.parse(text)).toMatchObject({
      tables: [
        { rows: [{ subjects: [{ data: { id: 'u1', roles: ['author'] }, options: { strict: true } }] }] }
      ]
    })
  })
})

describe('printMatrix', () => {
  it('marks the wrong cells and says under the table why, with the request', () => {
    const text = printMatrix(
      check('Subject | Read (own) | Read (own org)', 'author | yes | no', 'member | yes | yes')
    )
    expect(text).toBe(
      [
        'doc',
        '',
        '| Subject | Read (own) | Read (own org) |',
        '| ------- | ---------- | -------------- |',
        '| author  | ✓ yes      | ✓ no           |',
        '| member  | ✗ yes [1]  | ✓ yes          |',
        '',
        '[1] line 6: member, Read (own), says `yes`',
        '    not_granted: site abstains, user abstains',
        '    {"subject":{"id":"u1","roles":[{"role":"member","org":"o1"}]},"action":"read","object":{"type":"doc","owner":"u1"}} --option strict=true',
        '',
        '1 of 4 cells is wrong'
      ]
        .join('\n')
        .replace('not_granted', 'refused: not_granted')
    )
  })

  it('leaves out what holds on demand, and colours only when told to', () => {
    const result = check('Subject | Read (own)', 'author | yes')
    expect(printMatrix(result, { wrongOnly: true })).toBe('the one cell holds')
    const wrong = check('Subject | Read (own)', 'author | no')
    expect(printMatrix(wrong, { colour: true })).toContain('\u001B[31m✗ no [1] ')
    expect(printMatrix(wrong)).not.toContain('\u001B')
  })
})

describe('on generated policies', () => {
  const pages = rolledMany(worldTape, 80, 4, (first, rest) => {
    const world = rollWorld(first)
    return {
      world,
      text: rest
        .map((dice) => rollTable(dice, world.document.resources, Object.keys(world.document.roles ?? {})))
        .join('\n\n')
    }
  })

  it('every counterexample, asked again, is answered otherwise than its cell says', () => {
    let asked = 0
    fc.assert(
      fc.property(pages, ({ world, text }) => {
        const generated = policyOf(world)
        const result = checkMatrix(generated, text)
        for (const { cells } of result.tables.flatMap(({ rows }) => rows))
          for (const { failure } of cells) {
            if (failure?.counterexample === undefined) continue
            const { request, options } = failure.counterexample
            expect(options).toEqual(generated.options)
            const parsed = parseRequest(generated, JSON.parse(JSON.stringify(request)), { allowSystem: true })
            if (!parsed.ok) throw new Error(parsed.problems[0]?.message)
            const isAllowed = parsed.value.subject.can(parsed.value.action, parsed.value.object)
            expect(isAllowed).toBe(failure.kind === 'allowed')
            asked++
          }
      }),
      { numRuns: runs(100) }
    )
    expect(asked).toBeGreaterThan(floor(250))
  })

  it('a cell that holds is never contradicted by an object of its relation', () => {
    // The other direction of the same claim: a page whose every cell is turned round has no cell that holds on both,
    // but for a `no` over a relation without objects.
    fc.assert(
      fc.property(pages, ({ world, text }) => {
        const generated = policyOf(world)
        const turned = text.replaceAll(/\| (yes|no) /g, (_all, said) => (said === 'yes' ? '| no ' : '| yes '))
        const cells = (result: MatrixResult) =>
          result.tables.flatMap(({ rows }) => rows.flatMap((row) => row.cells))
        const before = cells(checkMatrix(generated, text))
        const after = cells(checkMatrix(generated, turned))
        expect(after).toHaveLength(before.length)
        before.forEach((cell, index) => {
          if (cell.ok && after[index]?.ok === true)
            throw new Error(`${cell.permission} ${cell.relation} holds both ways`)
        })
      }),
      { numRuns: runs(100) }
    )
  })
})

const relations = [
  'all',
  'own',
  'other',
  'own org',
  'other org',
  'no org',
  'own, own org',
  'other, own org',
  'own, other org',
  'other, other org'
]

function rollTable(
  dice: Dice,
  resources: Parameters<typeof Object.keys>[0],
  roles: readonly string[]
): string {
  const [name, resource] = dice.pick(
    Object.entries(resources as Record<string, { actions: Record<string, string> }>)
  )
  const columns = dice.some(
    Object.keys(resource.actions).flatMap((action) =>
      relations.map((relation) => `${name}:${action} (${relation})`)
    ),
    1,
    4
  )
  const plain = roles.filter((role) => /^[a-z]+$/.test(role))
  const rows = dice.some(plain, 1, 3).map((role) => [role, ...dice.some(plain, 0, 1)].join(' + '))
  const cells = rows.map((row) => `| ${[row, ...columns.map(() => dice.pick(['yes', 'no']))].join(' | ')} |`)
  return [
    `| ${['Subject', ...columns].join(' | ')} |`,
    `|${'---|'.repeat(columns.length + 1)}`,
    ...cells
  ].join('\n')
}

describe('the page of the policy `saas`', () => {
  it('holds, and is about nothing else', () => {
    const markdown = readFileSync(new URL('../../policies/saas/matrix.md', import.meta.url), 'utf8')
    const result = checkMatrix(compile(saas), markdown)
    expect(printMatrix(result, { wrongOnly: true })).toBe(`all ${result.cells} cells hold`)
    expect(result.ok).toBe(true)
  })
})

describe('a policy from JSON', () => {
  it('is checked like one written in TypeScript', () => {
    const parsed: Policy = compile(parsePolicy(JSON.parse(JSON.stringify(policy.document))))
    expect(checkMatrix(parsed, page('Subject | Read (own)', 'author | yes')).ok).toBe(true)
  })
})
