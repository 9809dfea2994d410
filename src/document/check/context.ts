// The names in a document, which the checks look things up in. Built once per document, from the parts that can be
// read; a resource or option of a wrong shape is known by its name only.
import type { Problems } from '../../problems/problems.js'
import { containersOf, kindsOf, levelsOf, type DocumentLevel } from '../levels.js'
import { entriesOf, fieldOf, textsOf } from '../read.js'
import { quoteValue } from '../../problems/quote.js'
import type { Path } from '../../problems/path.js'
import { resourceFacts, valuesByName, type Options, type ResourceFacts } from './facts.js'
import { rolesReachingFurther } from './reach.js'

/** A document with the names in it, and where its problems go. */
export interface Context {
  readonly problems: Problems
  readonly document: unknown
  readonly hasUuids: boolean
  /** Their names, in the order of the document. */
  readonly containers: readonly string[]
  readonly levels: readonly DocumentLevel[]
  readonly levelNames: ReadonlySet<string>
  /** Of roles. */
  readonly kinds: ReadonlySet<string>
  readonly resources: ReadonlyMap<string, ResourceFacts>
  /** Those in which an action implies another. */
  readonly implying: readonly (readonly [name: string, facts: ResourceFacts])[]
  /** Every action of any resource. */
  readonly actions: ReadonlySet<string>
  /** Every `resource:action`. */
  readonly permissions: ReadonlySet<string>
  /** Every `resource:action` and `resource:*`. */
  readonly lowLevelScopes: ReadonlySet<string>
  /** By name, the kind. */
  readonly roles: ReadonlyMap<string, unknown>
  /** Roles with grants at `site` or `user`, their own or those of roles that they include. */
  readonly reachingFurther: ReadonlySet<string>
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
    containers: names.containers,
    levels: names.levels,
    levelNames: names.levelNames,
    kinds: names.kinds,
    resources: names.resources,
    implying: names.implying,
    actions: names.actions,
    get permissions() {
      return names.permissions
    },
    get lowLevelScopes() {
      return names.lowLevelScopes
    },
    roles: names.roles,
    get reachingFurther() {
      return names.reachingFurther
    },
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
  const options = valuesByName(fieldOf(document, 'options'))
  const orgOptions = valuesByName(fieldOf(document, 'orgOptions'))
  const containers = containersOf(document)
  const levels = levelsOf(containers)
  let reachingFurther: ReadonlySet<string> | undefined
  let permissions: ReadonlySet<string> | undefined
  let lowLevelScopes: ReadonlySet<string> | undefined
  return {
    hasUuids: fieldOf(document, 'ids') === 'uuid',
    containers,
    levels,
    levelNames: new Set(levels.map(({ name }) => name)),
    kinds: new Set(kindsOf(containers)),
    resources,
    implying: [...resources].filter(([, { implied }]) => implied.size > 0),
    actions,
    get permissions() {
      return (permissions ??= permissionNames(resources, []))
    },
    get lowLevelScopes() {
      return (lowLevelScopes ??= permissionNames(resources, ['*']))
    },
    roles,
    get reachingFurther() {
      return (reachingFurther ??= rolesReachingFurther(fieldOf(document, 'roles')))
    },
    assignees: new Set([...roles.keys(), '*', ...kindsOf(containers).map((kind) => `custom:${kind}`)]),
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

function namesIn(record: unknown): ReadonlySet<string> {
  return new Set(entriesOf(record).map(([name]) => name))
}

/** Whether this is a kind of roles. */
export function isKind(kind: unknown, { kinds }: Pick<Context, 'kinds'>): kind is string {
  return typeof kind === 'string' && kinds.has(kind)
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
