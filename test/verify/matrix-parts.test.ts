// Matrices of policies with containers, attributes and ACL settings: what a column may ask, tables that are the other
// way round, and columns of who may give a role.
import { describe, expect, it } from 'vitest'
import { compile, definePolicy } from 'casemate'
import { checkMatrix, matrixOf, matrixToHtml, matrixToMarkdown, printMatrix } from '../../src/verify/index.js'

const policy = compile(
  definePolicy({
    name: 'p',
    containers: [{ name: 'project' }, { name: 'team' }],
    resources: {
      doc: {
        in: { project: 'optional' },
        attributes: {
          status: { values: ['draft', 'in;review', 'done'], default: 'draft' },
          locked: { values: [true, false] }
        },
        acl: { members: true },
        actions: { read: '', readDraft: '', update: '' }
      },
      member: { in: { project: 'required' }, actions: { assign: '' } },
      note: { actions: { read: '' } }
    },
    roles: {
      root: { kind: 'site', grants: { site: { allow: { '*': '*' } } }, assigns: ['*'] },
      author: { kind: 'site', grants: { user: { allow: { doc: '*', note: '*' } } } },
      boss: {
        kind: 'org',
        grants: { org: { allow: { doc: ['read'], member: '*' } } },
        assigns: ['boss', 'maintainer', 'viewer']
      },
      viewer: { kind: 'project', grants: { project: { allow: { doc: ['read'] } } } },
      maintainer: {
        kind: 'project',
        includes: ['viewer'],
        grants: {
          project: { allow: { member: '*', doc: [{ actions: ['update'], where: { locked: false } }] } },
          projectMember: { allow: { doc: { actions: ['readDraft'], where: { status: 'in;review' } } } }
        },
        assigns: ['viewer']
      },
      banned: { kind: 'project', grants: { project: { deny: { doc: '*' } } } }
    },
    assignPermissions: { project: 'member:assign' },
    systemSubjects: { cron: { grants: { site: { allow: { doc: ['update'] } } } } }
  })
)

function table(...lines: string[]): string {
  const [header = '', ...rows] = lines
  const dashes = header.split('|').map(() => '---')
  return ['# `doc`', '', ...[header, dashes.join('|'), ...rows].map((line) => `| ${line} |`)].join('\n')
}

function check(...lines: string[]): ReturnType<typeof checkMatrix> {
  return checkMatrix(policy, table(...lines))
}

function problems(...lines: string[]): string[] {
  return check(...lines).problems.map(({ code, message }) => `${code} ${message}`)
}

describe('a cell about containers and attributes', () => {
  it.each([
    ['maintainer', 'Read (own project)', 'yes'],
    ['maintainer', 'Read (own project)', 'yes (via viewer)'],
    ['maintainer', 'Read (own project)', 'yes (via maintainer)'],
    ['maintainer', 'Read (other project)', 'no'],
    ['maintainer', 'Read (no project)', 'no'],
    ['maintainer', 'Read', 'own project'],
    ['maintainer', 'Update (own project, locked = false)', 'yes'],
    ['maintainer', 'Update (own project, locked = true)', 'no'],
    ['maintainer', 'Update (locked = TRUE)', 'no'],
    ['maintainer', 'Update', 'own project, locked = false'],
    ['maintainer', 'Read draft', 'own, own project, status = `in;review`'],
    ['maintainer', 'Read draft (own, own project, status = `in;review`)', 'yes'],
    ['maintainer', 'Read draft (other, own project)', 'no'],
    ['maintainer + boss', 'Read', 'own project; own org'],
    ['maintainer + boss', 'Read (own org, no project)', 'yes'],
    ['boss + banned', 'Read (own org, own project)', 'yes'],
    ['author + banned', 'Read (own)', 'yes'],
    ['author', 'Read (own, own org)', 'no'],
    ['author', 'Read (own, status = done)', 'yes'],
    ['root', 'Read (all, status = done)', 'yes'],
    ['boss', 'Read (shared, own org)', 'yes'],
    ['boss', 'Update (shared, own org)', 'yes'],
    ['boss', 'Update (own org)', 'no'],
    ['boss', 'Update (shared, other org)', 'no'],
    ['boss', 'Update (shared, no org)', 'no']
  ])('%s: %s is %s', (subject, column, cell) => {
    const result = check(`Subject | ${column}`, `${subject} | ${cell}`)
    expect(result.problems).toEqual([])
    expect(result.tables[0]?.rows[0]?.cells[0]?.failure?.message).toBeUndefined()
    expect(result).toMatchObject({ ok: true, cells: 1 })
  })

  it.each([
    ['maintainer', 'Update (own project)', 'yes', 'refused'],
    ['maintainer', 'Read (other project)', 'yes', 'refused'],
    ['maintainer', 'Read (all)', 'own project, locked = false', 'allowed'],
    ['maintainer', 'Read (own team)', 'yes', 'no_object'],
    ['boss', 'Read (own project)', 'yes', 'no_object'],
    ['boss', 'Update (shared)', 'yes', 'refused'],
    ['boss', 'Update (shared, own org)', 'yes (via boss)', 'other_role'],
    ['author', 'Read (own org)', 'yes', 'no_object'],
    ['root', 'note:read (shared)', 'yes', 'no_object']
  ])('%s: %s is not %s', (subject, column, cell, kind) => {
    const [found] = check(`Subject | ${column}`, `${subject} | ${cell}`).tables[0]?.rows[0]?.cells ?? []
    expect(found?.failure?.kind).toBe(kind)
  })

  it('names what a relation has that is not there', () => {
    expect(problems('Subject | Read (own projekt)', 'root | yes')).toEqual([
      'unknown_relation line 3: unknown container `projekt` in `Read (own projekt)`; did you mean `project`?'
    ])
    expect(problems('Subject | Read (stats = done)', 'root | yes')).toEqual([
      'unknown_relation line 3: unknown attribute `stats` in `Read (stats = done)`; did you mean `status`?'
    ])
    expect(problems('Subject | Read', 'root | own; status = dome')).toEqual([
      'unknown_relation line 5: attribute `status` has no value `dome` in `own; status = dome` under `Read`; did you mean `done`?'
    ])
    expect(problems('Subject | Read', 'root | shared')[0]).toMatch(/^invalid_cell line 5: `shared` narrows/)
  })

  it('takes subjects with containers from a table of subjects', () => {
    const text = [
      '| Subject | Roles | Organization | Project | Teams |',
      '|---|---|---|---|---|',
      '| Anna | viewer, boss | acme | p7, p8 | |',
      '| Bob | maintainer | | p7 | |',
      '| Cleo | maintainer | | | |',
      '',
      table('Subject | Read', 'Anna | own project; own org', 'Bob | own project', 'Cleo | no')
    ].join('\n')
    const result = checkMatrix(policy, text)
    expect(result.problems.map(({ code, line }) => [code, line])).toEqual([['invalid_subject', 5]])
    expect(result.problems[0]?.message).toContain('project role')
    expect(result.wrong).toBe(0)
    expect(result.tables[0]?.rows[1]?.subjects[0]?.data).toEqual({
      id: 'u1',
      roles: [{ role: 'maintainer', project: 'p7' }]
    })
    const wrong = checkMatrix(policy, text.replace('| Project |', '| Projekt |'))
    expect(wrong.problems[0]?.message).toContain('unknown column `Projekt` of a table of subjects')
  })
})

describe('a table the other way round', () => {
  it('has permissions in its rows and subjects in its columns', () => {
    const result = check(
      'Permission | maintainer | boss + viewer | system:cron | everyone else',
      'Read (own project) | yes | yes | no | no',
      'Update | own project, locked = false | no | yes | no',
      'note:read | no | no | no | no'
    )
    expect(result.problems).toEqual([])
    const failures = result.tables[0]?.rows.map(({ cells }) => cells.map(({ failure }) => failure?.kind))
    expect(failures).toEqual([
      [undefined, undefined, undefined, 'allowed'],
      [undefined, undefined, undefined, 'allowed'],
      [undefined, undefined, undefined, 'allowed']
    ])
    expect(printMatrix(result)).toContain('line 6: Update, everyone else, says `no`')
  })

  it('names a subject, an action and a relation that are not there', () => {
    expect(problems('Permission | root | rooot', 'Reed (own) | yes | no', 'Read (mine) | yes | no')).toEqual([
      'unknown_subject line 3: unknown role or subject `rooot`; did you mean `root`?',
      'unknown_action line 5: unknown action `Reed` of `doc`; did you mean `read`?',
      'unknown_relation line 6: unknown relation `mine` in `Read (mine)`'
    ])
    expect(problems('Permission | root', 'Read | yes', 'read (all) | yes')).toEqual([
      'duplicate_column line 6: two rows are about `read (all)`'
    ])
  })

  it('is no matrix where no column is a subject and no cell says yes or no', () => {
    const text = `${table('Permission | Meaning', 'Read | looks at it')}\n\n${table('Subject | Read', 'root | yes')}`
    expect(checkMatrix(policy, text)).toMatchObject({ ok: true, otherTables: [3] })
  })
})

describe('a column of who may give a role', () => {
  it.each([
    ['root', 'Assign boss', 'yes'],
    ['root', 'Assign boss', 'yes (via root)'],
    ['root', 'Assign author', 'yes'],
    ['author', 'Assign author', 'no'],
    ['boss', 'Assign boss (own org)', 'yes'],
    ['boss', 'Assign boss (other org)', 'no'],
    ['boss', 'Assign boss', 'own org'],
    ['boss', 'Assign viewer', 'own org'],
    ['boss', 'Assign `maintainer` (own org, other project)', 'yes'],
    ['maintainer', 'Assign viewer (own project)', 'yes'],
    ['maintainer', 'Assign viewer (other project)', 'no'],
    ['maintainer', 'Assign viewer', 'own project'],
    ['maintainer + boss', 'Assign viewer', 'own project; own org'],
    ['maintainer', 'Assign maintainer', 'no'],
    ['system:cron', 'Assign viewer', 'no']
  ])('%s: %s is %s', (subject, column, cell) => {
    const result = check(`Subject | ${column}`, `${subject} | ${cell}`)
    expect(result.problems).toEqual([])
    expect(result.tables[0]?.rows[0]?.cells[0]?.failure?.message).toBeUndefined()
    expect(result).toMatchObject({ ok: true, cells: 1 })
  })

  it.each([
    ['boss', 'Assign boss', 'yes', 'refused'],
    ['boss', 'Assign boss', 'no', 'allowed'],
    ['maintainer', 'Assign boss (own org)', 'yes', 'no_object'],
    ['root + boss', 'Assign boss (other org)', 'yes (via boss)', 'other_role']
  ])('%s: %s is not %s', (subject, column, cell, kind) => {
    const [found] = check(`Subject | ${column}`, `${subject} | ${cell}`).tables[0]?.rows[0]?.cells ?? []
    expect(found?.failure?.kind).toBe(kind)
  })

  it('says in which place it is otherwise', () => {
    const result = check('Permission | boss', 'Assign boss | yes')
    expect(result.tables[0]?.rows[0]?.cells[0]).toMatchObject({ assigns: 'boss', permission: undefined })
    expect(printMatrix(result)).toContain(
      '{"subject":{"id":"u1","roles":[{"role":"boss","org":"o1"}]},"assign":"boss","place":{"org":"o2"}}'
    )
  })

  it('names what is wrong', () => {
    expect(problems('Subject | Assign bos', 'root | yes')).toEqual([
      'unknown_role line 3: unknown role `bos` in `Assign bos`; did you mean `boss`?'
    ])
    expect(problems('Subject | Assign boss (own)', 'root | yes')[0]).toContain('only places can be named')
    expect(problems('Subject | Assign root (own org)', 'root | yes')[0]).toContain('in no organization')
    expect(problems('Subject | Assign boss (own project)', 'root | yes')[0]).toContain('held in no project')
    expect(problems('Subject | Assign boss', 'root | own')[0]).toMatch(/^invalid_cell/)
    expect(problems('Subject | Assign boss | Assign boss (all)', 'root | yes | yes')[0]).toMatch(
      /^duplicate_column/
    )
  })
})

describe('a written matrix', () => {
  const custom = policy
    .withRoles(
      { helper: { kind: 'project', grants: { project: { allow: { doc: ['read'] } } } } },
      { project: 'p1' }
    )
    .withRoles(
      { helper: { kind: 'project', grants: { project: { allow: { doc: ['update'] } } } } },
      { project: 'p2' }
    )
    .withRoles({ helper: { kind: 'org', grants: { org: { allow: { doc: ['read'] } } } } }, { org: 'acme' })

  it('has container columns for roles of one container, and holds', () => {
    const text = matrixToMarkdown(matrixOf(custom))
    const result = checkMatrix(custom, text)
    expect(result.problems.map(({ message }) => message)).toEqual([])
    expect(result.ok).toBe(true)
    expect(text).toContain('own project, locked = false')
    expect(text).toContain('own, own project, status = `in;review`')
    expect(text).toMatch(/\| helper, of project p1 +\| helper +\| +\| p1 +\|/)
    expect(text).toContain('outside any organization and any project or team')
  })

  it('shows the same in HTML', () => {
    const text = matrixToHtml(matrixOf(custom))
    expect(text).toContain('status = <code>in;review</code>')
    expect(text).toContain('<small>project role</small>')
    expect(text).toContain('own project</dt>')
  })
})
