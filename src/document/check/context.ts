// The names in a document, which the checks look things up in. Built once per document, from the parts that can be
// read; a resource or option of a wrong shape is known by its name only.
import type { Problems } from '../../problems/problems.js'
import { entriesOf, fieldOf, textsOf } from '../read.js'
import { quoteValue } from '../../problems/quote.js'
import type { Path } from '../../problems/path.js'
import type { OptionValue } from '../../types.js'

/** What the checks ask about a resource. */
export interface ResourceFacts {
  /** `undefined` where they have a wrong shape. */
  readonly actions: ReadonlySet<string> | undefined
  readonly org: unknown
}

/** The values of an option, and by their text. */
export interface OptionFacts {
  readonly values: ReadonlySet<unknown>
  readonly byText: ReadonlyMap<string, OptionValue>
}

/** By name; `undefined` where the values have a wrong shape. */
type Options = ReadonlyMap<string, OptionFacts | undefined>

/** A document with the names in it, and where its problems go. */
export interface Context {
  readonly problems: Problems
  readonly document: unknown
  readonly hasUuids: boolean
  readonly resources: ReadonlyMap<string, ResourceFacts>
  /** Every action of any resource. */
  readonly actions: ReadonlySet<string>
  /** Every `resource:action`. */
  readonly permissions: ReadonlySet<string>
  /** Every `resource:action` and `resource:*`. */
  readonly lowLevelScopes: ReadonlySet<string>
  /** By name, the kind. */
  readonly roles: ReadonlyMap<string, unknown>
  /** What `assigns` may list. */
  readonly assignees: ReadonlySet<string>
  readonly systemSubjects: ReadonlySet<string>
  readonly options: Options
  readonly orgOptions: Options
  /** Options of both kinds; where both have the name, the deployment option. */
  readonly settings: Options
  /** Declared names. */
  readonly scopes: ReadonlySet<string>
  readonly aliases: ReadonlySet<string>
  readonly templates: ReadonlySet<string>
}

/** The names in a document. */
export type DocumentNames = Omit<Context, 'problems' | 'document'>

/** The context of a document; `names` are those of a document that was read before. */
export function createContext(
  document: unknown,
  problems: Problems,
  names: DocumentNames = readNames(document)
): Context {
  return {
    problems,
    document,
    hasUuids: names.hasUuids,
    resources: names.resources,
    actions: names.actions,
    get permissions() {
      return names.permissions
    },
    get lowLevelScopes() {
      return names.lowLevelScopes
    },
    roles: names.roles,
    assignees: names.assignees,
    systemSubjects: names.systemSubjects,
    options: names.options,
    orgOptions: names.orgOptions,
    settings: names.settings,
    scopes: names.scopes,
    aliases: names.aliases,
    templates: names.templates
  }
}

/** Reads the names of a document. Permissions are many, so their names are made when first needed. */
export function readNames(document: unknown): DocumentNames {
  const resources = new Map(
    entriesOf(fieldOf(document, 'resources')).map(([name, resource]) => [name, resourceFacts(resource)])
  )
  const actions = new Set([...resources.values()].flatMap((facts) => [...(facts.actions ?? [])]))
  const roles = new Map(
    entriesOf(fieldOf(document, 'roles')).map(([name, role]) => [name, fieldOf(role, 'kind')])
  )
  const scopes = entriesOf(fieldOf(document, 'scopes'))
  const options = optionFacts(fieldOf(document, 'options'))
  const orgOptions = optionFacts(fieldOf(document, 'orgOptions'))
  let permissions: ReadonlySet<string> | undefined
  let lowLevelScopes: ReadonlySet<string> | undefined
  return {
    hasUuids: fieldOf(document, 'ids') === 'uuid',
    resources,
    actions,
    get permissions() {
      return (permissions ??= permissionNames(resources, []))
    },
    get lowLevelScopes() {
      return (lowLevelScopes ??= permissionNames(resources, ['*']))
    },
    roles,
    assignees: new Set([...roles.keys(), '*', 'custom:site', 'custom:org']),
    systemSubjects: namesIn(fieldOf(document, 'systemSubjects')),
    options,
    orgOptions,
    settings: new Map([...orgOptions, ...options]),
    scopes: new Set(scopes.map(([name]) => name)),
    aliases: new Set(
      scopes.flatMap(([, scope]) => textsOf(fieldOf(scope, 'aliases')).map(([, alias]) => alias))
    ),
    templates: namesIn(fieldOf(document, 'scopeTemplates'))
  }
}

/** Every `resource:action`; for each resource the actions `more` come first. */
function permissionNames(
  resources: ReadonlyMap<string, ResourceFacts>,
  more: readonly string[]
): ReadonlySet<string> {
  const names = new Set<string>()
  for (const [name, { actions }] of resources)
    for (const action of [...more, ...(actions ?? [])]) names.add(`${name}:${action}`)
  return names
}

function resourceFacts(resource: unknown): ResourceFacts {
  const actions = fieldOf(resource, 'actions')
  const names = entriesOf(actions).map(([name]) => name)
  const isUnderstood = typeof actions === 'object' && actions !== null && !Array.isArray(actions)
  return { actions: isUnderstood ? new Set(names) : undefined, org: fieldOf(resource, 'org') }
}

function namesIn(record: unknown): ReadonlySet<string> {
  return new Set(entriesOf(record).map(([name]) => name))
}

function optionFacts(options: unknown): Options {
  return new Map(
    entriesOf(options).map(([name, option]) => {
      const list = fieldOf(option, 'values')
      if (!Array.isArray(list)) return [name, undefined]
      const values = list.filter(isOptionValue)
      // A wrong value is reported where it is declared, not again at each use.
      if (values.length < list.length) return [name, undefined]
      return [
        name,
        { values: new Set(values), byText: new Map(values.map((value) => [String(value), value])) }
      ]
    })
  )
}

/** Whether an option can have this value. */
export function isOptionValue(value: unknown): value is OptionValue {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
}

/** Adds `duplicate_value` for every repeated text in a list. */
export function checkRepeats(list: unknown, path: Path, { problems }: Context): void {
  const seen = new Set<string>()
  for (const [index, text] of textsOf(list)) {
    if (seen.has(text))
      problems.add('duplicate_value', [...path, index], `${quoteValue(text)} is there twice`, text)
    seen.add(text)
  }
}
