// Checks that the content of a compiled file is a possible policy. The checksum only shows that nothing was lost; here
// every name must exist, every value have its type, and every grant be able to match. Parts of a policy document that
// no decision reads (texts for people, delegation) are unknown keys here.
import { splitName } from '../problems/names.js'
import type { CompiledContent } from '../compile/compiled-file.js'
import { isUuid, longestAllowList } from '../document/ids.js'
import {
  readEach,
  readFields,
  readList,
  readName,
  readOneOf,
  readText,
  readTexts,
  refuse
} from './read-content.js'
import type { Fields, Visit } from './read-content.js'
import type { Level } from '../types.js'
import type { Path } from '../problems/path.js'
import { isOrgLevel, canReach, levels, placementOf } from '../levels.js'

const catalogueName = /^[a-z][a-z0-9_]*$/
const visibleName = /^\P{Cc}+$/u
const roleName = /^[^*:\p{Cc}]+$/u
const parameterName = /^[^{}\p{Cc}]+$/u

const siteLevels = levels.filter((level) => !isOrgLevel(level))
const orgLevels = levels.filter(isOrgLevel)

/** The names of the document. */
interface Known {
  readonly hasUuids: boolean
  readonly resources: Map<string, { readonly actions: ReadonlySet<string>; readonly org: unknown }>
  /** The actions of any resource. */
  readonly actions: Set<string>
  readonly options: Set<string>
  /** From an option to its values. */
  readonly orgOptions: Map<string, readonly unknown[]>
  readonly roles: Set<string>
}

/** Takes records without prototype. @throws PolicyError `invalid_file` for invalid content. */
export function checkContent(content: unknown): asserts content is CompiledContent {
  const at = ['content']
  const { document, siteRoles, orgRoles } = readFields(content, at, ['document', 'siteRoles', 'orgRoles'])
  const known = checkDocument(document, [...at, 'document'])
  const customRole =
    (kind: string, here: readonly Level[]): Visit =>
    (role, path, name) => {
      if (known.roles.has(name)) refuse(path, 'another name than a role of the policy has', name)
      checkRole(role, path, name, known, [kind], here)
    }
  readEach(siteRoles, [...at, 'siteRoles'], customRole('site', siteLevels))
  readEach(orgRoles, [...at, 'orgRoles'], (roles, path, org) => {
    readName(org, path, /./su)
    readEach(roles, path, customRole('org', orgLevels))
  })
}

function checkDocument(given: unknown, path: Path): Known {
  const document = readFields(given, path, [
    'name',
    'ids',
    'resources',
    'options',
    'orgOptions',
    'roles',
    'systemSubjects',
    'scopes',
    'scopeTemplates'
  ])
  const known: Known = {
    hasUuids: document['ids'] === 'uuid',
    resources: new Map(),
    actions: new Set(),
    options: new Set(),
    orgOptions: new Map(),
    roles: new Set()
  }
  const each = (key: string, visit: Visit): void => {
    if (document[key] !== undefined || key === 'resources') readEach(document[key], [...path, key], visit)
  }
  readName(document['name'], [...path, 'name'], /./su)
  readOneOf(document['ids'], [...path, 'ids'], [undefined, 'string', 'uuid'])
  each('resources', (resource, at, name) => {
    checkResource(resource, at, name, known)
  })
  each('options', (option, at, name) => {
    readName(name, at, visibleName)
    if (checkOption(option, at).default === undefined)
      refuse([...at, 'default'], 'the chosen value', undefined)
    known.options.add(name)
  })
  each('orgOptions', (option, at, name) => {
    readName(name, at, visibleName)
    if (known.options.has(name)) refuse(at, 'another name than an option of the deployment has', name)
    known.orgOptions.set(name, checkOption(option, at).values)
  })
  each('roles', (role, at, name) => {
    checkRole(role, at, name, known, ['site', 'org'], levels)
    known.roles.add(name)
  })
  each('systemSubjects', (subject, at, name) => {
    readName(name, at, visibleName)
    const { id, grants } = readFields(subject, at, ['id', 'grants'])
    if (id !== undefined) readName(id, [...at, 'id'], /./su)
    if (grants === undefined) return
    readFields(grants, [...at, 'grants'], siteLevels)
    checkGrants(grants, [...at, 'grants'], known, id === undefined ? ['site'] : siteLevels)
  })
  checkScopes(each, known)
  return known
}

function checkResource(resource: unknown, path: Path, name: string, known: Known): void {
  const { org, acl, actions } = readFields(resource, path, ['org', 'acl', 'actions'])
  readOneOf(org, [...path, 'org'], [undefined, 'optional', 'required', 'never'])
  readOneOf(acl, [...path, 'acl'], [undefined, true, false])
  checkCatalogueName(name, 'all', path)
  const names = new Set<string>()
  readEach(actions, [...path, 'actions'], (text, at, action) => {
    checkCatalogueName(action, 'manage', at)
    readText(text, at)
    names.add(action)
    known.actions.add(action)
  })
  known.resources.set(name, { actions: names, org })
}

/** `all` and `manage` are wildcards in CASL. */
function checkCatalogueName(name: string, reserved: string, path: Path): void {
  readName(name, path, catalogueName)
  if (name === reserved) refuse(path, 'a name that is no wildcard', name)
}

function checkOption(
  option: unknown,
  path: Path
): { readonly values: readonly unknown[]; readonly default: unknown } {
  const fields = readFields(option, path, ['values', 'default'])
  const values = readList(fields['values'], [...path, 'values'])
  // A command line tells values apart by their text.
  if (!values.every(isOptionValue) || values.length === 0 || new Set(values.map(String)).size < values.length)
    refuse([...path, 'values'], 'values that can be told apart', values)
  readOneOf(fields['default'], [...path, 'default'], [undefined, ...values])
  return { values, default: fields['default'] }
}

function isOptionValue(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
}

function checkRole(
  role: unknown,
  path: Path,
  name: string,
  known: Known,
  kinds: readonly string[],
  here: readonly Level[]
): void {
  readName(name, path, roleName)
  const { kind, grants, variants } = readFields(role, path, ['kind', 'grants', 'variants'])
  readOneOf(kind, [...path, 'kind'], kinds)
  const isSite = kind === 'site'
  const live = isSite ? siteLevels : here
  if (grants !== undefined) checkGrants(grants, [...path, 'grants'], known, live)
  readList(variants, [...path, 'variants']).forEach((variant, i) => {
    const at = [...path, 'variants', i]
    const fields = readFields(variant, at, ['when', 'grants'])
    readEach(fields['when'], [...at, 'when'], (value, where, option) => {
      // The file has only the chosen value of a deployment option, so the condition may name another one.
      if (known.options.has(option)) {
        if (!isOptionValue(value)) refuse(where, 'a value of an option', value)
      } else {
        const values = isSite ? undefined : known.orgOptions.get(option)
        readOneOf(value, where, values ?? refuse(where, 'an option that the role can read', option))
      }
    })
    checkGrants(fields['grants'], [...at, 'grants'], known, live)
  })
}

/** Checks grants; those outside of the `live` levels could never match and are refused. */
function checkGrants(grants: unknown, path: Path, known: Known, live: readonly Level[]): void {
  readFields(grants, path, levels)
  readEach(grants, path, (effects, at, name) => {
    const level = levels.find((one) => one === name)
    if (level === undefined) return
    readFields(effects, at, ['allow', 'deny'])
    readEach(effects, at, (set, where) => {
      checkSet(set, where, known, level)
      if (!live.includes(level) && Object.values(set as Fields).some((list) => !isEmpty(list)))
        refuse(at, 'no grants that can never match', level)
    })
  })
}

function checkSet(set: unknown, path: Path, known: Known, level?: Level): void {
  readEach(set, path, (list, at, name) => {
    const resource = known.resources.get(name)
    const actions = name === '*' ? known.actions : resource?.actions
    if (actions === undefined) return refuse(at, 'a resource', name)
    if (list !== '*') {
      const isExcept = !Array.isArray(list)
      const names = isExcept ? readFields(list, at, ['except'])['except'] : list
      const where = isExcept ? [...at, 'except'] : at
      if (!Array.isArray(names)) refuse(where, '`*`, or a list of actions', names)
      readTexts(names, where, (action, there) => {
        if (!actions.has(action)) refuse(there, `an action of ${name}`, action)
      })
    }
    const isDead = level !== undefined && !canReach(level, placementOf(resource?.org))
    if (isDead && !isEmpty(list)) refuse(at, 'no grant that can never match', name)
  })
}

function isEmpty(list: unknown): boolean {
  return Array.isArray(list) && list.length === 0
}

function checkScopes(each: (key: string, visit: Visit) => void, known: Known): void {
  const taken = new Set<string>()
  for (const [resource, { actions }] of known.resources)
    for (const action of ['*', ...actions]) taken.add(`${resource}:${action}`)
  const take = (name: string, path: Path): void => {
    readName(name, path, visibleName)
    if (taken.has(name)) refuse(path, 'a name that no other scope has', name)
    taken.add(name)
  }
  const aliases: [unknown, Path][] = []
  each('scopes', (scope, at, name) => {
    take(name, at)
    const fields = readFields(scope, at, ['allow', 'aliases'])
    checkSet(fields['allow'], [...at, 'allow'], known)
    aliases.push([fields['aliases'], [...at, 'aliases']])
  })
  for (const [list, at] of aliases) readTexts(list, at, take)
  each('scopeTemplates', (template, at, name) => {
    readName(name, at, visibleName)
    checkTemplate(readFields(template, at, ['params', 'allow', 'variants', 'allowList']), at, known)
  })
}

function checkTemplate({ params, allow, variants, allowList }: Fields, path: Path, known: Known): void {
  const kinds = readEach(params, [...path, 'params'], (kind, at, name) => {
    readName(name, at, parameterName)
    readOneOf(kind, at, ['required', 'optional', 'flag'])
  })
  checkSet(allow, [...path, 'allow'], known)
  readList(variants, [...path, 'variants']).forEach((variant, i) => {
    const at = [...path, 'variants', i]
    const fields = readFields(variant, at, ['when', 'allow'])
    readEach(fields['when'], [...at, 'when'], (value, where, flag) => {
      readOneOf(value, where, [true, false])
      if (kinds[flag] !== 'flag') refuse(where, 'a flag', flag)
    })
    checkSet(fields['allow'], [...at, 'allow'], known)
  })
  if (readList(allowList, [...path, 'allowList']).length > longestAllowList)
    refuse([...path, 'allowList'], `at most ${longestAllowList} entries`, allowList)
  readTexts(allowList, [...path, 'allowList'], (entry, at) => {
    const [type, id] = splitName(entry)
    const param = /^\{([^{}]*)\}$/.exec(id)?.[1]
    const isId =
      param === undefined
        ? id !== '' && !/[{}]/.test(id) && (id === '*' || !known.hasUuids || isUuid(id))
        : kinds[param] !== undefined && kinds[param] !== 'flag'
    if (type === undefined || !isId || (type !== '*' && !known.resources.has(type)))
      refuse(at, 'an entry `type:id`', entry)
  })
}
