// The reference pages: true to the policy, readable with any names in them, and stable, so that a change to the policy
// is a change to the lines about it and to no others.
import { compile, parsePolicy, type Policy } from 'casemate'
import { loadPolicy } from 'casemate/node'
import { checkMatrix } from 'casemate/verify'
import { describe, expect, it } from 'vitest'
import coderDocument from '../../policies/coder/index.js'
import tenantsDocument from '../fixtures/tenants.js'
import { generateDocs, generateJson, generateOpenApi, generateTypes } from '../../src/generate/index.js'
import { hostileNames, hostilePolicy } from '../fixtures/hostile-policy.js'

const before = compile(await loadPolicy('policies/coder/before-boundary-log.json'))
const coder: Policy = compile(coderDocument)
const tenants: Policy = compile(tenantsDocument)

const pagesOf = (policy: Policy): Map<string, string> =>
  new Map(generateDocs(policy).map(({ name, text }) => [name, text]))
const pages = {
  before: pagesOf(before),
  coder: pagesOf(coder),
  tenants: pagesOf(tenants),
  hostile: pagesOf(compile(hostilePolicy))
}
const pageOf = (of: keyof typeof pages, name: string): string => pages[of].get(name)!

/** A section of a page: what stands under the heading that has the name in code, up to the next heading. */
function section(page: string, name: string): string {
  const found = page.split(/^## /m).find((part) => part.split('\n')[0]!.includes(`\`${name}\``))
  return found ?? ''
}

/** The rows of a section's table that is introduced by a line, each as its first cell and the names in its second. */
function rows(text: string, lead: RegExp): Map<string, string[]> {
  const at = text.search(lead)
  if (at < 0) return new Map()
  const table = /(?:^\|.*\n?)+/m.exec(text.slice(at))?.[0] ?? ''
  const lines = table.trimEnd().split('\n').slice(2)
  return new Map(
    lines.map((line) => {
      const [first = '', second = ''] = line.slice(2, -2).split(' | ')
      return [first.replaceAll('`', ''), [...second.matchAll(/`([^`]+)`/g)].map(([, name]) => name!)]
    })
  )
}

describe('the progress of pages', () => {
  it('is told before each page is written', () => {
    const told: (readonly [number, number])[] = []
    const written = generateDocs(tenants, (done, total) => told.push([done, total]))
    expect(told).toEqual(written.map((_, index) => [index, written.length]))
    expect(told.length).toBeGreaterThan(1)
  })
})

describe('the page of resources', () => {
  it.each([
    ['coder', coder],
    ['tenants', tenants]
  ] as const)('is a matrix of which every cell holds (%s)', (name, policy) => {
    const result = checkMatrix(policy, pageOf(name, 'resources.md'))
    expect(result.problems).toEqual([])
    expect(result.wrong).toBe(0)
    const permissions = policy.resources.list().reduce((sum, { actions }) => sum + actions.length, 0)
    expect(result.cells).toBeGreaterThanOrEqual(permissions)
  })

  it('names everybody who may do anything, so that it fails where one is left out', () => {
    const page = pageOf('coder', 'resources.md')
    const roles = coder.roles.list().map(({ name }) => name)
    for (const { name, actions } of coder.resources.list())
      for (const role of roles) {
        const { kind } = coder.roles.get(role)!
        const subject = coder.subject({ id: 'u1', roles: [kind === 'org' ? { role, org: 'o1' } : role] })
        const may = actions.filter((action) =>
          // Objects without an ACL, of every owner and organization.
          [undefined, 'u1', 'u2'].some((owner) =>
            [undefined, 'o1', 'o2'].some((org) => subject.can(action.name, { type: name, owner, org }))
          )
        )
        const row = section(page, name)
          .split('\n')
          .find((line) => line.startsWith(`| \`${role}\` |`))
        const cells = row?.slice(2, -2).split(' | ').slice(1) ?? actions.map(() => 'no')
        expect(
          cells.map((cell) => cell !== 'no'),
          `${role} on ${name}`
        ).toEqual(actions.map((one) => may.includes(one)))
      }
  })
})

describe('the page of roles', () => {
  const leads = {
    site: /To every object, they may:/,
    org: /To every object in the organization, they may:/,
    orgMember: /To what they own in the organization, they may:/,
    user: /To what they own outside any organization, they may:/
  }

  it('has exactly what each level of each role allows', () => {
    const page = pageOf('coder', 'roles.md')
    for (const { name: role, kind } of coder.roles.list()) {
      const subject = coder.subject({ id: 'u1', roles: [kind === 'org' ? { role, org: 'o1' } : role] })
      const text = section(page, role).split(/^Where /m)[0]!
      for (const { name: type, actions } of coder.resources.list())
        for (const { name: action } of actions) {
          const inside = subject.explain(action, { type, owner: 'u1', org: 'o1' }).votes
          const outside = subject.explain(action, { type, owner: 'u1' }).votes
          for (const { level, vote } of [...inside, ...outside])
            expect(
              rows(text, leads[level as keyof typeof leads])
                .get(type)
                ?.includes(action) ?? false,
              `${role} at ${level}: ${type}:${action}`
            ).toBe(vote === 'allow')
        }
    }
  })

  it('says who assigns a role, and what one includes of another', () => {
    const page = pageOf('coder', 'roles.md')
    expect(section(page, 'member')).toContain('Assigned by: `owner`, `system:system`, `user-admin`.')
    expect(section(page, 'organization-service-account')).toContain('Given by code alone.')
    expect(section(page, 'auditor')).toContain(
      'Includes everything that these roles hold: `organization-auditor`.'
    )
    expect(section(page, 'member')).not.toContain('Includes')
    const owner = /Includes everything that these roles hold: (.*)\./.exec(section(page, 'owner'))?.[1]
    expect(owner).toContain('`auditor`')
    // A member writes boundary logs of their own, which no owner does by that role alone.
    expect(owner).not.toContain('`member`')
  })

  it('shows what a setting changes, and a resource that loses its actions by it', () => {
    const page = section(pageOf('coder', 'roles.md'), 'organization-member')
    expect(page).toContain('Where `shareableWorkspaceOwners` is `none`, instead of the lines above:')
    expect(page).toContain('| `group` | may nothing | every object in the organization |')
    expect(page).toContain('| `workspace` | may not `share` | what they own in the organization |')
  })
})

describe('the page of scopes', () => {
  it('has exactly what each scope lets through', () => {
    const page = pageOf('coder', 'scopes.md')
    for (const { name, kind, permissions, isPublic } of coder.scopes.list()) {
      if (kind === 'low-level') {
        expect(page).toContain(`| \`${name}\` | ${isPublic ? 'yes' : 'no'} |`)
        continue
      }
      const found = [...rows(section(page, name), /^\| Lets through/m)].flatMap(([resource, actions]) =>
        actions.map((action) => `${resource}:${action}`)
      )
      expect(found.sort()).toEqual([...permissions].sort())
    }
  })

  it('says what a template takes, and what its flag takes away', () => {
    const page = section(pageOf('coder', 'scopes.md'), 'workspace_agent')
    expect(page).toContain('| `blockUserData` | yes or no |')
    expect(page).toContain('- `boundary_log:*`')
    expect(page).toContain('Where `blockUserData` is set, of `user` only:\n\nLets nothing through.')
  })
})

describe('boundary logs added to the policy', () => {
  const isAbout = (line: string): boolean => line.includes('boundary_log')

  it.each(['README.md', 'resources.md', 'roles.md', 'services.md', 'scopes.md'])(
    'change only the lines of %s that are about them',
    (name) => {
      const page = pageOf('coder', name)
      const own = section(page, 'boundary_log')
      const without = page
        .replace(own === '' ? '' : `## ${own}`, '')
        .split('\n')
        .filter((line) => !isAbout(line))
        .join('\n')
      expect(without).toBe(pageOf('before', name))
      if (name !== 'README.md') expect(page).not.toBe(pageOf('before', name))
    }
  )

  it('add their names to the enumerated values and change no others', () => {
    const page = pageOf('coder', 'values.md')
    expect(page).toMatch(/^\| `type` \| `\*`, .*`audit_log`, `boundary_log`, `boundary_usage`/m)
    expect(page.replaceAll(/ `boundary_log[:*a-z]*`,/g, '')).toBe(pageOf('before', 'values.md'))
  })

  it('add lines to the other generated files and take none away', () => {
    const settings = { maxLifetime: 1e15, defaultLifetime: 1e12 }
    const files = [
      generateTypes,
      generateJson,
      (policy: Policy) => generateOpenApi(policy, 'yaml', settings).replaceAll(/^.*pattern: .*\n/gm, '')
    ]
    for (const generate of files) {
      const old = generate(before).split('\n')
      const current = generate(coder).split('\n')
      expect(current.length).toBeGreaterThan(old.length)
      let next = 0
      for (const line of current) if (line === old[next]) next++
      expect(next, `lost: ${old[next] ?? ''}`).toBe(old.length)
    }
  })
})

describe('any names and descriptions', () => {
  const text = [...pages.hostile.values()].join('\n')
  const lines = text.split('\n')
  /** A line without its code spans, whatever stands between their ticks. */
  const withoutCode = (line: string): string =>
    line.replaceAll(/(?<![\\`])(`+)(?!`).*?(?<!`)\1(?!`)|<code>[\w &#;]*<\/code>/g, '')

  it('end no cell and no row', () => {
    let header: number | undefined
    let rowsSeen = 0
    for (const line of lines) {
      const cells = line.startsWith('|') ? line.replaceAll(/\\\|/g, '').split('|').length : undefined
      if (cells !== undefined && header !== undefined) {
        rowsSeen++
        expect(cells, line).toBe(header)
      }
      header = cells
    }
    expect(rowsSeen).toBeGreaterThan(500)
  })

  it.each([
    ['a|b', '`a|b`', '`a\\|b`'],
    ['|', '`|`', '`\\|`'],
    ['\\', '`\\`', '`\\`'],
    ['a\\|b', '`a\\|b`', '<code>a&#92;&#124;b</code>'],
    ['`*|\\\\|', '`` `*|\\\\| ``', '<code>&#96;&#42;&#124;&#92;&#92;&#124;</code>']
  ])('as %s are in code outside of tables, and in one cell of one', (name, outside, inside) => {
    const odd = pagesOf(
      compile(parsePolicy({ name, resources: {}, scopes: { [name]: { allow: {} } }, defaultScopes: [name] }))
    )
    expect(odd.get('README.md')).toContain(`# Access policy ${outside}\n`)
    expect(odd.get('scopes.md')).toContain(`gets ${outside}.`)
    expect(odd.get('scopes.md')).toContain(`## ${outside}\n`)
    const row = odd
      .get('values.md')!
      .split('\n')
      .find((line) => line.startsWith('| `scopes` |'))
    expect(row).toBe(`| \`scopes\` | ${inside} |`)
    // A backslash escapes a pipe; to some readers it does so unless it is escaped itself.
    for (const escaped of [/\\\|/g, /\\[\\|]/g])
      expect(row!.replaceAll(escaped, '').split('|')).toHaveLength(4)
  })

  it('open no tag, link, emphasis, heading or comment outside code', () => {
    for (const line of lines) {
      const prose = withoutCode(line)
        .replaceAll(/\\[\\`*_[\]#|~$:@.+=-]/g, '')
        .replace(/^(?:##? |- (?:\[[\w ]+\]\(\w+\.md\))?|\|)/, '')
      expect(prose, line).not.toMatch(/[<>`*_[\]#~$@]|:\/\//)
    }
  })

  it('leave nothing invisible, and every name readable', () => {
    expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u)
    const plain = hostileNames.filter((name) => /^[\w$'"{}<>()/;:. -]+$/.test(name) && !name.includes('|'))
    expect(plain.length).toBeGreaterThan(8)
    for (const name of plain) expect(text).toContain(name)
  })

  it('make no page of a policy that has nothing fail', () => {
    for (const { text: page } of generateDocs(compile(parsePolicy({ name: 'empty', resources: {} })))) {
      expect(page).toMatch(/^# /)
      expect(page).toMatch(/[^\n]\n$/)
    }
  })
})
