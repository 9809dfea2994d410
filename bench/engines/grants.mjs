// A policy document spelled out for engines that know no wildcards and no variants: for each role its grants at each
// level, one line a permission, under the default options. Written for reading; no engine's speed depends on it.
import { permissionsOf } from '../workload.mjs'

export const levels = ['site', 'org', 'orgMember', 'user']

/** `[{ level, effect, type, action }]` of a role by its name; of a system subject by `system:NAME`. */
export function grantsByRole(document) {
  const settings = { ...document.options, ...document.orgOptions }
  const holds = ([option, value]) => settings[option].default === value
  const roles = Object.entries(document.roles).map(([name, { grants = {}, variants = [] }]) => {
    const applied = variants.filter(({ when }) => Object.entries(when).every(holds))
    return [name, spellOut(document, [grants, ...applied.map((variant) => variant.grants)])]
  })
  const systems = Object.entries(document.systemSubjects ?? {}).map(([name, { grants = {} }]) => [
    `system:${name}`,
    spellOut(document, [{ site: grants.site }])
  ])
  return new Map([...roles, ...systems])
}

function spellOut(document, layers) {
  return levels.flatMap((level) =>
    ['allow', 'deny'].flatMap((effect) => {
      const set = Object.assign({}, ...layers.map((grants) => grants[level]?.[effect]))
      return permissionsOf(document)
        .filter(({ type, action }) => names(set, effect, type, action))
        .map(({ type, action }) => ({ level, effect, type, action }))
    })
  )
}

function names(set, effect, type, action) {
  const own = Object.hasOwn(set, type) ? lists(set[type], action) : undefined
  const everywhere = Object.hasOwn(set, '*') && lists(set['*'], action)
  return effect === 'allow' ? (own ?? everywhere) : own === true || everywhere
}

function lists(list, action) {
  if (list === '*') return true
  return Array.isArray(list) ? list.includes(action) : !list.except.includes(action)
}

/** The roles of a subject as `{ role, org }`, `org` undefined for a site role. */
export function rolesHeld(input) {
  if (input.system !== undefined) return [{ role: `system:${input.system}`, org: undefined }]
  return input.roles.map((role) => (typeof role === 'string' ? { role, org: undefined } : role))
}

/** Actions by resource, of grants of one level and effect. */
export function byType(grants) {
  const types = new Map()
  for (const { type, action } of grants) types.set(type, [...(types.get(type) ?? []), action])
  return types
}
