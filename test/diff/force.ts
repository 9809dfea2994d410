// Two policies compared by force: every set of roles in two organizations, under every option and setting, on every
// class of objects, one request after another. What a policy does not know of a subject is left out there, an
// organization's role in favour of one that says nothing, so that the subject still belongs to the organization.
import { compile, type ObjectRef, type Policy, type Subject } from 'casemate'
import type { PolicyData } from '../../src/document/types.js'
import type { PolicyDocument } from '../../src/document/index.js'
import type { OptionValue } from '../../src/types.js'

/** The organization role that every compared document has, and that says nothing. */
export const silent = 'silent'

export type Held = { readonly role: string; readonly org?: string }

type Settings = Readonly<Record<string, Readonly<Record<string, OptionValue>>>>

interface Asker {
  readonly roles: readonly Held[]
  readonly settings: Settings
}

export type OwnerKind = 'self' | 'other' | 'none'
export type OrgKind = 'none' | 'own' | 'foreign' | 'any'

/** One request that the allowing policy allows and the other does not. */
export interface Gain {
  /** The roles held; of a system subject its name. */
  readonly who: readonly Held[]
  readonly scope: string | undefined
  readonly permission: string
  readonly owner: OwnerKind
  readonly org: OrgKind
  /** The organization of the object. */
  readonly at: string | undefined
  readonly byAcl: boolean
}

export function subsets<T>(items: readonly T[], most = items.length): T[][] {
  const all = items.reduce<T[][]>((sets, item) => [...sets, ...sets.map((set) => [...set, item])], [[]])
  return all.filter((set) => set.length <= most)
}

/** Every way to set the options of both; where `absent`, also not at all. */
function everySetting(
  options: readonly Readonly<PolicyData['options']>[],
  absent: boolean
): Record<string, OptionValue>[] {
  const values = new Map<string, Set<OptionValue>>()
  for (const declared of options)
    for (const [name, option] of Object.entries(declared ?? {}))
      values.set(name, new Set([...(values.get(name) ?? []), ...option.values]))
  return [...values].reduce<Record<string, OptionValue>[]>(
    (all, [name, known]) =>
      all.flatMap((before) => [
        ...(absent ? [before] : []),
        ...[...known].map((value) => ({ ...before, [name]: value }))
      ]),
    [{}]
  )
}

function rolesOf(documents: readonly PolicyData[], kind: 'site' | 'org'): string[] {
  return [
    ...new Set(
      documents.flatMap(({ roles = {} }) =>
        Object.entries(roles).flatMap(([name, role]) => (role.kind === kind && name !== silent ? [name] : []))
      )
    )
  ]
}

function everyAsker(documents: readonly PolicyData[]): Asker[] {
  const settings = everySetting(
    documents.map(({ orgOptions }) => orgOptions),
    true
  )
  const inOrg = (org: string, most?: number): Asker[] =>
    subsets(rolesOf(documents, 'org'), most).flatMap((set) =>
      (set.length === 0 ? [{}] : settings).map((values) => ({
        roles: set.map((role) => ({ role, org })),
        settings: Object.keys(values).length === 0 ? {} : { [org]: values }
      }))
    )
  return subsets(rolesOf(documents, 'site')).flatMap((site) =>
    inOrg('o1').flatMap((one) =>
      inOrg('o2', 1).map((two) => ({
        roles: [...site.map((role) => ({ role })), ...one.roles, ...two.roles],
        settings: { ...one.settings, ...two.settings }
      }))
    )
  )
}

/** The subject as given; `undefined` where the policy answers with an error. */
function literal(policy: Policy, { roles, settings }: Asker, more: object = {}): Subject | undefined {
  try {
    return policy.subject({ id: 'u1', roles, orgOptions: settings, ...more })
  } catch {
    return undefined
  }
}

/** The subject without what the policy does not know. */
function projected(policy: Policy, { roles, settings }: Asker, more: object = {}): Subject | undefined {
  const declared = policy.document.orgOptions ?? {}
  const known = Object.fromEntries(
    Object.entries(settings).map(([org, values]) => [
      org,
      Object.fromEntries(
        Object.entries(values).filter(([name, value]) => declared[name]?.values.includes(value) === true)
      )
    ])
  )
  const held = roles.flatMap((role): Held[] => {
    if (literal(policy, { roles: [role], settings: known }) !== undefined) return [role]
    return role.org === undefined ? [] : [{ role: silent, org: role.org }]
  })
  return literal(policy, { roles: held, settings: known }, more)
}

interface Asked {
  readonly action: string
  readonly object: ObjectRef
  readonly owner: OwnerKind
  readonly byAcl: boolean
}

function everyQuestion({ resources }: PolicyData, withIds: boolean): Asked[] {
  const owners = [
    { owner: 'none', fields: {} },
    { owner: 'self', fields: { owner: 'u1' } },
    { owner: 'other', fields: { owner: 'u2' } }
  ] as const
  return Object.entries(resources).flatMap(([type, { org = 'optional', acl, actions }]) => {
    const places = [
      ...(org === 'required' ? [] : [{}]),
      ...(org === 'never' ? [] : [{ org: 'o1' }, { org: 'o2' }, { org: 'o3' }, { anyOrg: true }])
    ]
    const ids = withIds ? [{}, { id: 'k1' }, { id: 'k2' }] : [{}]
    return Object.keys(actions).flatMap((action) =>
      places.flatMap((place) =>
        owners.flatMap(({ owner, fields }) =>
          ids.flatMap((id) =>
            [false, ...(acl === true ? [true] : [])].map((byAcl): Asked => {
              const entry = byAcl ? { acl: { users: { u1: [action] } } } : {}
              return { action, object: { type, ...id, ...place, ...fields, ...entry }, owner, byAcl }
            })
          )
        )
      )
    )
  })
}

function can(subject: Subject | undefined, action: string, object: ObjectRef): boolean {
  if (subject === undefined) return false
  try {
    return subject.can(action, object)
  } catch {
    return false
  }
}

/** Where a policy has no ACLs for the resource, the object is asked about without its own. */
function canOther(subject: Subject | undefined, action: string, object: ObjectRef, policy: Policy): boolean {
  const hasAcl = policy.resources.get(object.type)?.acl === true
  return can(subject, action, hasAcl ? object : { ...object, acl: null })
}

function orgKind({ org, anyOrg }: ObjectRef, roles: readonly Held[]): OrgKind {
  if (anyOrg === true) return 'any'
  if (org === undefined || org === null) return 'none'
  return roles.some((role) => role.org === org) ? 'own' : 'foreign'
}

/** Both documents compiled under every combination of the deployment's options that both can have. */
function* everyDeployment(allowing: PolicyDocument, refusing: PolicyDocument): Generator<[Policy, Policy]> {
  const documents = [allowing, refusing]
  const needsValue = documents.some(({ options = {} }) =>
    Object.values(options).some((option) => option.default === undefined)
  )
  const combinations = everySetting(
    documents.map(({ options }) => options),
    !needsValue
  )
  for (const values of combinations) {
    const [first, second] = documents.map((document) => {
      const declared = document.options ?? {}
      const known = Object.entries(values).filter(
        ([name, value]) => declared[name]?.values.includes(value) === true
      )
      return compile(document, { options: Object.fromEntries(known) })
    })
    if (first !== undefined && second !== undefined) yield [first, second]
  }
}

/** Every request that `allowing` allows and `refusing` does not, of subjects without a ceiling. */
export function gainsByForce(allowing: PolicyDocument, refusing: PolicyDocument): Gain[] {
  const gains = new Map<string, Gain>()
  const add = (gain: Gain): unknown => gains.set(JSON.stringify(gain), gain)
  const askers = everyAsker([allowing, refusing])
  const questions = everyQuestion(allowing, false)
  for (const [first, second] of everyDeployment(allowing, refusing)) {
    for (const asker of askers) {
      const subject = literal(first, asker)
      if (subject === undefined) continue
      const other = projected(second, asker)
      for (const { action, object, owner, byAcl } of questions)
        if (can(subject, action, object) && !canOther(other, action, object, second))
          add({
            who: asker.roles,
            scope: undefined,
            permission: `${object.type}:${action}`,
            owner,
            org: orgKind(object, asker.roles),
            at: object.org ?? undefined,
            byAcl
          })
    }
    for (const name of Object.keys(allowing.systemSubjects ?? {})) {
      const subject = first.systemSubject(name)
      const other = Object.hasOwn(refusing.systemSubjects ?? {}, name)
        ? second.systemSubject(name)
        : undefined
      for (const { action, object, owner, byAcl } of questions)
        if (can(subject, action, object) && !canOther(other, action, object, second))
          add({
            who: [{ role: `system:${name}` }],
            scope: undefined,
            permission: `${object.type}:${action}`,
            owner,
            org: orgKind(object, []),
            at: object.org ?? undefined,
            byAcl
          })
    }
  }
  return [...gains.values()]
}

/** Every such request of keys with one scope or template, of whoever holds at most two roles. */
export function keyGainsByForce(allowing: PolicyDocument, refusing: PolicyDocument): Gain[] {
  const gains = new Map<string, Gain>()
  const askers = everyAsker([allowing, refusing]).filter(({ roles }) => roles.length <= 2)
  const questions = everyQuestion(allowing, true)
  for (const [first, second] of everyDeployment(allowing, refusing))
    for (const { name, given, known } of everyKey(allowing, refusing))
      for (const asker of askers) {
        const subject = literal(first, asker, { scopes: [given] })
        if (subject === undefined) continue
        const other = known === undefined ? undefined : projected(second, asker, { scopes: [known] })
        for (const { action, object, owner, byAcl } of questions)
          if (can(subject, action, object) && !canOther(other, action, object, second)) {
            const gain: Gain = {
              who: asker.roles,
              scope: name,
              permission: `${object.type}:${action}`,
              owner,
              org: orgKind(object, asker.roles),
              at: object.org ?? undefined,
              byAcl
            }
            gains.set(JSON.stringify(gain), gain)
          }
      }
  return [...gains.values()]
}

interface Key {
  readonly name: string
  readonly given: unknown
  readonly known: unknown
}

function everyKey(allowing: PolicyDocument, refusing: PolicyDocument): Key[] {
  const scopes = Object.keys(allowing.scopes ?? {})
  const wildcards = Object.keys(allowing.resources).filter((name) => Object.hasOwn(refusing.resources, name))
  const templates = Object.entries(allowing.scopeTemplates ?? {}).flatMap(([template, { params }]) => {
    const names = Object.entries(params)
    const other = refusing.scopeTemplates?.[template]?.params ?? {}
    return subsets(names.filter(([, need]) => need !== 'required')).map((some): Key => {
      const required = names.filter(([, need]) => need === 'required')
      const ids = ['k1', 'k2', 'k3']
      const given = names
        .filter((one) => required.includes(one) || some.includes(one))
        .map(([name, need], index) => [name, need === 'flag' ? true : ids[index]] as const)
      const known = given.filter(([name]) => Object.hasOwn(other, name))
      return {
        name: `template:${template}`,
        given: { template, params: Object.fromEntries(given) },
        known: { template, params: Object.fromEntries(known) }
      }
    })
  })
  return [
    ...[...scopes, ...wildcards.map((name) => `${name}:*`)].map((name) => ({
      name: `scope:${name}`,
      given: name,
      known: name
    })),
    ...templates
  ]
}
