// @casl/ability with the policy written out for it. Idiomatic: rules with Mongo conditions, one for each grant and each
// organization held, the widest level last because CASL's last matching rule decides. Merged: one rule for each
// resource and outcome, decided beforehand, with a closure in place of conditions.
// It cannot express anyOrg and scopes (a ceiling would have to be a second ability), and ACLs only by one rule a group.
// Merged rules are no data: they can be neither stored, sent nor turned into a database filter.
import { createMongoAbility, Ability } from '@casl/ability'

import { byType, grantsByRole, rolesHeld } from './grants.mjs'

const decide = (ability, action, object) => ability.can(action, object)
const covers = (_, input) => input.scopes === undefined
const detectSubjectType = (object) => object.type

export function caslIdiomatic({ document, inputs }) {
  const grants = grantsByRole(document)
  const subjects = inputs.map((input) => createMongoAbility(rulesOf(grants, input), { detectSubjectType }))
  return [{ name: '@casl/ability, idiomatic', subjects, decide, covers }]
}

function rulesOf(grants, input) {
  const held = rolesHeld(input)
  const conditions = {
    site: () => ({}),
    user: () => ({ conditions: { owner: input.id, org: { $exists: false } } }),
    org: (org) => ({ conditions: { org } }),
    orgMember: (org) => ({ conditions: { org, owner: input.id } })
  }
  return ['user', 'orgMember', 'org', 'site'].flatMap((level) =>
    ['allow', 'deny'].flatMap((effect) =>
      held.flatMap(({ role, org }) => {
        const lines = grants.get(role).filter((grant) => grant.level === level && grant.effect === effect)
        return [...byType(lines)].map(([subject, action]) => ({
          action,
          subject,
          inverted: effect === 'deny',
          ...conditions[level](org)
        }))
      })
    )
  )
}

export function caslMerged({ document, inputs }) {
  const grants = grantsByRole(document)
  const subjects = inputs.map((input) => {
    const options = { conditionsMatcher: (matches) => matches, detectSubjectType }
    return new Ability(mergedRules(grants, input), options)
  })
  return [{ name: '@casl/ability, merged by hand', subjects, decide, covers }]
}

/** Rules of one subject; permissions of a resource with the same outcome everywhere share one. */
function mergedRules(grants, input) {
  const held = rolesHeld(input)
  const everywhere = votesOf(
    grants,
    held.map(({ role }) => role),
    ['site', 'user']
  )
  const rolesByOrg = new Map()
  for (const { role, org } of held) if (org) rolesByOrg.set(org, [...(rolesByOrg.get(org) ?? []), role])
  const votesByRoles = new Map()
  const rules = new Map()
  for (const [org, roles] of rolesByOrg) {
    const key = roles.join('\n')
    const votes = votesByRoles.get(key) ?? {
      orgs: new Set(),
      votes: votesOf(grants, roles, ['org', 'orgMember'])
    }
    votesByRoles.set(key, { ...votes, orgs: votes.orgs.add(org) })
  }
  const places = [...votesByRoles.values()]
  const permissions = new Set([everywhere, ...places.map(({ votes }) => votes)].flatMap((v) => [...v.keys()]))
  for (const permission of permissions) {
    const here = everywhere.get(permission) ?? {}
    if (here.site === 'deny') continue
    const outcome = [
      here.site === 'allow',
      here.user === 'allow',
      ...places.map(({ votes }) => outcomeIn(votes.get(permission) ?? {}))
    ]
    if (!outcome.some(Boolean)) continue
    const [type, action] = permission.split(':')
    const key = `${type} ${outcome.join()}`
    const rule = rules.get(key) ?? {
      subject: type,
      action: [],
      conditions: conditionsOf(outcome, places, input.id)
    }
    rule.action.push(action)
    rules.set(key, rule)
  }
  return [...rules.values()].map(({ conditions, ...rule }) => (conditions ? { ...rule, conditions } : rule))
}

function outcomeIn({ org, orgMember }) {
  return org === 'allow' ? 'all' : org === undefined && orgMember === 'allow' ? 'own' : false
}

/** What each level says to each permission: any deny, else any allow. */
function votesOf(grants, roles, levels) {
  const votes = new Map()
  for (const { level, effect, type, action } of roles.flatMap((role) => grants.get(role))) {
    if (!levels.includes(level)) continue
    const vote = votes.get(`${type}:${action}`) ?? {}
    vote[level] = vote[level] === 'deny' ? 'deny' : effect
    votes.set(`${type}:${action}`, vote)
  }
  return votes
}

function conditionsOf([site, user, ...inOrgs], places, id) {
  if (site) return undefined
  const all = new Set(places.flatMap(({ orgs }, i) => (inOrgs[i] === 'all' ? [...orgs] : [])))
  const own = new Set(places.flatMap(({ orgs }, i) => (inOrgs[i] === 'own' ? [...orgs] : [])))
  return ({ org, owner }) => {
    if (org === undefined || org === null || org === '') return user && owner === id
    return all.has(org) || (own.has(org) && owner === id)
  }
}
