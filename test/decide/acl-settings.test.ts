// Every setting of an ACL with everything that the roles of two organizations may say, beside the model: which entries
// count, whether they beat a deny, and what they need.
import { isDeepStrictEqual } from 'node:util'
import { describe, expect, it } from 'vitest'
import { compile, parsePolicy, type PolicyData } from 'casemate'
import { modelAnswer, type World } from '../model.js'
import { orFailure } from '../support/engine.js'

const booleans = [false, true] as const
const settings = booleans.flatMap((members) =>
  booleans.flatMap((overridesDeny) =>
    [undefined, 'share'].map((requires) => ({
      members,
      overridesDeny,
      ...(requires === undefined ? {} : { requires })
    }))
  )
)

const resourceOf = (i: number): string => `doc${i}`
const document = {
  name: 'sharing',
  resources: Object.fromEntries(
    settings.map((acl, i) => [resourceOf(i), { acl, actions: { read: '', share: '' } }])
  ),
  roles: {
    allowing: { kind: 'org', grants: { org: { allow: { '*': '*' } } } },
    sharing: { kind: 'org', grants: { org: { allow: { '*': ['share'] } } } },
    denying: { kind: 'org', grants: { org: { deny: { '*': ['read'] }, allow: { '*': ['share'] } } } },
    owning: { kind: 'org', grants: { orgMember: { allow: { '*': ['share'] } } } },
    banned: { kind: 'site', grants: { site: { deny: { '*': ['read'] } } } },
    sharer: { kind: 'site', grants: { site: { allow: { '*': ['share'] } } } }
  }
} as PolicyData
const world: World = { document, options: {}, customRoles: { site: {}, orgs: {} } }
const policy = compile(parsePolicy(document))

const inFirst = [undefined, 'allowing', 'denying', 'owning']
const inSecond = [undefined, 'sharing', 'denying']
const onSite = [[], ['banned'], ['sharer']]
const places = [{}, { org: 'a' }, { org: 'b' }, { org: 'c' }, { anyOrg: true }]
const acls = [
  { users: { me: ['read'] } },
  { groups: { team: ['*'] } },
  { groups: { a: ['read'], b: ['share'] } },
  { users: { you: ['read'], me: ['share'] }, groups: { other: ['read'] } }
]

describe.each(settings.map((acl, i) => [JSON.stringify(acl), resourceOf(i)]))('with %s', (_, type) => {
  it.each(onSite.map((roles) => [roles]))(
    'an entry counts as the model says, with %j on the site',
    (site) => {
      const objects = places.flatMap((place) =>
        acls.flatMap((acl) =>
          [undefined, 'me'].map((owner) => ({ type, ...place, acl, ...(owner && { owner }) }))
        )
      )
      const wrong: unknown[] = []
      for (const first of inFirst)
        for (const second of inSecond) {
          const held = [
            ...(first === undefined ? [] : [{ role: first, org: 'a' }]),
            ...(second === undefined ? [] : [{ role: second, org: 'b' }])
          ]
          const subject = { id: 'me', roles: [...site, ...held], groups: ['team'] }
          const asked = policy.subject(subject)
          for (const object of objects) {
            const found = orFailure(() => asked.explain('read', object as never))
            const { allowed, reason } = 'allowed' in found ? found : { allowed: found, reason: undefined }
            const question = { subject, within: [], action: 'read', object }
            const expected = modelAnswer(world, question)
            const can = asked.can('read', object)
            if (!isDeepStrictEqual({ allowed, reason }, expected) || can !== allowed)
              wrong.push({ question, allowed, reason, can, expected })
          }
        }
      expect(wrong).toEqual([])
    }
  )
})
