// A checked document → the compiled policy: the one frozen form that decisions, explanations, abilities, filters and
// proofs read. It checks only the options of the deployment, so the document must have been checked.
import type { Grants, PolicyData, RoleDocument, SystemSubjectDocument } from '../document/types.js'
import { withoutPrototypes } from '../problems/own-fields.js'
import { RequestProblems } from '../problems/request-problems.js'
import { compileCatalogue, type Catalogue } from './catalogue.js'
import { shippedRoles, type RoleIndex } from './role-index.js'
import {
  compileRole,
  compileSystemTable,
  type RoleTable,
  type CompiledRole,
  type RoleContext
} from './roles.js'
import { compileScopes, type CompiledScope, type ScopeIndex } from './scopes.js'
import { createUnions, type Unions } from './tables.js'
import { quoteValue } from '../problems/quote.js'
import type { OptionValue } from '../types.js'
import type { AllowListContext } from './list-context.js'

export interface CompiledSystemSubject {
  readonly name: string
  readonly document: SystemSubjectDocument
  readonly roleTable: RoleTable
}

declare const compiled: unique symbol
/** A compiled policy as users see it in types: opaque. `compiledOf` gives the real one. */
export interface CompiledHandle {
  readonly [compiled]?: never
}

/** What every use of a policy reads. */
export interface CompiledPolicy extends CompiledHandle {
  readonly document: PolicyData
  readonly catalogue: Catalogue
  /** The deployment's options as compiled. */
  readonly options: ReadonlyMap<string, OptionValue>
  readonly context: RoleContext
  readonly roles: RoleIndex
  readonly systemSubjects: ReadonlyMap<string, CompiledSystemSubject>
  readonly scopes: ScopeIndex
  /** Whether an object in process with a field that nothing reads is a problem. */
  readonly isStrict: boolean
  /** What entries of allow lists are checked against. */
  readonly lists: AllowListContext
  /** The sets of roles that subjects hold, each united once. */
  readonly roleTables: Unions<RoleTable>
  /** The sets of scopes that keys carry, each united once. */
  readonly ceilings: Unions<CompiledScope>
}

/** Values for the deployment's options. */
export type OptionValues = Readonly<Record<string, OptionValue>>

/**
 * Compiles a checked document.
 *
 * @throws RequestError `unknown_option`, `invalid_option`, or `missing_option` for an option without default that a
 * role reads.
 */
export function compileDocument(
  document: PolicyData,
  given: OptionValues = {},
  isStrict = false
): CompiledPolicy {
  // Without prototypes, so that a key on `Object.prototype` is not taken for one of the document.
  const own = withoutPrototypes(document)
  const catalogue = compileCatalogue(own)
  const options = chooseOptions(own, given)
  const lists: AllowListContext = { catalogue, ids: own.ids ?? 'string' }
  const orgOptions = new Map(Object.entries(own.orgOptions ?? {}))
  const context: RoleContext = { catalogue, options, orgOptions, shipped: own.roles ?? {} }
  const shipped = new Map<string, CompiledRole>()
  for (const [name, role] of Object.entries(own.roles ?? {}))
    shipped.set(name, compileRole(name, role, ['roles', name], context))
  const systemSubjects = Object.entries(own.systemSubjects ?? {}).map(
    ([name, subject]) => [name, compileSystemSubject(name, subject, catalogue)] as const
  )
  return Object.freeze({
    document,
    catalogue,
    options,
    isStrict,
    context,
    roles: shippedRoles(shipped),
    systemSubjects: new Map(systemSubjects),
    scopes: compileScopes(own, lists),
    lists,
    roleTables: createUnions<RoleTable>(catalogue.permissions.length),
    ceilings: createUnions<CompiledScope>(catalogue.permissions.length)
  })
}

function chooseOptions(document: PolicyData, given: OptionValues): ReadonlyMap<string, OptionValue> {
  const declared = new Map(Object.entries(document.options ?? {}))
  const chosen = new Map<string, OptionValue>()
  const problems = new RequestProblems()
  for (const [name, option] of declared) if (option.default !== undefined) chosen.set(name, option.default)
  for (const [name, value] of Object.entries(given)) {
    const option = declared.get(name)
    if (option === undefined)
      problems.addUnknown('unknown_option', ['options', name], 'option', name, declared)
    else if (option.values.includes(value)) chosen.set(name, value)
    else problems.addInvalidOption(['options', name], option, value)
  }
  addMissingOptions(document, document.roles ?? {}, chosen, problems)
  problems.throwFirst()
  return chosen
}

/**
 * Refuses roles that read an option without a value: the variant that would not apply might be one that denies.
 *
 * @throws RequestError `missing_option`.
 */
export function requireOptions(
  { document, options }: CompiledPolicy,
  roles: Readonly<Record<string, RoleDocument>>
): void {
  const problems = new RequestProblems()
  addMissingOptions(document, roles, options, problems)
  problems.throwFirst()
}

function addMissingOptions(
  document: PolicyData,
  roles: Readonly<Record<string, RoleDocument>>,
  chosen: ReadonlyMap<string, OptionValue>,
  problems: RequestProblems
): void {
  const declared = new Set(Object.keys((Object.hasOwn(document, 'options') && document.options) || {}))
  for (const [name, role] of Object.entries(roles))
    for (const option of (role.variants ?? []).flatMap((variant) => Object.keys(variant.when)))
      if (declared.has(option) && !chosen.has(option))
        problems.add(
          'missing_option',
          ['options', option],
          `role ${quoteValue(name)} reads it and it has no default`
        )
}

/** Compiles one system subject. */
export function compileSystemSubject(
  name: string,
  document: SystemSubjectDocument,
  catalogue: Catalogue
): CompiledSystemSubject {
  let roleTable: RoleTable | undefined
  return {
    name,
    document,
    // Made when first asked for: a process is one service, or few.
    get roleTable() {
      return (roleTable ??= compileSystemTable(name, systemGrants(document), catalogue))
    }
  }
}

/** Without an id a system subject owns nothing, so only its grants at the site reach anything. */
function systemGrants({ id, grants }: SystemSubjectDocument): Grants {
  return id === undefined || id === '' ? { site: grants?.site } : { site: grants?.site, user: grants?.user }
}

export const compiledPolicy: unique symbol = Symbol.for('casemate.compiled')

/** The compiled form of a policy. Not for users: it changes between versions without notice. */
export function compiledOf(policy: { readonly [compiledPolicy]: CompiledHandle }): CompiledPolicy {
  // The property always has a `CompiledPolicy`.
  return policy[compiledPolicy] as CompiledPolicy
}
