// Checks that invariants and lint suppressions name existing things. Whether an invariant holds is proved elsewhere.
import { fieldOf, itemsOf, textsOf } from '../read.js'
import { readRelationText, type RelationVocabulary } from '../relation.js'
import { checkRepeats, type Context } from './context.js'
import { isAttributeValue, type ResourceFacts } from './facts.js'
import { checkVisibleName } from './names.js'
import { checkScopeName } from './scopes.js'
import { splitName } from '../../problems/names.js'
import { quoteValue } from '../../problems/quote.js'
import type { AttributeValue } from '../../types.js'
import type { Path } from '../../problems/path.js'

const systemPrefix = 'system:'

/** Checks `invariants`. */
export function checkInvariants(context: Context): void {
  const { problems } = context
  const names = new Set<unknown>()
  for (const [index, invariant] of itemsOf(fieldOf(context.document, 'invariants'))) {
    const path = ['invariants', index]
    const name = fieldOf(invariant, 'name')
    if (typeof name === 'string') {
      checkVisibleName(name, [...path, 'name'], context)
      if (names.has(name)) {
        problems.add(
          'duplicate_name',
          [...path, 'name'],
          `another invariant is called ${quoteValue(name)}`,
          name
        )
      }
      names.add(name)
    }
    const shape = shapeOf(invariant, path, context)
    checkPermissions(fieldOf(invariant, 'permissions'), [...path, 'permissions'], context)
    checkRoles(fieldOf(invariant, 'assigns'), [...path, 'assigns'], context)
    checkLadder(fieldOf(invariant, 'ladder'), [...path, 'ladder'], context)
    checkHolders(invariant, shape, path, context)
    checkRelation(invariant, [...path, 'relation'], context)
    checkScope(fieldOf(invariant, 'scope'), [...path, 'scope'], context)
  }
}

/** What an invariant is about. */
type Shape = 'permissions' | 'assigns' | 'ladder'

/** By shape, the keys that it has no use for. */
const foreignTo: Readonly<Record<Shape, readonly string[]>> = {
  permissions: [],
  assigns: ['always', 'relation', 'scope', 'acl'],
  ladder: ['only', 'always', 'relation', 'scope', 'acl']
}

/** What an invariant is about; adds a problem where it is about several things or none, or has a key beside. */
function shapeOf(invariant: unknown, path: Path, { problems }: Context): Shape {
  const has = (key: string): boolean => fieldOf(invariant, key) !== undefined
  const [shape, ...others] = (['permissions', 'assigns', 'ladder'] as const).filter(has)
  if (shape === undefined) {
    const message =
      'missing key; expected a list (an invariant is about `permissions`, `assigns` or a `ladder`)'
    problems.add('missing_key', [...path, 'permissions'], message)
    return 'permissions'
  }
  for (const other of others) {
    const message = `an invariant about ${quoteValue(shape)} is not about ${quoteValue(other)} too: make it two`
    problems.add('invalid_invariant', [...path, other], message)
  }
  for (const key of others.length > 0 ? [] : foreignTo[shape].filter(has))
    problems.add(
      'invalid_invariant',
      [...path, key],
      `an invariant about ${quoteValue(shape)} has no ${quoteValue(key)}`
    )
  return shape
}

/** Checks a list of roles, of which there is at least one. */
function checkRoles(list: unknown, path: Path, context: Context): void {
  const { problems, roles } = context
  if (Array.isArray(list) && list.length === 0)
    problems.add('invalid_invariant', path, 'the invariant names no role', list)
  for (const [index, role] of textsOf(list))
    if (!roles.has(role)) problems.addUnknown('unknown_role', [...path, index], 'role', role, roles)
  checkRepeats(list, path, context)
}

/** Checks a ladder: at least two roles, all of one kind. */
function checkLadder(list: unknown, path: Path, context: Context): void {
  const { problems, roles } = context
  checkRoles(list, path, context)
  if (Array.isArray(list) && list.length === 1)
    problems.add('invalid_invariant', path, 'a ladder of one role says nothing; expected at least two', list)
  const known = textsOf(list).filter(([, role]) => roles.has(role))
  const [lowest] = known
  if (lowest === undefined) return
  const kind = roles.get(lowest[1])
  for (const [index, role] of known) {
    const other = roles.get(role)
    if (other === kind) continue
    const message = `role ${quoteValue(role)} is of kind ${quoteValue(other)}, and ${quoteValue(lowest[1])} of kind ${quoteValue(kind)}: a ladder is of one kind`
    problems.add('invalid_invariant', [...path, index], message, role)
  }
}

function checkPermissions(list: unknown, path: Path, context: Context): void {
  const { problems, lowLevelScopes } = context
  for (const [index, name] of textsOf(list)) {
    if (lowLevelScopes.has(name)) continue
    problems.addUnknown('unknown_permission', [...path, index], 'permission', name, lowLevelScopes)
  }
  if (Array.isArray(list) && list.length === 0) {
    problems.add('invalid_invariant', path, 'the invariant names no permission', list)
  }
  checkRepeats(list, path, context)
}

function checkHolders(invariant: unknown, shape: Shape, path: Path, context: Context): void {
  const { problems, roles, systemSubjects } = context
  const given = (['only', 'always'] as const).filter((key) => fieldOf(invariant, key) !== undefined)
  if (shape === 'assigns' && !given.includes('only'))
    problems.add('missing_key', [...path, 'only'], 'missing key; expected a list')
  if (shape === 'permissions' && given.length !== 1) {
    problems.add(
      'invalid_invariant',
      path,
      `expected either \`only\` or \`always\`, found ${given.length === 0 ? 'neither' : 'both'}`
    )
  }
  for (const key of given) {
    const list = fieldOf(invariant, key)
    const at = [...path, key]
    if (key === 'always' && Array.isArray(list) && list.length === 0) {
      problems.add('invalid_invariant', at, 'the invariant names nobody', list)
    }
    for (const [index, holder] of textsOf(list)) {
      const system = holder.startsWith(systemPrefix) ? holder.slice(systemPrefix.length) : undefined
      if (system === undefined) {
        if (!roles.has(holder)) problems.addUnknown('unknown_role', [...at, index], 'role', holder, roles)
      } else if (!systemSubjects.has(system)) {
        problems.addUnknown(
          'unknown_system_subject',
          [...at, index],
          'system subject',
          system,
          systemSubjects
        )
      }
    }
    checkRepeats(list, at, context)
  }
}

function checkRelation(invariant: unknown, path: Path, context: Context): void {
  const { problems } = context
  const relation = fieldOf(invariant, 'relation')
  if (typeof relation !== 'string') return
  const read = readRelationText(relation, vocabularyFor(invariant, context))
  if (!('kind' in read)) return
  if (read.kind === 'form') {
    const message = `expected a relation as \`own\`, \`other, own org\`, \`no org\` or \`all\`, not ${quoteValue(relation)}`
    problems.add('invalid_relation', path, message, relation)
  } else if (read.kind === 'value') {
    const { name, attribute, known } = read
    const message = `attribute ${quoteValue(attribute)} has no value ${quoteValue(name)}`
    problems.add('unknown_attribute_value', path, message, name, problems.suggest(name, new Set(known)))
  } else {
    const code = `unknown_${read.kind}` as const
    problems.addUnknown(code, path, read.kind, read.name, new Set(read.known))
  }
}

/** The containers, and the attributes of the resources that the invariant names; where it names none, of all. */
function vocabularyFor(invariant: unknown, { containers, resources }: Context): RelationVocabulary {
  const attributes = new Map<string, AttributeValue[]>()
  for (const facts of resourcesOf(fieldOf(invariant, 'permissions'), resources))
    for (const [name, { values = [] } = {}] of facts.attributes)
      attributes.set(name, [...(attributes.get(name) ?? []), ...[...values].filter(isAttributeValue)])
  return { containers, attributes }
}

function resourcesOf(
  permissions: unknown,
  resources: ReadonlyMap<string, ResourceFacts>
): Iterable<ResourceFacts> {
  const named = textsOf(permissions).flatMap(([, name]) => resources.get(splitName(name)[0] ?? '') ?? [])
  return named.length > 0 ? new Set(named) : resources.values()
}

function checkScope(scope: unknown, path: Path, context: Context): void {
  const { problems, scopes, aliases, lowLevelScopes, templates } = context
  if (typeof scope !== 'string') return
  if (!templates.has(scope)) checkScopeName(scope, path, context, templates)
  else if (scopes.has(scope) || aliases.has(scope) || lowLevelScopes.has(scope)) {
    problems.add(
      'ambiguous_scope',
      path,
      `${quoteValue(scope)} is the name of a scope and of a template`,
      scope
    )
  }
}

/** Checks `lint`: every suppression gives a rule, a path and a reason. */
export function checkLint({ document, problems }: Context): void {
  for (const [index, ignored] of itemsOf(fieldOf(fieldOf(document, 'lint'), 'ignore'))) {
    for (const key of ['rule', 'path', 'reason']) {
      const text = fieldOf(ignored, key)
      if (typeof text === 'string' && text.trim() === '')
        problems.add('invalid_value', ['lint', 'ignore', index, key], `the ${key} is empty`, text)
    }
  }
}
