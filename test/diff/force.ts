// Two policies compared by force: every set of roles in two organizations, under every option and setting, on every
// class of objects, one request after another. What a policy does not know of a subject is left out there, an
// organization's role in favour of one that says nothing, so that the subject still belongs to the organization.
import { compile, type ObjectRef, type Policy, type Subject } from 'casemate'
import type { PolicyData } from '../../src/document/types.js'
import type { PolicyDocument } from '../../src/document/index.js'
import type { AttributeValue, OptionValue } from '../../src/types.js'
import { untraced } from '../support/untraced.js'

/** The organization role that every compared document has, and that says nothing. */
export const silent = 'silent'

/** Likewise of each container that a document has. */
export function silentIn(container: string): string {
  return `silent ${container}`
}

/** A role, and where it is held: under `org`, or under a container's name. */
export type Held = { readonly role: string; readonly org?: string; readonly [container: string]: string }

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
  /** By container, in which of them the object is. */
  readonly inside: Readonly<Record<string, readonly string[]>>
  readonly attributes: Readonly<Record<string, AttributeValue>>
  readonly byAcl: boolean
}

/** How many role sets of more than two roles are tried where there are containers. */
const mostLarge = 24

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

function rolesOf(documents: readonly PolicyData[], kind: string): string[] {
  return [
    ...new Set(
      documents.flatMap(({ roles = {} }) =>
        Object.entries(roles).flatMap(([name, role]) =>
          role.kind === kind && name !== silent && name !== silentIn(kind) ? [name] : []
        )
      )
    )
  ]
}

function containersOf(documents: readonly PolicyData[]): string[] {
  return [...new Set(documents.flatMap(({ containers = [] }) => containers.map(({ name }) => name)))]
}

/** The roles held in containers: any in the first of each kind, at most one in the second. */
function everyInside(documents: readonly PolicyData[]): Held[][] {
  return containersOf(documents).reduce<Held[][]>(
    (all, kind) => {
      const names = [...rolesOf(documents, kind), silentIn(kind)]
      const first = subsets(names.slice(0, -1)).map((set) =>
        set.map((role): Held => ({ role, [kind]: 'k1' }))
      )
      const second = [[], ...names.map((role): Held[] => [{ role, [kind]: 'k2' }])]
      return all.flatMap((before) => first.flatMap((one) => second.map((two) => [...before, ...one, ...two])))
    },
    [[]]
  )
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
  const inside = everyInside(documents)
  const all = subsets(rolesOf(documents, 'site')).flatMap((site) =>
    inOrg('o1').flatMap((one) =>
      inOrg('o2', 1).flatMap((two) =>
        inside.map((held) => ({
          roles: [...site.map((role) => ({ role })), ...one.roles, ...two.roles, ...held],
          settings: { ...one.settings, ...two.settings }
        }))
      )
    )
  )
  // With containers there are thousands: all that hold few roles, and some of the others.
  const large = all.filter(({ roles }) => roles.length > 2)
  const step = inside.length === 1 ? 1 : Math.ceil(large.length / mostLarge)
  return [...all.filter(({ roles }) => roles.length <= 2), ...large.filter((_, at) => at % step === 0)]
}

/** The subject as given; `undefined` where the policy answers with an error. */
function literal(policy: Policy, { roles, settings }: Asker, more: object = {}): Subject | undefined {
  try {
    return untraced(() => policy.subject({ id: 'u1', roles, orgOptions: settings, ...more }))
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
    // In a container that a policy does not have, nothing is held there.
    return role.org === undefined ? [] : [{ role: silent, org: role.org }]
  })
  return literal(policy, { roles: held, settings: known }, more)
}

interface Asked {
  readonly action: string
  readonly object: ObjectRef
  readonly owner: OwnerKind
  readonly inside: Gain['inside']
  readonly attributes: Gain['attributes']
  readonly byAcl: boolean
}

/** Every combination of values, each value alone or, where there is none, left out. */
function everyRecord<T>(
  choices: readonly (readonly [string, readonly (T | undefined)[]])[]
): Record<string, T>[] {
  return choices.reduce<Record<string, T>[]>(
    (all, [name, values]) =>
      all.flatMap((before) =>
        values.map((value) => (value === undefined ? before : { ...before, [name]: value }))
      ),
    [{}]
  )
}

function everyQuestion(allowing: PolicyData, refusing: PolicyData, withIds: boolean): Asked[] {
  const { resources, containers = [] } = allowing
  const owners = [
    { owner: 'none', fields: {} },
    { owner: 'self', fields: { owner: 'u1' } },
    { owner: 'other', fields: { owner: 'u2' } }
  ] as const
  return Object.entries(resources).flatMap(
    ([type, { org = 'optional', acl, actions, in: within = {}, attributes }]) => {
      const insides = everyRecord<readonly string[]>(
        containers.flatMap(({ name }) => {
          const placement = Object.hasOwn(within, name) ? within[name] : 'never'
          if (placement === undefined || placement === 'never') return []
          const some = withIds ? [['k1']] : [['k1'], ['k2'], ['k1', 'k2'], ['k3']]
          return [[name, placement === 'required' ? some : [undefined, ...some]] as const]
        })
      )
      const declared = [attributes ?? {}, refusing.resources[type]?.attributes ?? {}]
      const names = new Set(declared.flatMap((one) => Object.keys(one)))
      const facts = everyRecord<AttributeValue>(
        [...names].map(
          (name) => [name, [...new Set(declared.flatMap((one) => one[name]?.values ?? []))]] as const
        )
      )
      const places = [
        ...(org === 'required' ? [] : [{}]),
        ...(org === 'never' ? [] : [{ org: 'o1' }, { org: 'o2' }, { org: 'o3' }, { anyOrg: true }])
      ]
      const ids = withIds && allowing.scopeTemplates !== undefined ? [{}, { id: 'k1' }, { id: 'k2' }] : [{}]
      return Object.keys(actions).flatMap((action) =>
        places.flatMap((place) =>
          owners.flatMap(({ owner, fields }) =>
            ids.flatMap((id) =>
              insides.flatMap((inside) =>
                facts.flatMap((had) =>
                  [false, ...(acl !== undefined && acl !== false ? [true] : [])].map((byAcl): Asked => {
                    const entry = byAcl ? { acl: { users: { u1: [action] } } } : {}
                    const object = { type, ...id, ...place, ...fields, ...inside, ...had, ...entry }
                    return { action, object, owner, inside, attributes: had, byAcl }
                  })
                )
              )
            )
          )
        )
      )
    }
  )
}

function can(subject: Subject | undefined, action: string, object: ObjectRef): boolean {
  if (subject === undefined) return false
  try {
    return untraced(() => subject.can(action, object))
  } catch {
    return false
  }
}

const resourcesWithAcl = new WeakMap<Policy, ReadonlySet<string>>()

/** The resources of a policy that have ACLs. */
function withAcl(policy: Policy): ReadonlySet<string> {
  const known = resourcesWithAcl.get(policy)
  if (known !== undefined) return known
  const found = new Set(policy.resources.list().flatMap(({ name, acl }) => (acl ? [name] : [])))
  resourcesWithAcl.set(policy, found)
  return found
}

/** Where a policy has no ACLs for the resource, the object is asked about without its own. */
function canOther(subject: Subject | undefined, action: string, object: ObjectRef, policy: Policy): boolean {
  const isSame = object['acl'] === undefined || withAcl(policy).has(object.type)
  return can(subject, action, isSame ? object : { ...object, acl: null })
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
  const questions = everyQuestion(allowing, refusing, false)
  for (const [first, second] of everyDeployment(allowing, refusing)) {
    for (const asker of askers) {
      const subject = literal(first, asker)
      if (subject === undefined) continue
      const other = projected(second, asker)
      for (const { action, object, owner, inside, attributes, byAcl } of questions)
        if (can(subject, action, object) && !canOther(other, action, object, second))
          add({
            who: asker.roles,
            scope: undefined,
            permission: `${object.type}:${action}`,
            owner,
            org: orgKind(object, asker.roles),
            at: object.org ?? undefined,
            inside,
            attributes,
            byAcl
          })
    }
    for (const name of Object.keys(allowing.systemSubjects ?? {})) {
      const subject = first.systemSubject(name)
      const other = Object.hasOwn(refusing.systemSubjects ?? {}, name)
        ? second.systemSubject(name)
        : undefined
      for (const { action, object, owner, inside, attributes, byAcl } of questions)
        if (can(subject, action, object) && !canOther(other, action, object, second))
          add({
            who: [{ role: `system:${name}` }],
            scope: undefined,
            permission: `${object.type}:${action}`,
            owner,
            org: orgKind(object, []),
            at: object.org ?? undefined,
            inside,
            attributes,
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
  const questions = everyQuestion(allowing, refusing, true)
  for (const [first, second] of everyDeployment(allowing, refusing))
    for (const { name, given, known } of everyKey(allowing, refusing))
      for (const asker of askers) {
        const subject = literal(first, asker, { scopes: [given] })
        if (subject === undefined) continue
        const other = known === undefined ? undefined : projected(second, asker, { scopes: [known] })
        for (const { action, object, owner, inside, attributes, byAcl } of questions)
          if (can(subject, action, object) && !canOther(other, action, object, second)) {
            const gain: Gain = {
              who: asker.roles,
              scope: name,
              permission: `${object.type}:${action}`,
              owner,
              org: orgKind(object, asker.roles),
              at: object.org ?? undefined,
              inside,
              attributes,
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
