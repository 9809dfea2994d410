// Defects of the subject and of its ceilings: names that the policy does not have, parameters, options, places and
// lists that are wrong.
import type { RoleKind } from '../../src/document/types.js'
import type { ErrorCode, World } from '../model.js'
import { oddNames, undeclared, without, type Data, type Defect } from './defect.js'
import type { Dice } from './dice.js'
import { closure } from './includes.js'
import * as names from './names.js'
import type { RolledQuestion } from './question.js'

export function inSubject(
  code: ErrorCode,
  change: (subject: Data, world: World, dice: Dice) => Data | undefined
): Defect {
  return {
    code,
    part: 'subject',
    apply: (question, world, dice) => {
      if (Object.hasOwn(question.subject, 'system')) return undefined
      const subject = change(question.subject, world, dice)
      return subject === undefined ? undefined : { ...question, subject }
    }
  }
}

/** A defect of a scope or a list entry: in the subject's own ceiling or in one laid by `within`. */
export function inCeiling(
  code: ErrorCode,
  key: 'scopes' | 'allowList' | 'onlyOrgs',
  make: (world: World, dice: Dice, question: RolledQuestion) => readonly unknown[]
): Defect {
  return {
    code,
    part: 'subject',
    apply: (question, world, dice) => {
      const bad = make(world, dice, question)
      if (bad.length === 0) return undefined
      if (Object.hasOwn(question.subject, 'system') || dice.chance(40)) {
        return { ...question, within: [...question.within, { [key]: bad }] }
      }
      // A list that is full makes room: one entry more would be another defect.
      const room = list(question.subject, key).slice(0, Math.max(0, 128 - bad.length))
      const items = code.endsWith('_too_long') ? bad : [...room, ...bad]
      return { ...question, subject: { ...question.subject, [key]: items } }
    }
  }
}

function list(data: Data, key: string): readonly unknown[] {
  const value = data[key]
  return Array.isArray(value) ? value : []
}

export const withRole = (subject: Data, entry: unknown): Data => ({
  ...subject,
  roles: [...list(subject, 'roles'), entry]
})

/** Roles of that kind that may be held in any place of it. */
export function rolesOf({ document, customRoles }: World, kind: RoleKind): string[] {
  const shipped = Object.entries(document.roles ?? {}).filter(([, role]) => role.kind === kind)
  return [...shipped.map(([name]) => name), ...(kind === 'site' ? Object.keys(customRoles.site) : [])]
}

/** A template's parameters, all given and right. */
function goodParams({ document }: World, template: string): Record<string, unknown> {
  const params = Object.entries(document.scopeTemplates?.[template]?.params ?? {})
  const id = names.listableIds(document.ids)[0]
  return Object.fromEntries(params.map(([param, kind]) => [param, kind === 'flag' ? true : id]))
}

/** One template scope with its parameters changed, where some template fits. */
function changedTemplate(
  world: World,
  dice: Dice,
  change: (
    params: Record<string, unknown>,
    kinds: readonly [string, string][]
  ) => [string, unknown][] | undefined
): unknown[] {
  const templates = Object.entries(world.document.scopeTemplates ?? {})
  if (templates.length === 0) return []
  const [template, { params: kinds }] = dice.pick(templates)
  const params = change(goodParams(world, template), Object.entries(kinds))
  return params === undefined ? [] : [{ template, params: Object.fromEntries(params) }]
}

const unknownSystem: Defect = {
  code: 'unknown_system_subject',
  part: 'subject',
  apply: (question, { document }, dice) => {
    const candidates = [...oddNames, ...Object.keys(document.roles ?? {})]
    return { ...question, subject: { system: dice.pick(undeclared(candidates, document.systemSubjects)) } }
  }
}

export const subjectDefects: readonly Defect[] = [
  inSubject('empty_subject_id', (given, _, dice) => {
    const subject = without(given, 'id')
    return dice.pick([
      subject,
      { ...subject, id: '' },
      { ...subject, id: null },
      { ...subject, id: undefined }
    ])
  }),
  inSubject('unknown_role', (subject, { document, customRoles }, dice) => {
    const name = dice.pick(undeclared(oddNames, { ...document.roles, ...customRoles.site }))
    return withRole(subject, dice.pick([name, { role: name }, { role: name, org: 'o9' }]))
  }),
  inSubject('unknown_role', (subject, { document, customRoles }, dice) => {
    // An organization's custom role, held in another one.
    const elsewhere = Object.values(customRoles.orgs).flatMap((roles) => Object.keys(roles))
    const here = undeclared(elsewhere, { ...document.roles, ...customRoles.site })
    return here.length === 0 ? undefined : withRole(subject, { role: dice.pick(here), org: 'o9' })
  }),
  inSubject('role_needs_org', (subject, world, dice) => {
    const roles = rolesOf(world, 'org')
    if (roles.length === 0) return undefined
    const role = dice.pick(roles)
    return withRole(subject, dice.pick([role, { role }, { role, org: null }, { role, org: '' }]))
  }),
  inSubject('role_takes_no_org', (subject, world, dice) => {
    const roles = rolesOf(world, 'site')
    return roles.length === 0 ? undefined : withRole(subject, { role: dice.pick(roles), org: 'o9' })
  }),
  inSubject('unknown_option', (subject, { document }, dice) => {
    const option = dice.pick(
      undeclared([...oddNames, ...Object.keys(document.options ?? {})], document.orgOptions)
    )
    return { ...subject, orgOptions: { o9: Object.fromEntries([[option, true]]) } }
  }),
  inSubject('invalid_option', (subject, { document }, dice) => {
    const options = Object.entries(document.orgOptions ?? {})
    if (options.length === 0) return undefined
    const [option, { values }] = dice.pick(options)
    const others = [...values.map(String), null, 1, {}, 'nope'].filter(
      (value) => !values.some((v) => v === value)
    )
    return { ...subject, orgOptions: { o9: Object.fromEntries([[option, dice.pick(others)]]) } }
  }),
  inSubject('missing_option', (subject, { document }, dice) => {
    const needs = (option: string): boolean => {
      const declared = document.orgOptions?.[option]
      return Object.hasOwn(document.orgOptions ?? {}, option) && declared?.default === undefined
    }
    const readers = Object.entries(document.roles ?? {}).filter(([, role]) =>
      closure(document.roles ?? {}, role).some(({ variants = [] }) =>
        variants.some(({ when }) => Object.keys(when).some(needs))
      )
    )
    return readers.length === 0 ? undefined : withRole(subject, { role: dice.pick(readers)[0], org: 'o9' })
  }),
  inCeiling('unknown_scope', 'scopes', ({ document }, dice, { object }) => {
    const scopes = Object.entries(document.scopes ?? {}).flatMap(([name, { aliases = [] }]) => [
      name,
      ...aliases
    ])
    const templates = Object.keys(document.scopeTemplates ?? {})
    const candidates = [...oddNames, ...templates, `${String(object['type'])}:nope`, '*:*', '*:read', 'doc']
    return [dice.pick(candidates.filter((name) => !scopes.includes(name)))]
  }),
  inCeiling('unknown_scope_template', 'scopes', ({ document }, dice) => {
    const candidates = [...oddNames, ...Object.keys(document.scopes ?? {})]
    return [{ template: dice.pick(undeclared(candidates, document.scopeTemplates)), params: {} }]
  }),
  inCeiling('missing_parameter', 'scopes', (world, dice) =>
    changedTemplate(world, dice, (params, kinds) => {
      const required = kinds.filter(([, kind]) => kind === 'required').map(([param]) => param)
      if (required.length === 0) return undefined
      const missing = dice.pick(required)
      const rest = Object.entries(params).filter(([param]) => param !== missing)
      return dice.chance(30) ? [...rest, [missing, undefined]] : rest
    })
  ),
  inCeiling('unknown_parameter', 'scopes', (world, dice) =>
    changedTemplate(world, dice, (params) => [
      ...Object.entries(params),
      [dice.pick(undeclared([...oddNames, ...names.paramNames], params)), 'i1']
    ])
  ),
  inCeiling('invalid_parameter', 'scopes', (world, dice) =>
    changedTemplate(world, dice, (params, kinds) => {
      if (kinds.length === 0) return undefined
      const [param, kind] = dice.pick(kinds)
      const notIds = [
        '',
        '*',
        null,
        5,
        true,
        {},
        ...(world.document.ids === 'uuid' ? ['i1', 'a:b', 'x'.repeat(36)] : [])
      ]
      const value = dice.pick<unknown>(kind === 'flag' ? ['true', 1, null, '', {}] : notIds)
      return [...Object.entries(params).filter(([other]) => other !== param), [param, value]]
    })
  ),
  inCeiling('invalid_allow_list_entry', 'allowList', ({ document }, dice) => {
    // A declared type: that of an object with a defect may be `*`, which makes some of these valid.
    const type = dice.pick(Object.keys(document.resources))
    const notIds = document.ids === 'uuid' ? [`${type}:i1`, `*:a:b`, `${type}:{task}`, `${type}: `] : []
    const notTypes = [
      'nope:*',
      '__proto__:*',
      'toString:i1',
      `${type.toUpperCase()}:*`,
      ` ${type}:*`,
      ':*',
      '**:*'
    ]
    const notEntries = [
      type,
      '',
      '*',
      `${type}:`,
      '*:',
      5,
      null,
      undefined,
      {},
      { type, id: '*' },
      [`${type}:*`]
    ]
    return [dice.pick<unknown>([...notEntries, ...notTypes, ...notIds])]
  }),
  inCeiling('allow_list_too_long', 'allowList', (_, dice, { object }) =>
    Array.from({ length: 129 + dice.below(3) }, () => `${String(object['type'])}:*`)
  ),
  unknownSystem
]
