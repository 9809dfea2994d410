// Scopes and allow lists as given → a ceiling. A ceiling never grants; a decision checks it last. A key that is present
// is a ceiling, so `undefined` or `null` there is a problem: an API key whose scopes got lost must not become
// unlimited.
import { uuidAt } from '../document/ids.js'
import { ownFields } from '../problems/own-fields.js'
import { type RequestProblems } from '../problems/request-problems.js'
import type { CeilingInput, TemplateScope } from '../types.js'
import { idsOf, AllowListBuilder, readAllowList, type AllowList, type IdsByType } from './allow-list.js'
import type { CompiledPolicy } from '../compile/compile.js'
import type { CompiledScope, CompiledTemplate, TemplateEntry } from '../compile/scopes.js'
import type { Union } from '../compile/tables.js'
import { readOrgList, type OrgList } from './org-list.js'
import { quoteValue } from '../problems/quote.js'
import { isPlainObject } from '../problems/plain.js'
import type { Path } from '../problems/path.js'

/** A scope template with its parameters filled in; its list, if it has one, limits only this scope. */
export interface FilledTemplate {
  readonly template: string
  readonly params: Readonly<Record<string, string | boolean>>
  readonly table: Uint8Array
  readonly list: AllowList | undefined
}

export interface ScopeCeiling {
  /** Scopes given by name; they have no list of their own. */
  readonly named: Union<CompiledScope>
  readonly templates: readonly FilledTemplate[]
  /** The templates grouped by table, so that a key with a thousand templates needs few checks. */
  readonly united: readonly UnitedTemplates[]
}

/** Templates that let the same permissions through. */
export interface UnitedTemplates {
  readonly table: Uint8Array
  /** The ids in their lists; `undefined` (every object) where one of them has no list. */
  readonly ids: IdsByType | undefined
}

/** Scopes after reading; `united` is made when first needed. */
class ReadScopes implements ScopeCeiling {
  readonly named: Union<CompiledScope>
  readonly templates: readonly FilledTemplate[]
  #united: readonly UnitedTemplates[] | undefined

  constructor(named: Union<CompiledScope>, templates: readonly FilledTemplate[]) {
    this.named = named
    this.templates = templates
  }

  get united(): readonly UnitedTemplates[] {
    return (this.#united ??= uniteTemplates(this.templates))
  }
}

function uniteTemplates(templates: readonly FilledTemplate[]): readonly UnitedTemplates[] {
  const byTable = new Map<Uint8Array, FilledTemplate[]>()
  for (const filled of templates) {
    const alike = byTable.get(filled.table)
    if (alike === undefined) byTable.set(filled.table, [filled])
    else alike.push(filled)
  }
  return [...byTable].map(([table, alike]) => {
    const lists = alike.flatMap(({ list }) => list ?? [])
    return { table, ids: lists.length < alike.length ? undefined : idsOf(lists) }
  })
}

/** One ceiling; `undefined` means no limit of that kind. */
export interface Ceiling {
  readonly scopes: ScopeCeiling | undefined
  readonly list: AllowList | undefined
  /** Where it lets act. */
  readonly orgs: OrgList | undefined
}

/**
 * A written ceiling together with the result of reading it, so that it is not read again for the same policy or one
 * that `withRoles` made from it. Its lists are frozen, so that they stay what was read.
 */
export class ReadyCeiling implements Required<Omit<CeilingInput, 'onlyOrgs'>> {
  readonly scopes: readonly (string | TemplateScope)[]
  readonly allowList: readonly string[]
  readonly #ceiling: Ceiling
  readonly #madeFor: CompiledPolicy['ceilings']

  constructor(
    scopes: readonly (string | TemplateScope)[],
    allowList: readonly string[],
    ceiling: Ceiling,
    policy: CompiledPolicy
  ) {
    this.scopes = Object.freeze(scopes)
    this.allowList = Object.freeze(allowList)
    this.#ceiling = ceiling
    this.#madeFor = policy.ceilings
    Object.freeze(this)
  }

  /** The ceiling that was read, if the value has one for this policy. */
  static of(value: object, policy: CompiledPolicy): Ceiling | undefined {
    return #ceiling in value && value.#madeFor === policy.ceilings ? value.#ceiling : undefined
  }
}

/**
 * Reads the own `scopes`, `allowList` and `onlyOrgs` of a subject or of `within`; `undefined` where none of the keys is
 * present. The caller checks for inherited keys.
 */
export function readCeiling(
  given: Readonly<Record<string, unknown>>,
  path: Path,
  policy: CompiledPolicy,
  problems: RequestProblems
): Ceiling | undefined {
  // Nearly every subject has none of them, and `in` is quicker about what is not there.
  const hasScopes = 'scopes' in given && Object.hasOwn(given, 'scopes')
  const hasList = 'allowList' in given && Object.hasOwn(given, 'allowList')
  const hasOrgs = 'onlyOrgs' in given && Object.hasOwn(given, 'onlyOrgs')
  if (!hasScopes && !hasList && !hasOrgs) return undefined
  return {
    scopes: hasScopes ? readScopes(given['scopes'], path, policy, problems) : undefined,
    list: hasList
      ? readAllowList(given['allowList'], [...path, 'allowList'], policy.lists, problems)
      : undefined,
    orgs: hasOrgs ? readOrgList(given['onlyOrgs'], [...path, 'onlyOrgs'], policy.lists, problems) : undefined
  }
}

function readScopes(
  given: unknown,
  path: Path,
  policy: CompiledPolicy,
  problems: RequestProblems
): ScopeCeiling {
  const { ceilings, scopes } = policy
  const templates: FilledTemplate[] = []
  let named = ceilings.empty
  if (!Array.isArray(given)) problems.addShape([...path, 'scopes'], 'a list of scopes', given)
  else
    for (let i = 0; i < given.length; i++) {
      const scope: unknown = given[i]
      if (typeof scope === 'string') {
        const found = scopes.find(scope)
        if (found !== undefined) named = ceilings.gather(named, found)
        else problems.addUnknown('unknown_scope', [...path, 'scopes', i], 'scope', scope, scopes.names())
      } else {
        const filled = readTemplate(scope, [...path, 'scopes', i], policy, problems)
        if (filled !== undefined) templates.push(filled)
      }
    }
  return new ReadScopes(named, templates)
}

const templateKeys = new Set(['template', 'params'])

function readTemplate(
  scope: unknown,
  path: Path,
  policy: CompiledPolicy,
  problems: RequestProblems
): FilledTemplate | undefined {
  if (!isPlainObject(scope)) {
    problems.addShape(path, 'a scope name or `{ template, params }`', scope)
    return undefined
  }
  for (const key of Object.keys(scope))
    if (!templateKeys.has(key)) problems.addUnknownKey(path, key, templateKeys)
  const { template, params = {} } = ownFields(scope, templateKeys)
  return fillTemplate(template, params, path, policy, problems)
}

/** Fills a template in; what is missing, unknown or malformed goes to `problems`. */
export function fillTemplate(
  name: unknown,
  params: unknown,
  path: Path,
  policy: CompiledPolicy,
  problems: RequestProblems
): FilledTemplate | undefined {
  if (typeof name !== 'string') {
    problems.addShape([...path, 'template'], 'the name of a scope template', name)
    return undefined
  }
  const { templates } = policy.scopes
  const template = templates.get(name)
  if (template === undefined) {
    problems.addUnknown('unknown_scope_template', [...path, 'template'], 'scope template', name, templates)
    return undefined
  }
  if (!isPlainObject(params)) {
    problems.addShape([...path, 'params'], 'a record of parameters', params)
    return undefined
  }
  const values = readParameters(template, params, [...path, 'params'], policy, problems)
  const flags = new Set<string>()
  for (const [param, value] of values) if (value === true) flags.add(param)
  return Object.freeze({
    template: name,
    params: Object.freeze(Object.fromEntries(values)),
    table: template.tableUnder(flags),
    list: template.entries && fillEntries(template.entries, values)
  })
}

function readParameters(
  template: CompiledTemplate,
  params: Readonly<Record<string, unknown>>,
  path: Path,
  policy: CompiledPolicy,
  problems: RequestProblems
): ReadonlyMap<string, string | boolean> {
  const values = new Map<string, string | boolean>()
  for (const key of Object.keys(params))
    if (!template.params.has(key))
      problems.addUnknown('unknown_parameter', [...path, key], 'parameter', key, template.params)
  for (const [key, need] of template.params) {
    const value = Object.hasOwn(params, key) ? params[key] : undefined
    if (value === undefined) {
      if (need === 'required') problems.add('missing_parameter', [...path, key], 'missing parameter')
      continue
    }
    const expected = need === 'flag' ? 'true or false' : policy.lists.ids === 'uuid' ? 'a UUID' : 'an id'
    const read = need === 'flag' ? (typeof value === 'boolean' ? value : undefined) : readId(value, policy)
    if (read !== undefined) values.set(key, read)
    else {
      const message = `expected ${expected}, not ${quoteValue(value)}`
      problems.add('invalid_parameter', [...path, key], message, value)
    }
  }
  return values
}

/** The id as lists store it; `undefined` if it is not an id. */
function readId(value: unknown, { lists }: CompiledPolicy): string | undefined {
  if (typeof value !== 'string') return undefined
  if (lists.ids !== 'uuid') return value === '' || value === '*' ? undefined : value
  const letters = uuidAt(value, 0)
  return letters === undefined ? undefined : letters === 'lower' ? value : value.toLowerCase()
}

/** The template's list. The document check covered its entries, and `readParameters` the values. */
function fillEntries(
  entries: readonly TemplateEntry[],
  values: ReadonlyMap<string, string | boolean>
): AllowList {
  const list = new AllowListBuilder()
  for (const { type, id, param } of entries) {
    const filled = param === undefined ? id : values.get(param)
    // An optional parameter that is not given leaves its entry out.
    if (typeof filled === 'string') list.add(type, filled)
  }
  return list
}
