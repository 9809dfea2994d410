// A policy with containers, attributes and shared levels at the command line: what it says of itself, what it decides,
// and what is proved of it.
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { casemate } from '../support/cli.js'
import { temporaryFolder } from '../support/folder.js'

const { file } = temporaryFolder()

const policy = file(
  'places.json',
  JSON.stringify({
    name: 'places',
    containers: [{ name: 'project' }],
    resources: {
      page: {
        in: { project: 'optional' },
        attributes: { status: { values: ['draft', 'final'], default: 'draft' } },
        acl: { levels: { viewer: ['read'] } },
        actions: { read: '', update: '' },
        implies: { update: ['read'] }
      }
    },
    roles: {
      guest: { kind: 'org' },
      writer: {
        kind: 'project',
        grants: { project: { allow: { page: { actions: ['update'], where: { status: 'draft' } } } } }
      },
      lead: { kind: 'project', includes: ['writer'] }
    }
  })
)

const lead = { id: 'u1', roles: [{ role: 'lead', project: 'p1' }] }
const page = { type: 'page', project: ['p1', 'p2'] }

describe('a policy with containers', () => {
  it('is summed up with the roles of each container', async () => {
    const { stdout } = await casemate(['check', policy])
    expect(stdout).toContain('3 roles (0 site, 1 organization, 2 project)')
    const json = JSON.parse((await casemate(['check', policy, '--json'])).stdout) as object
    expect(json).toMatchObject({ ok: true, siteRoles: 0, orgRoles: 1, containerRoles: { project: 2 } })
  })

  it('decides requests with containers, attributes, levels of an ACL and further ceilings', async () => {
    const requests = [
      { subject: lead, action: 'update', object: page },
      { subject: lead, action: 'update', object: { ...page, status: 'final' } },
      { subject: lead, within: [{ scopes: ['page:update'] }], action: 'read', object: page },
      { subject: lead, within: [{ onlyOrgs: ['o1'] }], action: 'read', object: page },
      { subject: { id: 'u2' }, action: 'read', object: { type: 'page', acl: { users: { u2: ['viewer'] } } } },
      { subject: lead, action: 'read', object: { ...page, status: 'fnal' } },
      { subject: { id: 'u1', roles: ['lead'] }, action: 'read', object: page },
      { subject: lead, within: {}, action: 'read', object: page }
    ]
    const { stdout, status } = await casemate(
      ['decide', '--policy', policy, '--explain'],
      requests.map((request) => JSON.stringify(request)).join('\n')
    )
    const answers = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { reason?: string; error?: { code: string } })
    expect(answers.map(({ reason, error }) => reason ?? error?.code)).toEqual([
      'granted',
      'not_granted',
      'granted',
      'outside_org',
      'granted_by_acl',
      'invalid_attribute',
      'role_needs_container',
      'invalid_request'
    ])
    expect(status).toBe(1)
  })

  it('explains in words which role decided in which container, and which list stopped it', async () => {
    const explain = async (request: object): Promise<readonly string[]> =>
      (await casemate(['explain', '--policy', policy, JSON.stringify(request)])).stdout.split('\n')
    expect((await explain({ subject: lead, action: 'read', object: page })).slice(0, 2)).toEqual([
      'allowed: page:read (granted)',
      '  lead in p1, which includes writer, has page:update where status = draft at project (roles.writer.grants.project.allow.page)'
    ])
    const within = [{ onlyOrgs: ['o1', 'o2'] }]
    expect(await explain({ subject: lead, within, action: 'read', object: page })).toContain(
      '  stopped by organizations: o1, o2'
    )
  })

  it('is linted, compared, proved and mutated like any other', async () => {
    const linted = await casemate(['lint', policy])
    expect(linted.stdout).toContain('roles.lead: it says the same as the role `writer` (duplicate-role)')
    const wider = file(
      'wider.json',
      readFileSync(policy, 'utf8').replace('"where":{"status":"draft"}', '"where":{"status":"final"}')
    )
    const compared = await casemate(['diff', policy, wider, '--no-new-access'])
    expect(compared.status).toBe(1)
    expect(compared.stdout).toContain('  lead\n  + page:read, page:update (own project, status = final)\n')
    const page = file(
      'page.md',
      [
        '| Subject | Update (own project, status = draft) | Read (shared) |',
        '| --- | --- | --- |',
        '| lead | yes | yes |',
        '| guest | no | yes |'
      ].join('\n')
    )
    const proved = await casemate(['test', page, '--policy', policy])
    expect(proved.stdout).toContain('all 4 statements hold')
    const mutated = await casemate(['mutate', page, '--policy', policy, '--kinds', 'drop-where,drop-include'])
    expect(mutated.stdout).toContain('drop-where')
  })
})
