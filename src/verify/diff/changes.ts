// What else differs between two policies: what allows nobody anything by itself (names, delegations, defaults), and
// what no single request can show (a setting that is gone). Sentences for a reviewer, in the order of the document.
import type { CompiledPolicy } from '../../compile/compile.js'
import { listRoles } from '../../compile/role-index.js'
import { quoteValue } from '../../document/suggest.js'
import type { AssignPermissions, OptionDocument, PolicyShape } from '../../document/types.js'
import { both, type Both } from './sides.js'
import type { Rename } from './types.js'

type Records<T> = Both<ReadonlyMap<string, T>>

/** One sentence for each change; none for equal documents, whatever the order of their keys. */
export function describeChanges(engines: Both<CompiledPolicy>, renamed: readonly Rename[]): string[] {
  const documents = both((side) => engines[side].document)
  const isRenamed = (kind: Rename['kind']) => (name: string) =>
    renamed.some((one) => one.kind === kind && (one.from === name || one.to === name))
  const comings = <T>(
    what: string,
    read: (document: PolicyShape) => Readonly<Record<string, T>> | undefined,
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
      both((side) => rolesOf(engines[side])),
      isRenamed('role')
    ),
    ...comings('system subject', ({ systemSubjects }) => systemSubjects, 'system'),
    ...delegationChanges(engines, renamed),
    ...comings('scope', ({ scopes }) => scopes, 'scope'),
    ...scopeChanges(engines),
    ...comings('scope template', ({ scopeTemplates }) => scopeTemplates),
    ...invariantChanges(documents)
  ]
}

function recordsOf<T>(
  documents: Both<PolicyShape>,
  read: (document: PolicyShape) => Readonly<Record<string, T>> | undefined
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

/** A sentence with what came and one with what went, each where there is any. */
function sets(old: Iterable<string>, current: Iterable<string>, came: string, went: string): string[] {
  const [added, removed] = [only(old, current), only(current, old)]
  return [
    ...(added.length === 0 ? [] : [`${came} ${words(added)}`]),
    ...(removed.length === 0 ? [] : [`${went} ${words(removed)}`])
  ]
}

function change(what: string, old: unknown, current: unknown): string[] {
  return old === current ? [] : [`${what} ${orNone(old)} and now ${orNone(current)}`]
}

function orNone(value: unknown): string {
  return value === undefined ? 'nothing' : quoteValue(value)
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

function catalogueChanges({ old, new: current }: Both<PolicyShape>): string[] {
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
        ...change(`the organization ${of} was`, before.org ?? 'optional', after.org ?? 'optional'),
        ...change(`an ACL ${of} was possible:`, before.acl === true, after.acl === true)
      ]
    })
  ]
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

// --- delegations ----------------------------------------------------------------------------------------------------

interface Delegating {
  readonly assigns?: readonly string[] | undefined
  readonly assignable?: boolean | undefined
}

function rolesOf(engine: CompiledPolicy): ReadonlyMap<string, Delegating> {
  return new Map(
    listRoles(engine.roles).map(({ name, place, document }) => [
      place === undefined ? name : `${name} in ${place}`,
      document
    ])
  )
}

/** Who may give which role to whom; renamed roles under their new names. */
function delegationChanges(engines: Both<CompiledPolicy>, renamed: readonly Rename[]): string[] {
  const documents = both((side) => engines[side].document)
  const names = new Map(renamed.filter(({ kind }) => kind === 'role').map(({ from, to }) => [from, to]))
  const systems = recordsOf<Delegating>(documents, ({ systemSubjects }) => systemSubjects)
  const systemNames = new Map(
    renamed.filter(({ kind }) => kind === 'system').map(({ from, to }) => [from, to])
  )
  const roles = both((side) => rolesOf(engines[side]))
  return [
    ...delegations(underNewNames(roles.old, names), roles.new, names, ''),
    ...delegations(underNewNames(systems.old, systemNames), systems.new, names, 'system:'),
    ...needs('to give', documents.old.assignPermissions, documents.new.assignPermissions),
    ...needs('to take', documents.old.unassignPermissions, documents.new.unassignPermissions)
  ]
}

function underNewNames<T>(
  records: ReadonlyMap<string, T>,
  names: ReadonlyMap<string, string>
): Map<string, T> {
  return new Map([...records].map(([name, value]) => [names.get(name) ?? name, value]))
}

function delegations(
  old: ReadonlyMap<string, Delegating>,
  current: ReadonlyMap<string, Delegating>,
  names: ReadonlyMap<string, string>,
  prefix: string
): string[] {
  return [...current].flatMap(([name, after]) => {
    const before = old.get(name)
    const who = quoteValue(prefix + name)
    const assigned = (before?.assigns ?? []).map((role) => names.get(role) ?? role)
    const isOpen = after.assignable !== false
    const wasOpen = before === undefined || before.assignable !== false
    return [
      ...sets(assigned, after.assigns ?? [], `${who} may now assign`, `${who} may no longer assign`),
      ...(isOpen === wasOpen ? [] : [`${who} can ${isOpen ? 'now' : 'no longer'} be assigned`])
    ]
  })
}

function needs(what: string, old: AssignPermissions = {}, current: AssignPermissions = {}): string[] {
  return [
    ...change(`${what} a site role one needed`, old.site, current.site),
    ...change(`${what} an organization role one needed`, old.org, current.org)
  ]
}

// --- scopes and invariants ------------------------------------------------------------------------------------------

function scopeChanges(engines: Both<CompiledPolicy>): string[] {
  const aliases = both((side) => namesOf(engines[side]).flatMap(({ others }) => others))
  const publics = both((side) =>
    engines[side].scopes.list().flatMap(({ name, isPublic }) => (isPublic ? [name] : []))
  )
  const { old, new: current } = both((side) => engines[side].document.defaultScopes)
  return [
    ...sets(aliases.old, aliases.new, 'new alias of a scope:', 'alias of a scope that is gone:'),
    ...sets(
      publics.old,
      publics.new,
      'scope that users may now request:',
      'scope that users may no longer request:'
    ),
    ...(String(old) === String(current)
      ? []
      : [`a token request without scopes meant ${meant(old)} and now ${meant(current)}`])
  ]
}

function namesOf({ document }: CompiledPolicy): { others: readonly string[] }[] {
  return Object.values(document.scopes ?? {}).map(({ aliases = [] }) => ({ others: aliases }))
}

function meant(scopes: readonly string[] | undefined): string {
  return scopes === undefined ? 'an error' : scopes.length === 0 ? 'no scope' : words(scopes)
}

function invariantChanges(documents: Both<PolicyShape>): string[] {
  const named = both(
    (side) => new Map((documents[side].invariants ?? []).map((one) => [one.name, statementOf(one)] as const))
  )
  const changed = [...named.new].flatMap(([name, statement]) => {
    const before = named.old.get(name)
    return before === undefined || before === statement ? [] : [name]
  })
  const [added, gone] = [only(named.old.keys(), named.new.keys()), only(named.new.keys(), named.old.keys())]
  return [
    // What is newly proved is no risk; what is no longer asked may be one.
    ...(added.length === 0 ? [] : [`${added.length} new ${added.length === 1 ? 'invariant' : 'invariants'}`]),
    ...(gone.length === 0 ? [] : [`invariant that is gone: ${words(gone)}`]),
    ...(changed.length === 0 ? [] : [`invariant that says something else: ${words(changed)}`])
  ]
}

/** What an invariant says, whatever the order of its keys. */
function statementOf(invariant: NonNullable<PolicyShape['invariants']>[number]): string {
  const said = Object.entries(invariant).filter(([key]) => key !== 'name' && key !== 'description')
  return JSON.stringify(said.sort(([a], [b]) => (a < b ? -1 : 1)))
}
