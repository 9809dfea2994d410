// casbin (node-casbin) with roles in domains, an owner test and explicit priorities, which express the levels: a
// denial before an allow of its level, a wider level before a narrower one. Idiomatic: one line a permission. Merged:
// one line for each role, level and resource, its actions matched by a function, the cheapest test first.
// It cannot express anyOrg, and ACLs and scopes only as further matchers over every line. Its answers are asked
// synchronously, without a cache: ids never repeat.
import { newEnforcer, newModelFromString } from 'casbin'

import { byType, grantsByRole, levels, rolesHeld } from './grants.mjs'

const everywhere = '*'

function model(actionTest) {
  return newModelFromString(`
[request_definition]
r = sub, act, obj
[policy_definition]
p = priority, role, level, type, act, eft
[role_definition]
g = _, _, _
[policy_effect]
e = priority(p.eft) || deny
[matchers]
m = r.obj.type == p.type && ${actionTest} && (\\
  (p.level == "site" && g(r.sub, p.role, "${everywhere}")) || \\
  (p.level == "org" && g(r.sub, p.role, r.obj.org)) || \\
  (p.level == "orgMember" && r.obj.owner == r.sub && g(r.sub, p.role, r.obj.org)) || \\
  (p.level == "user" && r.obj.org == "" && r.obj.owner == r.sub && g(r.sub, p.role, "${everywhere}")))
`)
}

export async function casbinIdiomatic(setting) {
  const enforcer = await newEnforcer(model('r.act == p.act'))
  return [await contestant('casbin, idiomatic', enforcer, setting, (actions) => actions)]
}

export async function casbinMerged(setting) {
  const enforcer = await newEnforcer(model('lists(p.act, r.act)'))
  enforcer.addFunction('lists', (actions, action) => actions.includes(`|${action}|`))
  return [await contestant('casbin, merged', enforcer, setting, (actions) => [`|${actions.join('|')}|`])]
}

async function contestant(name, enforcer, { document, inputs }, linesOf) {
  const lines = []
  for (const [role, grants] of grantsByRole(document))
    for (const [l, level] of levels.entries())
      for (const [e, effect] of ['deny', 'allow'].entries())
        for (const [type, actions] of byType(
          grants.filter((grant) => grant.level === level && grant.effect === effect)
        ))
          for (const action of linesOf(actions))
            lines.push([`${2 * l + e}`, role, level, type, action, effect])
  // By priority: the enforcer asks in this order and stops at the first line that matches.
  await enforcer.addPolicies(lines.sort(([a], [b]) => Number(a) - Number(b)))
  const groupings = inputs.flatMap((input) =>
    rolesHeld(input).flatMap(({ role, org }) => [
      [idOf(input), role, everywhere],
      ...(org ? [[idOf(input), role, org]] : [])
    ])
  )
  await enforcer.addGroupingPolicies(
    [...new Set(groupings.map((line) => line.join('\n')))].map((l) => l.split('\n'))
  )
  return {
    name,
    subjects: inputs.map(idOf),
    covers: (_, input) => input.scopes === undefined,
    decide: (id, action, { type, owner = '', org = '' }) =>
      enforcer.enforceSync(id, action, { type, owner, org })
  }
}

function idOf(input) {
  return input.id ?? `system:${input.system}`
}
