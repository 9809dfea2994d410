// How far a permission reaches, as a text: nothing in it that does not matter, and nothing left out that does.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compile, definePolicy } from 'casemate'
import { compiledOf } from '../../src/compile/compile.js'
import { findPermission } from '../../src/request/ask.js'
import { stateOf } from '../../src/request/state.js'
import { relationClasses } from '../../src/verify/space/classes.js'
import { permissionsOf, reachOf } from '../../src/verify/space/reach.js'
import { isReached, readRelation, vocabularyOf } from '../../src/verify/space/relations.js'
import { subjectOf, type RoleData } from '../../src/verify/space/requests.js'
import { everybody } from '../../src/verify/space/who-can.js'
import { rolled, rollWorldV2, worldTapeV2 } from '../arbitraries/index.js'
import { policyOf } from '../support/engine.js'
import { floor, runs } from '../support/depth.js'

const policy = compile(
  definePolicy({
    name: 'p',
    containers: [{ name: 'project' }, { name: 'team' }],
    resources: {
      doc: {
        in: { project: 'optional' },
        attributes: {
          status: { values: ['draft', 'review', 'done'], default: 'draft' },
          locked: { values: [true, false], default: false }
        },
        actions: { read: '', update: '', delete: '' }
      },
      note: { actions: { read: '' } }
    },
    roles: {
      author: { kind: 'site', grants: { user: { allow: { doc: '*', note: '*' } } } },
      editor: {
        kind: 'site',
        grants: { site: { allow: { doc: { actions: '*', where: { status: ['draft', 'review'] } } } } }
      },
      member: { kind: 'org', grants: { orgMember: { allow: { doc: '*', note: '*' } } } },
      boss: { kind: 'org', grants: { org: { allow: { doc: '*' } } } },
      maintainer: {
        kind: 'project',
        grants: {
          project: { allow: { doc: ['read', { actions: ['update'], where: { locked: false } }] } },
          projectMember: { allow: { doc: ['update'] } }
        }
      }
    }
  })
)

function reach(action: string, roles: readonly RoleData[], type = 'doc'): string {
  const compiled = compiledOf(policy)
  return reachOf(subjectOf(compiled, { id: 'u1', roles }), findPermission(compiled, action, type))
}

const maintainer = { role: 'maintainer', project: 'project1' } as unknown as RoleData
const member = { role: 'member', org: 'o1' }
const boss = { role: 'boss', org: 'o1' }

describe('the text of a reach', () => {
  it.each<[string, string, readonly RoleData[]]>([
    ['own', 'read', ['author']],
    ['own, own org', 'read', [member]],
    ['own; own, own org', 'read', ['author', member]],
    ['own org', 'read', [boss]],
    ['own project', 'read', [maintainer]],
    ['own project; own, own org', 'read', [maintainer, member]],
    ['own project; own org', 'read', [maintainer, boss]],
    ['own; own project', 'read', ['author', maintainer]],
    ['own, own project; own project, locked = false', 'update', [maintainer]],
    ['no', 'delete', [maintainer]],
    ['status = draft; status = review', 'read', ['editor']]
  ])('is %j', (text, action, roles) => {
    expect(reach(action, roles)).toBe(text)
  })

  it('is as before for a resource that is in no container', () => {
    expect(reach('read', ['author'], 'note')).toBe('own')
    expect(reach('read', ['author', member], 'note')).toBe('own; own, own org')
  })

  it('is read as relations that cover exactly what is allowed', () => {
    let compared = 0
    fc.assert(
      fc.property(rolled(worldTapeV2, rollWorldV2), (world) => {
        const compiled = compiledOf(policyOf(world))
        for (const { data } of everybody(compiled)) {
          const subject = subjectOf(compiled, data)
          for (const { definition, action, attributes } of compiled.catalogue.permissions) {
            if (definition.permissions.find((one) => one.action === action)?.attributes !== attributes)
              continue
            const first = findPermission(compiled, action, definition.name)
            const text = reachOf(subject, first)
            const vocabulary = vocabularyOf(compiled.catalogue, [definition])
            const relations =
              text === 'no'
                ? []
                : text.split('; ').map((one) => readRelation(one === 'yes' ? 'all' : one, vocabulary))
            expect(relations, text).not.toContain(undefined)
            const known = relations.flatMap((one) => one ?? [])
            for (const one of permissionsOf(first).flatMap((each) =>
              relationClasses(stateOf(subject), each, { acl: false })
            )) {
              expect(isReached(known, one), `${text} ${one.key}`).toBe(subject.can(first, one.object))
              compared++
            }
          }
        }
      }),
      { numRuns: runs(10) }
    )
    expect(compared).toBeGreaterThan(floor(1_000))
  })
})
