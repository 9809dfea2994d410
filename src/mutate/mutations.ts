// Every mutant of a policy's document: each role, system subject, scope and scope template, one change at a time.
import { splitName } from '../problems/names.js'
import type { Catalogue } from '../compile/catalogue.js'
import type { CompiledPolicy } from '../compile/compile.js'
import type {
  Grants,
  PermissionSet,
  PolicyData,
  RoleDocument,
  ScopeTemplateDocument,
  SystemSubjectDocument
} from '../document/types.js'
import { accessMutationsOf } from './access-mutations.js'
import { mutateGrants, type Holder } from './grant-mutations.js'
import { mutateAllow } from './set-mutations.js'
import type { MutatedPart, Mutation, MutationKind } from './types.js'
import { formatPath } from '../problems/path.js'
import { quoteValue } from '../problems/quote.js'
import { isOfOwner, isOrgLevel, levels, levelsOfKind } from '../levels.js'

/** A change of one named part: the changed part, and where in it the change is. */
interface Change<T> {
  readonly kind: MutationKind
  readonly at: readonly (string | number)[]
  readonly change: string
  /** Made each time it is asked for: a role may have thousands of variants, and each change copies their list. */
  readonly value: () => T
}

/** Every mutant, in the order of the document. Custom roles are no part of it. */
export function* mutationsOf(compiled: CompiledPolicy): Generator<Mutation> {
  const { document, catalogue } = compiled
  for (const [name, role] of Object.entries(document.roles ?? {}))
    for (const change of mutateRole(role, catalogue))
      yield mutation({ kind: 'role', name }, ['roles', name], change, (value) => ({
        ...document,
        roles: { ...document.roles, [name]: value }
      }))
  for (const [name, system] of Object.entries(document.systemSubjects ?? {}))
    for (const change of mutateSystem(system, catalogue))
      yield mutation({ kind: 'systemSubject', name }, ['systemSubjects', name], change, (value) => ({
        ...document,
        systemSubjects: { ...document.systemSubjects, [name]: value }
      }))
  for (const [name, scope] of Object.entries(document.scopes ?? {}))
    for (const change of mutateScopeSet(scope.allow, catalogue))
      yield mutation({ kind: 'scope', name }, ['scopes', name, 'allow'], change, (allow) => ({
        ...document,
        scopes: { ...document.scopes, [name]: { ...scope, allow } }
      }))
  for (const [name, template] of Object.entries(document.scopeTemplates ?? {}))
    for (const change of mutateTemplate(template, catalogue))
      yield mutation({ kind: 'scope', name }, ['scopeTemplates', name], change, (value) => ({
        ...document,
        scopeTemplates: { ...document.scopeTemplates, [name]: value }
      }))
  yield* accessMutationsOf(compiled)
}

function mutation<T>(
  part: MutatedPart,
  path: readonly string[],
  { kind, at, change, value }: Change<T>,
  document: (value: T) => PolicyData
): Mutation {
  return { kind, part, path: formatPath([...path, ...at]), change, document: () => document(value()) }
}

function* mutateRole(role: RoleDocument, catalogue: Catalogue): Generator<Change<RoleDocument>> {
  const held = levelsOfKind(role.kind)
  yield* changeGrants(role.grants, { catalogue, levels: held, under: undefined }, ['grants'], (grants) => ({
    ...role,
    grants
  }))
  const { includes = [], variants = [] } = role
  for (const [index, name] of includes.entries())
    yield {
      kind: 'drop-include',
      at: ['includes'],
      change: `without ${quoteValue(name)}`,
      value: () => ({ ...role, includes: includes.toSpliced(index, 1) })
    }
  for (const [index, variant] of variants.entries()) {
    const at = ['variants', index]
    yield {
      kind: 'drop-variant',
      at,
      change: 'dropped',
      value: () => ({ ...role, variants: variants.toSpliced(index, 1) })
    }
    const holder = { catalogue, levels: held, under: role.grants ?? {} }
    yield* changeGrants(variant.grants, holder, [...at, 'grants'], (grants) => ({
      ...role,
      variants: variants.with(index, { ...variant, grants })
    }))
  }
}

function* mutateSystem(
  system: SystemSubjectDocument,
  catalogue: Catalogue
): Generator<Change<SystemSubjectDocument>> {
  const held = levels.filter((level) => !isOrgLevel(level) && (system.id !== undefined || !isOfOwner(level)))
  yield* changeGrants(system.grants, { catalogue, levels: held, under: undefined }, ['grants'], (grants) => ({
    ...system,
    grants: { site: grants.site, user: grants.user }
  }))
}

function* changeGrants<T>(
  grants: Grants | undefined,
  holder: Holder,
  path: readonly (string | number)[],
  value: (grants: Grants) => T
): Generator<Change<T>> {
  for (const { kind, at, change, grants: changed } of mutateGrants(grants ?? {}, holder))
    yield { kind, at: [...path, ...at], change, value: () => value(changed()) }
}

function* mutateScopeSet(
  set: PermissionSet,
  catalogue: Catalogue,
  under?: PermissionSet
): Generator<Change<PermissionSet>> {
  for (const { kind, key, change, set: value } of mutateAllow(set, catalogue, () => true, under)) {
    const isLess = kind === 'drop-action' || kind === 'drop-resource'
    yield { kind: isLess ? 'narrow-scope' : 'widen-scope', at: [key], change, value }
  }
}

function* mutateTemplate(
  template: ScopeTemplateDocument,
  catalogue: Catalogue
): Generator<Change<ScopeTemplateDocument>> {
  for (const { at, value: allow, ...change } of mutateScopeSet(template.allow, catalogue))
    yield { ...change, at: ['allow', ...at], value: () => ({ ...template, allow: allow() }) }
  const variants = template.variants ?? []
  for (const [index, variant] of variants.entries()) {
    const path = ['variants', index]
    const value = (): ScopeTemplateDocument => ({ ...template, variants: variants.toSpliced(index, 1) })
    yield { kind: 'drop-variant', at: path, change: 'dropped', value }
    for (const { at, value: allow, ...change } of mutateScopeSet(variant.allow, catalogue, template.allow))
      yield {
        ...change,
        at: [...path, 'allow', ...at],
        value: () => ({ ...template, variants: variants.with(index, { ...variant, allow: allow() }) })
      }
  }
  yield* mutateList(template)
}

function* mutateList(template: ScopeTemplateDocument): Generator<Change<ScopeTemplateDocument>> {
  const { allowList, ...rest } = template
  if (allowList === undefined) return
  yield { kind: 'widen-list', at: ['allowList'], change: 'dropped', value: () => rest }
  for (const [index, entry] of allowList.entries()) {
    const at = ['allowList', index]
    yield {
      kind: 'narrow-list',
      at,
      change: 'dropped',
      value: () => ({ ...rest, allowList: allowList.toSpliced(index, 1) })
    }
    const every = `${splitName(entry)[0] ?? ''}:*`
    if (!allowList.includes(every))
      yield {
        kind: 'widen-list',
        at,
        change: `as ${every}`,
        value: () => ({ ...rest, allowList: allowList.with(index, every) })
      }
  }
}
