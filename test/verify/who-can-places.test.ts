// Who may do something, in policies with containers, attributes, included roles and ACL settings: the same as asking
// about every object.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compile, definePolicy } from 'casemate'
import { printVerify, verify, whoCan } from '../../src/verify/index.js'
import { everyThing, isMeant, smallPolicies, subjectWith, type Held } from './small-places.js'
import { floor, runs } from '../support/depth.js'

const relations = [
  'all',
  'own',
  'other, own org',
  'own project',
  'other, other project, status = live',
  'no project, no org',
  'own, status = gone',
  'shared',
  'own org, own project, shared'
]

describe('whoCan', () => {
  it('lists exactly the roles that are allowed on some object, and says whether on all', () => {
    let listed = 0
    fc.assert(
      fc.property(
        smallPolicies,
        fc.constantFrom(...relations),
        fc.constantFrom('read', 'use'),
        (document, relation, action) => {
          const policy = compile(document)
          const found = whoCan(policy, `doc:${action}`, relation)
          const parts = relation.split(', ')
          for (const [role, { kind }] of Object.entries(document.roles ?? {})) {
            const held: Held[] = [
              { role, kind, id: kind === 'site' ? undefined : kind === 'org' ? 'o1' : `${kind}1` }
            ]
            const subject = subjectWith(policy, held)
            const things = everyThing(document, action).filter(
              (thing) => (parts.includes('shared') || thing.acl === undefined) && isMeant(parts, thing, held)
            )
            const allowed = things.filter((thing) => subject.can(action, thing as never))
            const who = found.find((one) => one.subject === role)
            expect([role, relation, who?.everywhere]).toEqual([
              role,
              relation,
              allowed.length === 0 ? undefined : allowed.length === things.length
            ])
            if (who === undefined) continue
            listed++
            expect(subject.can(action, who.example.object as never)).toBe(true)
            const fields = (thing: object) => Object.keys(thing).length
            expect(fields(who.example.object)).toBe(Math.min(...allowed.map(fields)))
          }
        }
      ),
      { numRuns: runs(60) }
    )
    expect(listed).toBeGreaterThan(floor(20))
  })

  it('names the container of a custom role', () => {
    const policy = compile(
      definePolicy({
        name: 'p',
        containers: [{ name: 'project' }],
        resources: { doc: { in: { project: 'required' }, actions: { read: '' } } },
        roles: { reader: { kind: 'project', grants: { project: { allow: { doc: ['read'] } } } } }
      })
    ).withRoles({ guest: { kind: 'project', includes: ['reader'] } }, { project: 'p7' })
    expect(
      whoCan(policy, 'doc:read').map(({ subject, place, example }) => [subject, place, example])
    ).toEqual([
      [
        'reader',
        undefined,
        {
          subject: { id: 'u1', roles: [{ role: 'reader', project: 'project1' }] },
          action: 'read',
          object: { type: 'doc', project: 'project1' }
        }
      ],
      [
        'guest',
        { kind: 'project', id: 'p7' },
        {
          subject: { id: 'u1', roles: [{ role: 'guest', project: 'p7' }] },
          action: 'read',
          object: { type: 'doc', project: 'p7' }
        }
      ]
    ])
  })
})

describe('printed invariants', () => {
  const policy = compile(
    definePolicy({
      name: 'p',
      containers: [{ name: 'project' }],
      resources: {
        doc: {
          in: { project: 'optional' },
          attributes: { status: { values: ['draft', 'live'], default: 'draft' } },
          actions: { read: '', update: '' }
        },
        seat: { in: { project: 'optional' }, actions: { give: '' } }
      },
      roles: {
        hr: { kind: 'site', grants: { site: { allow: { seat: ['give'] } } } },
        lead: { kind: 'org', assigns: ['editor'] },
        editor: {
          kind: 'project',
          grants: { project: { allow: { doc: { actions: '*', where: { status: 'draft' } } } } }
        },
        muted: { kind: 'project', grants: { project: { deny: { doc: ['update'] } } } }
      },
      assignPermissions: { project: 'seat:give' },
      systemSubjects: { signup: { assigns: ['muted'] } },
      invariants: [
        {
          name: 'editors edit',
          permissions: ['doc:update'],
          always: ['editor'],
          relation: 'own project, status = draft'
        },
        { name: 'nobody touches what is live', permissions: ['doc:*'], only: [], relation: 'status = live' },
        { name: 'hr gives seats', assigns: ['editor', 'muted'], only: [] },
        { name: 'a lead gives seats', assigns: ['editor'], only: ['lead'] },
        { name: 'the muted may what editors may', ladder: ['editor', 'muted'] }
      ]
    })
  )

  it('show what is needed to see it', () => {
    expect(printVerify(verify(policy)).split('\n')).toEqual([
      '✗ editors edit',
      '    refused: denied: muted in project1 at project by doc:update (roles.muted.grants.project.deny.doc)',
      '    {"subject":{"id":"u1","roles":[{"role":"editor","project":"project1"},{"role":"muted","project":"project1"}]},"action":"update","object":{"type":"doc","project":"project1"}}',
      '✓ nobody touches what is live',
      '✗ hr gives seats',
      '    delegated: lead in o1 (roles.lead.assigns[0]); granted: hr at site by seat:give (roles.hr.grants.site.allow.seat)',
      '    {"subject":{"id":"u1","roles":[{"role":"lead","org":"o1"},"hr"]},"assign":"editor","place":{"org":"o1","project":"project1"}}',
      '✓ a lead gives seats',
      '✗ the muted may what editors may',
      '    refused: not_granted: site abstains, project abstains',
      '    {"subject":{"id":"u1","roles":[{"role":"muted","project":"project1"}]},"action":"read","object":{"type":"doc","project":"project1"}}',
      '    allowed: granted: editor in project1 at project by doc:* where status = draft (roles.editor.grants.project.allow.doc)',
      '    {"subject":{"id":"u1","roles":[{"role":"editor","project":"project1"}]},"action":"read","object":{"type":"doc","project":"project1"}}',
      '',
      '3 of 5 invariants do not hold'
    ])
  })
})
