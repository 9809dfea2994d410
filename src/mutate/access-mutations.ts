// Mutants that let somebody reach more without changing a grant: what a resource says (resource-mutations.ts), defaults,
// who may assign what, which scopes may be requested or are the default, and what a scope's alias means. No statement can be about some of these,
// so no test can notice them; they are listed separately and never count as noticed.
import type { CompiledPolicy } from '../compile/compile.js'
import type { PolicyData, RoleKind } from '../document/types.js'
import { isWithin } from '../levels.js'
import { resourceMutations } from './resource-mutations.js'
import type { MutatedPart, Mutation, MutationKind } from './types.js'
import { formatPath } from '../problems/path.js'
import { quoteValue } from '../problems/quote.js'

/** Every such mutant, in the order of the document. */
export function* accessMutationsOf(compiled: CompiledPolicy): Generator<Mutation> {
  const { document } = compiled
  yield* resourceMutations(compiled)
  yield* defaults(document)
  yield* assigns(document)
  yield* assignPermissions(document)
  yield* publicScopes(compiled)
  yield* defaultScopes(compiled)
  yield* aliases(compiled)
}

/** Changes of the document as a whole, which change no decision. */
const whole: MutatedPart = { kind: 'document', name: '' }

function mutation(
  kind: MutationKind,
  path: readonly string[],
  change: string,
  document: () => PolicyData,
  part = whole
): Mutation {
  return { kind, part, path: formatPath(path), change, document }
}

/** Makes each other value of a setting that organizations need not give its default. */
function* defaults(document: PolicyData): Generator<Mutation> {
  for (const [name, option] of Object.entries(document.orgOptions ?? {}))
    if (option.default !== undefined)
      for (const value of option.values)
        if (value !== option.default)
          yield mutation(
            'turn-default',
            ['orgOptions', name, 'default'],
            `as ${quoteValue(value)}`,
            () => ({
              ...document,
              orgOptions: { ...document.orgOptions, [name]: { ...option, default: value } }
            }),
            { kind: 'setting', name }
          )
}

/** Who may assign what. Only what somebody could notice is changed: a role of a place assigns none of a wider one. */
function* assigns(document: PolicyData): Generator<Mutation> {
  const { roles = {}, systemSubjects = {} } = document
  const assignable = Object.entries(roles).filter(([, role]) => role.assignable !== false)
  const more = (giver: RoleKind, assigned: readonly string[] = []): string[] => {
    if (assigned.includes('*')) return []
    const next = assignable.find(([name, { kind }]) => !assigned.includes(name) && isWithin(kind, giver))
    return next === undefined ? [] : [next[0], '*']
  }
  const reached = (name: string, kind: RoleKind): boolean =>
    [
      ...Object.values(roles),
      ...Object.values(systemSubjects).map((system) => ({ ...system, kind: 'site' as const }))
    ].some(
      (giver) =>
        isWithin(kind, giver.kind) && (giver.assigns ?? []).some((entry) => entry === '*' || entry === name)
    )
  for (const [name, role] of Object.entries(roles)) {
    const part: MutatedPart = { kind: 'role', name }
    const withRole = (change: object) => (): PolicyData => ({
      ...document,
      roles: { ...roles, [name]: { ...role, ...change } }
    })
    for (const target of more(role.kind, role.assigns))
      yield mutation(
        'add-assign',
        ['roles', name, 'assigns'],
        `with ${quoteValue(target)}`,
        withRole({ assigns: [...(role.assigns ?? []), target] }),
        part
      )
    if (role.assignable === false && reached(name, role.kind))
      yield mutation(
        'assignable',
        ['roles', name, 'assignable'],
        'as true',
        withRole({ assignable: true }),
        part
      )
  }
  for (const [name, system] of Object.entries(systemSubjects))
    for (const target of more('site', system.assigns))
      yield mutation(
        'add-assign',
        ['systemSubjects', name, 'assigns'],
        `with ${quoteValue(target)}`,
        () => ({
          ...document,
          systemSubjects: {
            ...systemSubjects,
            [name]: { ...system, assigns: [...(system.assigns ?? []), target] }
          }
        }),
        { kind: 'systemSubject', name }
      )
}

function* assignPermissions(document: PolicyData): Generator<Mutation> {
  const keys = [
    ['assignPermissions', 'free-assign'],
    ['unassignPermissions', 'free-unassign']
  ] as const
  for (const [key, mutationKind] of keys)
    for (const kind of Object.keys(document[key] ?? {}))
      if (document[key]?.[kind] !== undefined)
        yield mutation(mutationKind, [key, kind], 'dropped', () => ({
          ...document,
          [key]: { ...document[key], [kind]: undefined }
        }))
}

function* publicScopes({ document, scopes, catalogue }: CompiledPolicy): Generator<Mutation> {
  for (const [name, scope] of Object.entries(document.scopes ?? {}))
    if (scopes.find(name)?.isPublic !== true)
      yield mutation('make-public', ['scopes', name, 'public'], 'as true', () => ({
        ...document,
        scopes: { ...document.scopes, [name]: { ...scope, public: true } }
      }))
  const known = new Set(document.publicScopes)
  for (const resource of catalogue.resources.keys())
    if (!known.has(`${resource}:*`))
      yield mutation('make-public', ['publicScopes'], `with ${quoteValue(`${resource}:*`)}`, () => ({
        ...document,
        publicScopes: [...(document.publicScopes ?? []), `${resource}:*`]
      }))
}

/** Scopes that would let more through than the default ones do. */
function* defaultScopes({ document, scopes, catalogue }: CompiledPolicy): Generator<Mutation> {
  const known = (document.defaultScopes ?? []).flatMap((name) => scopes.find(name) ?? [])
  const through = new Uint8Array(catalogue.permissions.length)
  for (const { table } of known)
    for (const [index, byte] of table.entries()) through[index] = (through[index] ?? 0) | byte
  for (const name of Object.keys(document.scopes ?? {}))
    if (scopes.find(name)?.table.some((byte, index) => byte > (through[index] ?? 0)) === true)
      yield mutation('add-default', ['defaultScopes'], `with ${quoteValue(name)}`, () => ({
        ...document,
        defaultScopes: [...(document.defaultScopes ?? []), name]
      }))
}

/** Makes an alias of a scope mean the next declared scope instead. */
function* aliases({ document }: CompiledPolicy): Generator<Mutation> {
  const all = Object.entries(document.scopes ?? {})
  for (const [index, [name, scope]] of all.entries()) {
    const [next, other] = all[(index + 1) % all.length] ?? []
    if (next === undefined || next === name) continue
    for (const alias of scope.aliases ?? [])
      yield mutation(
        'turn-alias',
        ['scopes', name, 'aliases'],
        `${quoteValue(alias)} as a name of ${quoteValue(next)}`,
        () => ({
          ...document,
          scopes: {
            ...document.scopes,
            [name]: { ...scope, aliases: scope.aliases?.filter((one) => one !== alias) },
            [next]: { ...other, allow: other?.allow ?? {}, aliases: [...(other?.aliases ?? []), alias] }
          }
        }),
        { kind: 'scope', name: alias }
      )
  }
}
