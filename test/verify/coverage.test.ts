// Coverage: which cells there are, which a statement looks at, and that only what a policy means changes a number.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compile, parsePolicy, type Policy } from 'casemate'
import type { ActionList, PermissionSet, PolicyData, ResourceDocument } from '../../src/document/types.js'
import { runSuite, type Coverage, type SuiteFile } from '../../src/verify/index.js'
import { diffPolicies } from '../../src/diff/index.js'
import { rolled, worldsWithCasesV2, type Dice } from '../arbitraries/index.js'
import type { World } from '../model.js'
import { withTests } from './suite-world.js'
import { policyOf } from '../support/engine.js'
import { runs } from '../support/depth.js'

const document = {
  name: 'p',
  resources: {
    doc: { actions: { read: '' } },
    team: { org: 'required', actions: { read: '' } },
    key: { org: 'never', actions: { read: '' } }
  },
  options: { strict: { values: [false, true], default: false } },
  roles: {
    reader: {
      kind: 'site',
      grants: { site: { allow: { doc: ['read'] } } },
      variants: [{ when: { strict: true }, grants: { site: { allow: { doc: [] } } } }]
    },
    owner: { kind: 'site', grants: { user: { allow: { '*': '*' } } } },
    member: { kind: 'org', grants: { orgMember: { allow: { '*': '*' } } } }
  },
  systemSubjects: { cron: { grants: { site: { allow: { team: ['read'] } } } } }
} as const satisfies PolicyData

function measure(text: string, resource: string, extra: Partial<PolicyData> = {}): Coverage {
  const file: SuiteFile = { name: text.startsWith('{') ? 'e.ndjson' : 'p.md', text }
  const policy = compile(parsePolicy({ ...document, ...extra }))
  const result = runSuite(policy, text === '' ? [] : [file], { coverage: true, filter: { resource } })
  return result.coverage!
}

function table(resource: string, ...rows: string[]): string {
  return `### \`${resource}\`\n\n| Subject | Read |\n| --- | --- |\n${rows.map((row) => `| ${row} |\n`).join('')}`
}

const shown = ({ uncovered }: Coverage): string[] =>
  uncovered.map(
    ({ subject, level, permission, outcome }) => `${subject} ${permission} ${outcome} at ${level}`
  )

const inProjects = {
  name: 'p',
  containers: [{ name: 'project' }],
  resources: {
    page: {
      in: { project: 'optional' },
      attributes: { status: { values: ['draft', 'final', 'old'], default: 'draft' } },
      actions: { read: '', edit: '' },
      implies: { edit: ['read'] }
    }
  },
  roles: {
    guest: { kind: 'site', grants: { user: { allow: { page: ['read'] } } } },
    writer: {
      kind: 'project',
      grants: {
        project: { allow: { page: { actions: ['read'], where: { status: 'final' } } } },
        projectMember: { allow: { page: ['edit'] } }
      }
    },
    lead: { kind: 'project', includes: ['writer'] }
  }
} as const satisfies PolicyData

describe('cells of who may give a role', () => {
  const assigning = {
    name: 'p',
    resources: { doc: { actions: { read: '' } } },
    roles: {
      boss: { kind: 'site', assigns: ['member'] },
      member: { kind: 'org' },
      engine: { kind: 'org', assignable: false }
    },
    systemSubjects: { cron: {} }
  } as const satisfies PolicyData
  const said = (text: string, extra: Partial<PolicyData> = {}): string[] => {
    const policy = compile(parsePolicy({ ...assigning, ...extra }))
    const page = { name: 'p.md', text }
    const { uncovered } = runSuite(policy, text === '' ? [] : [page], { coverage: true }).coverage!
    return uncovered.flatMap(({ subject, level, permission, outcome }) =>
      permission.startsWith('assign') ? [`${subject} ${permission} ${outcome} at ${level}`] : []
    )
  }

  it('are counted where somebody assigns something, for each that could assign a role', () => {
    expect(said('')).toEqual([
      'boss assign boss refused at site',
      'boss assign member allowed at org',
      'member assign member refused at org',
      'engine assign member refused at org',
      'system:cron assign boss refused at site',
      'system:cron assign member refused at org'
    ])
    expect(said('', { roles: { member: { kind: 'org' } } })).toEqual([])
  })

  it('are looked at by columns, of a role in its own organization alone, and by invariants', () => {
    const columns = '| Subject | Assign member (own org) | Assign boss |\n| --- | --- | --- |\n'
    expect(said(`${columns}| boss + member | yes | no |\n`)).toEqual([
      'member assign member refused at org',
      'engine assign member refused at org',
      'system:cron assign boss refused at site',
      'system:cron assign member refused at org'
    ])
    expect(said(`${columns}| member | no | no |\n`)).not.toContain('member assign member refused at org')
    const invariants = [{ name: 'i', assigns: ['member'], only: ['boss'] }]
    expect(said('', { invariants })).toEqual([
      'boss assign boss refused at site',
      'boss assign member allowed at org',
      'system:cron assign boss refused at site'
    ])
  })
})

describe('cells of containers and attributes', () => {
  const measured = (...lines: readonly object[]): Coverage => {
    const files = [{ name: 'e.ndjson', text: lines.map((line) => JSON.stringify(line)).join('\n') }]
    const policy = compile(parsePolicy(inProjects))
    return runSuite(policy, lines.length === 0 ? [] : files, { coverage: true }).coverage!
  }
  const cellsOf = (role: string, { uncovered }: Coverage): string[] =>
    uncovered
      .filter(({ subject, permission }) => subject === role && permission === 'page:read')
      .map(({ level, where = '', outcome }) => `${level} ${where} ${outcome}`)

  it('are one for all values that the policy does not tell apart, at the levels of the role', () => {
    expect(cellsOf('lead', measured())).toEqual([
      'project status = draft refused',
      'projectMember status = draft allowed',
      'project status = final allowed',
      'projectMember status = final allowed'
    ])
    expect(cellsOf('guest', measured())).toEqual([
      'site status = draft refused',
      'user status = draft allowed',
      'site status = final refused',
      'user status = final allowed'
    ])
  })

  it('are looked at by a request about an object in a container of the role, with such a value', () => {
    const subject = { id: 'u1', roles: ['guest', { role: 'lead', project: 'p1' }] }
    const asked = { subject, action: 'read' }
    const object = { type: 'page', project: ['p2', 'p1'] }
    const coverage = measured(
      { request: { ...asked, object: { ...object, owner: 'u1', status: 'old' } }, allowed: true },
      { request: { ...asked, object: { ...object, status: 'final' } }, allowed: true }
    )
    expect(cellsOf('lead', coverage)).toEqual([
      'project status = draft refused',
      'projectMember status = final allowed'
    ])
    // The owner's level outside of any container is not asked there.
    expect(cellsOf('guest', coverage)).toHaveLength(4)
  })
})

describe('cells', () => {
  it('are what each role alone says of the objects of each level, under every option', () => {
    const team = measure('', 'team')
    expect(shown(team)).toEqual([
      'reader team:read refused at site',
      'owner team:read refused at site',
      'member team:read refused at site',
      'member team:read refused at org',
      'member team:read allowed at orgMember',
      'system:cron team:read allowed at site'
    ])
    expect(team).toMatchObject({ cells: 6, covered: 0, percent: 0 })
    expect(shown(measure('', 'key'))).toContain('owner key:read allowed at user')
    expect(shown(measure('', 'doc')).filter((cell) => cell.startsWith('reader'))).toEqual([
      'reader doc:read allowed at site',
      'reader doc:read refused at site',
      'reader doc:read allowed at user',
      'reader doc:read refused at user'
    ])
  })
})

describe('a statement looks at', () => {
  it('the levels of its relation', () => {
    const all =
      'member team:read refused at site, member team:read refused at org, member team:read allowed at orgMember'
    const member = (text: string): string =>
      shown(measure(text, 'team'))
        .filter((cell) => cell.startsWith('member'))
        .join(', ')
    expect(member(table('team', 'owner | no'))).toBe(all)
    expect(member(table('team', 'member | own, own org'))).toBe('')
    expect(member('### `team`\n\n| Subject | Read (own, own org) |\n| --- | --- |\n| member | yes |\n')).toBe(
      'member team:read refused at site, member team:read refused at org'
    )
  })

  it('nothing where it does not hold', () => {
    expect(measure(table('team', 'member | no'), 'team').covered).toBe(0)
  })

  it('the role that decides, not one that another overrules', () => {
    expect(shown(measure(table('doc', 'reader + owner | yes'), 'doc'))).toEqual(
      expect.arrayContaining(['owner doc:read allowed at user'])
    )
    expect(shown(measure(table('doc', 'reader + owner | yes'), 'doc'))).not.toContain(
      'reader doc:read allowed at site'
    )
  })

  it('what options make of a role, only under those options', () => {
    const text = `| Name | Roles | Settings |\n| --- | --- | --- |\n| Strict | reader | strict = true |\n\n${table('doc', 'Strict | no')}`
    const left = shown(measure(text, 'doc'))
    expect(left).not.toContain('reader doc:read refused at site')
    expect(left).toContain('reader doc:read allowed at site')
  })

  it('roles behind a ceiling where it lets through, and not where it refuses', () => {
    const line = (scopes: string[], allowed: boolean): string =>
      JSON.stringify({
        request: {
          subject: { id: 'u1', roles: ['reader'], scopes },
          action: 'read',
          object: { type: 'doc' }
        },
        allowed
      })
    expect(measure(line(['doc:read'], true), 'doc').covered).toBe(1)
    expect(measure(line(['team:read'], false), 'doc').covered).toBe(0)
  })

  it('all whom an invariant binds', () => {
    const covered = (invariant: object): number =>
      measure('', 'team', { invariants: [{ name: 'i', permissions: ['team:read'], ...invariant }] }).covered
    expect(covered({ only: ['member', 'system:cron'] })).toBe(2)
    expect(covered({ only: ['member', 'system:cron'], relation: 'other org' })).toBe(2)
    // Without `member` nobody is in an organization: it is about nothing.
    expect(covered({ only: ['member', 'system:cron'], relation: 'own org' })).toBe(0)
    expect(covered({ only: [], relation: 'other, own org' })).toBe(3)
    expect(covered({ always: ['system:cron'] })).toBe(1)
    expect(covered({ always: ['member'], relation: 'own, own org' })).toBe(1)
    expect(covered({ only: [], scope: 'doc:read' })).toBe(0)
  })
})

describe('the numbers', () => {
  const numbers = (policy: Policy, files: readonly SuiteFile[]): unknown => {
    const { cells, covered, percent, uncovered } = runSuite(policy, files, { coverage: true }).coverage!
    const sorted = uncovered.map((cell) => JSON.stringify(cell)).sort()
    return { cells, covered, percent, sorted }
  }

  it('do not change with the order of keys or the way in which a grant is written', () => {
    fc.assert(
      fc.property(
        worldsWithCasesV2,
        rolled(400, (dice) => dice),
        ({ world, cases }, dice) => {
          const { world: tested, policy, files } = withTests(dice, world, cases)
          const rewritten = policyOf({ ...tested, document: rewrite(dice, tested) })
          expect(numbers(rewritten, files)).toEqual(numbers(policy, files))
        }
      ),
      { numRuns: runs(12, 2_000) }
    )
  })

  it('never go down with a statement more, and count every cell once', () => {
    fc.assert(
      fc.property(
        worldsWithCasesV2,
        rolled(60, (dice) => dice),
        ({ world, cases }, dice) => {
          const { policy, files } = withTests(dice, world, cases)
          const all = runSuite(policy, files, { coverage: true }).coverage!
          const fewer = runSuite(policy, files.slice(1), { coverage: true }).coverage!
          expect(fewer.cells).toBe(all.cells)
          expect(fewer.covered).toBeLessThanOrEqual(all.covered)
          expect(all.covered + all.uncovered.length).toBe(all.cells)
        }
      ),
      { numRuns: runs(12, 2_000) }
    )
  })
})

describe('roles of one name in places of one id', () => {
  const custom = (kind: string): object => ({
    custom: { kind, grants: { [kind]: { allow: { doc: ['read'] } } } }
  })
  const bare = compile(
    parsePolicy({
      name: 'p',
      containers: [{ name: 'project' }, { name: 'folder' }],
      resources: { doc: { in: { project: 'optional', folder: 'optional' }, actions: { read: '' } } },
      roles: {}
    })
  )
  const policy = bare
    .withRoles(custom('org') as never, { org: 'p1' })
    .withRoles(custom('org') as never, { org: 'project p1' })
    .withRoles(custom('project') as never, { project: 'p1' })
    .withRoles(custom('folder') as never, { folder: 'p1' })

  it('have cells of their own, each under a name of its own', () => {
    const { cells, covered, uncovered } = runSuite(policy, [], { coverage: true }).coverage!
    expect([cells, covered]).toEqual([uncovered.length, 0])
    const names = ['custom in p1', 'custom in "project p1"', 'custom in project p1', 'custom in folder p1']
    expect([...new Set(uncovered.map(({ subject }) => subject))].sort()).toEqual(names.sort())
    const answer = {
      request: {
        subject: { id: 'u1', roles: [{ role: 'custom', folder: 'p1' }] },
        action: 'read',
        object: { type: 'doc', folder: 'p1' }
      },
      allowed: true
    }
    const seen = runSuite(policy, [{ name: 'e.ndjson', text: JSON.stringify(answer) }], { coverage: true })
    expect(seen.coverage!.covered).toBe(1)
    expect(seen.coverage!.uncovered.filter(({ subject }) => subject === 'custom in folder p1')).toHaveLength(
      uncovered.filter(({ subject }) => subject === 'custom in folder p1').length - 1
    )
  })

  it('are told apart in a difference', () => {
    const { changes } = diffPolicies(policy, policy.withoutRoles(['custom'], { project: 'p1' }))
    expect(changes.join('\n')).toContain('custom in project p1')
  })
})

/** The same policy in other words: keys in another order, wildcards as the lists that they are. */
function rewrite(dice: Dice, { document: original }: World): PolicyData {
  const { resources } = original
  const everyAction = [...new Set(Object.values(resources).flatMap(({ actions }) => Object.keys(actions)))]
  return Object.fromEntries(
    Object.entries(original).map(([key, value]: [string, unknown]) => [
      key,
      key === 'roles' || key === 'systemSubjects' || key === 'scopes' || key === 'scopeTemplates'
        ? respell(dice, value, resources, everyAction)
        : value
    ])
  ) as unknown as PolicyData
}

function respell(
  dice: Dice,
  value: unknown,
  resources: Readonly<Record<string, ResourceDocument>>,
  everyAction: readonly string[]
): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  const entries = Object.entries(value).map(([key, inner]: [string, unknown]): [string, unknown] => [
    key,
    (key === 'allow' || key === 'deny') && isSet(inner)
      ? respellSet(dice, inner, resources, everyAction)
      : respell(dice, inner, resources, everyAction)
  ])
  return Object.fromEntries(shuffled(dice, entries))
}

/** A scope or a role may be called `allow`: then its value is no set. */
function isSet(value: unknown): value is PermissionSet {
  if (typeof value !== 'object' || value === null) return false
  const lists: readonly unknown[] = Object.values(value)
  return lists.every(
    (list) =>
      list === '*' ||
      Array.isArray(list) ||
      (typeof list === 'object' && list !== null && ('except' in list || 'where' in list))
  )
}

function respellSet(
  dice: Dice,
  set: PermissionSet,
  resources: Readonly<Record<string, ResourceDocument>>,
  everyAction: readonly string[]
): PermissionSet {
  const entries = Object.entries(set).map(([key, list]): [string, ActionList] => {
    const actions = key === '*' ? everyAction : Object.keys(resources[key]?.actions ?? {})
    if (list === '*') return [key, dice.chance(50) ? shuffled(dice, actions) : '*']
    if ('where' in list) return [key, list]
    if ('except' in list) return [key, actions.filter((action) => !list.except.includes(action))]
    return [key, shuffled(dice, list)]
  })
  return Object.fromEntries(shuffled(dice, entries))
}

function shuffled<T>(dice: Dice, items: readonly T[]): T[] {
  return dice.some(items, items.length, items.length)
}
