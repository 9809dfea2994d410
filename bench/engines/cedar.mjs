// Cedar (@cedar-policy/cedar-wasm). Each call is handed only the entities that it needs: the object, and the subject
// with the roles it holds everywhere and where the object is. Best: policies parsed once. Idiomatic: with each call.
// It cannot express that a wider level's allow beats a narrower level's denial: a `forbid` always wins, so each would
// have to repeat every wider allow as its `unless`. No subject of the workload holds a role that denies, so denials
// are left out here. ACLs and the agent's ceiling could be written, with their ids in each call; they are not asked.
// Some versions of Node abort unless started with --no-turbo-inline-js-wasm-calls, so it runs in a process of its own.
import cedar from '@cedar-policy/cedar-wasm/nodejs'

import { byType, grantsByRole, levels, rolesHeld } from './grants.mjs'

const conditions = {
  site: '',
  org: '',
  orgMember: ' when { resource has owner && resource.owner == principal.id }',
  user: ' when { resource has owner && resource.owner == principal.id && !(resource has org) }'
}
const kinds = { site: 'Everywhere', user: 'Everywhere', org: 'There', orgMember: 'There' }
const policySet = 'coder'

export function cedarBest({ document, inputs }) {
  const answer = cedar.preparsePolicySet(policySet, { staticPolicies: policyText(document) })
  if (answer.type !== 'success') throw new Error(JSON.stringify(answer))
  const ask = (call) => cedar.statefulIsAuthorized({ ...call, preparsedPolicySetId: policySet })
  return [contestant('Cedar, parsed once', inputs, ask)]
}

export function cedarIdiomatic({ document, inputs }) {
  const policies = { staticPolicies: policyText(document) }
  return [contestant('Cedar, idiomatic', inputs, (call) => cedar.isAuthorized({ ...call, policies }))]
}

function contestant(name, inputs, ask) {
  return {
    name,
    subjects: inputs.map(prepare),
    covers: (_, input) => input.scopes === undefined,
    decide: ({ id, everywhere, byOrg }, action, { type, id: objectId, owner, org }) => {
      const principal = { type: 'User', id }
      const resource = { type: 'Object', id: objectId }
      const there = (org && byOrg.get(org)) ?? []
      const { type: kind, response } = ask({
        principal,
        action: { type: 'Action', id: `${type}:${action}` },
        resource,
        context: {},
        entities: [
          { uid: principal, attrs: { id }, parents: [...everywhere, ...there] },
          { uid: resource, attrs: { ...(owner ? { owner } : {}), ...(org ? { org } : {}) }, parents: [] }
        ]
      })
      if (kind !== 'success') throw new Error('Cedar refused a request')
      return response.decision === 'allow'
    }
  }
}

function policyText(document) {
  const policies = []
  for (const [role, grants] of grantsByRole(document))
    for (const level of levels) {
      const allowed = grants.filter((grant) => grant.level === level && grant.effect === 'allow')
      const actions = [...byType(allowed)].flatMap(([type, list]) =>
        list.map((a) => `Action::"${type}:${a}"`)
      )
      if (actions.length > 0)
        policies.push(
          `permit(principal in ${kinds[level]}::"${role}", action in [${actions}], resource)${conditions[level]};`
        )
    }
  return policies.join('\n')
}

function prepare(input) {
  const held = rolesHeld(input)
  const byOrg = new Map()
  for (const { role, org } of held)
    if (org) byOrg.set(org, [...(byOrg.get(org) ?? []), { type: 'There', id: role }])
  const names = [...new Set(held.map(({ role }) => role))]
  return {
    id: input.id ?? `system:${input.system}`,
    everywhere: names.map((id) => ({ type: 'Everywhere', id })),
    byOrg
  }
}
