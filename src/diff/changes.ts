// Other differences between two policies, which let nobody reach more: names that are new or gone, settings,
// invariants. One sentence each for a reviewer, in the order of the document.
import type { CompiledPolicy } from '../compile/compile.js'
import { listRoles, nameInFull } from '../compile/role-index.js'
import type { OptionDocument, PolicyData, ResourceDocument } from '../document/types.js'
import { both, type OldNew } from './sides.js'
import type { Rename, Widening } from './types.js'
import { meaning } from './widened.js'
import { orNothing } from './words.js'
import { quoteValue } from '../problems/quote.js'

type Records<T> = OldNew<ReadonlyMap<string, T>>

/**
 * One sentence for each change that no widening reports; none for equal documents, whatever the order of their keys.
 */
export function describeChanges(
  policies: OldNew<CompiledPolicy>,
  renamed: readonly Rename[],
  widenings: readonly Widening[]
): string[] {
  const documents = both((side) => policies[side].document)
  const isRenamed = (kind: Rename['kind']): ((name: string) => boolean) => {
    const names = new Set(renamed.flatMap((one) => (one.kind === kind ? [one.from, one.to] : [])))
    return (name) => names.has(name)
  }
  const comings = <T>(
    what: string,
    read: (document: PolicyData) => Readonly<Record<string, T>> | undefined,
    kind?: Rename['kind']
  ): string[] => comingsOf(what, recordsOf(documents, read), kind && isRenamed(kind))
  return [
    ...catalogueChanges(documents),
    ...change(
      'ids in allow lists were checked as',
      documents.old.ids ?? 'string',
      documents.new.ids ?? 'string'
    ),
    ...optionChanges(
      'option',
      recordsOf(documents, ({ options }) => options)
    ),
    ...optionChanges(
      'setting',
      recordsOf(documents, ({ orgOptions }) => orgOptions)
    ),
    ...comingsOf(
      'role',
      both((side) => rolesOf(policies[side])),
      isRenamed('role')
    ),
    ...includeChanges(documents, renamed),
    ...comings('scope', ({ scopes }) => scopes, 'scope'),
    ...(widenings.some(({ kind }) => kind === 'default-scopes') ? [] : defaultChanges(documents)),
    ...comings('scope template', ({ scopeTemplates }) => scopeTemplates),
    ...invariantChanges(documents)
  ]
}

function recordsOf<T>(
  documents: OldNew<PolicyData>,
  read: (document: PolicyData) => Readonly<Record<string, T>> | undefined
): Records<T> {
  return both((side) => new Map(Object.entries(read(documents[side]) ?? {})))
}

// --- sentences ------------------------------------------------------------------------------------------------------

function words(names: Iterable<string>): string {
  return [...names].map(quoteValue).join(', ')
}

/** The names that only the second has. */
function only(one: Iterable<string>, other: Iterable<string>): string[] {
  const known = new Set(one)
  return [...new Set(other)].filter((name) => !known.has(name))
}

/** A sentence for the new names and one for those that are gone, if there are any. */
function sets(old: Iterable<string>, current: Iterable<string>, came: string, went: string): string[] {
  const [added, removed] = [only(old, current), only(current, old)]
  return [
    ...(added.length === 0 ? [] : [`${came} ${words(added)}`]),
    ...(removed.length === 0 ? [] : [`${went} ${words(removed)}`])
  ]
}

function change(what: string, old: unknown, current: unknown): string[] {
  return old === current ? [] : [`${what} ${orNothing(old)} and now ${orNothing(current)}`]
}

function comingsOf(
  what: string,
  records: Records<unknown>,
  isRenamed: (name: string) => boolean = () => false
): string[] {
  const [old, current] = [records.old.keys(), records.new.keys()].map((names) =>
    [...names].filter((name) => !isRenamed(name))
  )
  return sets(old ?? [], current ?? [], `new ${what}:`, `${what} that is gone (naming it is an error):`)
}

// --- what there is --------------------------------------------------------------------------------------------------

function catalogueChanges({ old, new: current }: OldNew<PolicyData>): string[] {
  const [before, after] = [Object.keys(old.resources), Object.keys(current.resources)]
  const actionsOf = (name: string): string => words(Object.keys(current.resources[name]?.actions ?? {}))
  const [added, gone] = [only(before, after), only(after, before)]
  const shared = after.filter((name) => Object.hasOwn(old.resources, name))
  return [
    ...added.map((name) => `new resource: ${quoteValue(name)} with ${actionsOf(name)}`),
    ...(gone.length === 0 ? [] : [`resource that is gone: ${words(gone)}`]),
    ...shared.flatMap((name) => {
      const [before, after] = [old.resources[name], current.resources[name]]
      if (before === undefined || after === undefined) return []
      const of = `of ${quoteValue(name)}`
      return [
        ...sets(
          Object.keys(before.actions),
          Object.keys(after.actions),
          `new action ${of}:`,
          `action ${of} that is gone:`
        ),
        ...attributeChanges(before.attributes, after.attributes, of)
      ]
    })
  ]
}

function attributeChanges(
  before: ResourceDocument['attributes'] = {},
  after: ResourceDocument['attributes'] = {},
  of: string
): string[] {
  const gone = `attribute ${of} that is gone:`
  return [
    ...sets(Object.keys(before), Object.keys(after), `new attribute ${of}:`, gone),
    ...Object.entries(before).flatMap(([name, { values }]) => {
      const left = Object.hasOwn(after, name) ? after[name]?.values : undefined
      const lost = left === undefined ? [] : only(left.map(String), values.map(String))
      return lost.length === 0 ? [] : [`value of ${quoteValue(name)} ${of} that is gone: ${words(lost)}`]
    })
  ]
}

/** Which roles a role includes; what it thereby allows and denies is found by asking. */
function includeChanges(documents: OldNew<PolicyData>, renamed: readonly Rename[]): string[] {
  const names = new Map(renamed.flatMap(({ kind, from, to }) => (kind === 'role' ? [[from, to]] : [])))
  const nameNow = (name: string): string => names.get(name) ?? name
  const old = new Map(
    Object.entries(documents.old.roles ?? {}).map(([name, { includes = [] }]) => [
      nameNow(name),
      includes.map(nameNow)
    ])
  )
  return Object.entries(documents.new.roles ?? {}).flatMap(([name, { includes = [] }]) => {
    const before = old.get(name)
    const role = `role ${quoteValue(name)}`
    return before === undefined
      ? []
      : sets(before, includes, `${role} now includes`, `${role} no longer includes`)
  })
}

function optionChanges(what: 'option' | 'setting', { old, new: current }: Records<OptionDocument>): string[] {
  const gone = only(current.keys(), old.keys()).map(
    (name) =>
      `${what} that is gone: ${quoteValue(name)}; whoever set it is now decided like everybody, which no request shows`
  )
  const shared = [...current].flatMap(([name, after]) => {
    const before = old.get(name)
    if (before === undefined) return [`new ${what}: ${quoteValue(name)}`]
    const of = `of the ${what} ${quoteValue(name)}`
    return [
      ...sets(
        before.values.map(String),
        after.values.map(String),
        `new value ${of}:`,
        `value ${of} that is gone:`
      ),
      ...change(`the default ${of} was`, before.default, after.default)
    ]
  })
  return [...shared, ...gone]
}

function rolesOf(compiled: CompiledPolicy): ReadonlyMap<string, unknown> {
  return new Map(listRoles(compiled.roles).map((role) => [nameInFull(role), role.document]))
}

// --- scopes and invariants ------------------------------------------------------------------------------------------

function defaultChanges({ old, new: current }: OldNew<PolicyData>): string[] {
  const [before, after] = [old.defaultScopes, current.defaultScopes]
  if (JSON.stringify(before) === JSON.stringify(after)) return []
  return [`a token request without scopes meant ${meaning(before)} and now ${meaning(after)}`]
}

function invariantChanges(documents: OldNew<PolicyData>): string[] {
  const named = both(
    (side) => new Map((documents[side].invariants ?? []).map((one) => [one.name, statementOf(one)] as const))
  )
  const changed = [...named.new].flatMap(([name, statement]) => {
    const before = named.old.get(name)
    return before === undefined || before === statement ? [] : [name]
  })
  const [added, gone] = [only(named.old.keys(), named.new.keys()), only(named.new.keys(), named.old.keys())]
  return [
    // A new invariant is no risk; one that is gone or changed may be.
    ...(added.length === 0 ? [] : [`${added.length} new ${added.length === 1 ? 'invariant' : 'invariants'}`]),
    ...(gone.length === 0 ? [] : [`invariant that is gone: ${words(gone)}`]),
    ...(changed.length === 0 ? [] : [`invariant that says something else: ${words(changed)}`])
  ]
}

/** What an invariant says, whatever the order of its keys. */
function statementOf(invariant: NonNullable<PolicyData['invariants']>[number]): string {
  const said = Object.entries(invariant).filter(([key]) => key !== 'name' && key !== 'description')
  return JSON.stringify(said.sort(([a], [b]) => (a < b ? -1 : 1)))
}
