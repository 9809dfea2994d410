// Checks names: words in the catalogue, names of fields, any visible text elsewhere. Duplicates are found by the checks
// of the named things.
import { entriesOf, fieldOf } from '../read.js'
import { checkCatalogue } from './catalogue.js'
import type { Context } from './context.js'
import { quoteValue } from '../../problems/quote.js'
import type { Path } from '../../problems/path.js'

const fieldName = /^[a-z][A-Za-z0-9_]*$/

/** What an object, a subject or a held role has of its own. */
const ownFields: ReadonlySet<string> = new Set([
  'type',
  'id',
  'owner',
  'org',
  'anyOrg',
  'onlyOrgs',
  'acl',
  'role'
])

const rolePrefixes = ['system:', 'scope:', 'template:', 'custom:']

/** Checks the policy's name and those of its resources, actions, roles, options, system subjects, scopes and templates. */
export function checkNames(context: Context): void {
  const { document, problems } = context
  if (fieldOf(document, 'name') === '') problems.add('invalid_name', ['name'], 'the name is empty', '')
  checkCatalogue(context)
  for (const [name] of entriesOf(fieldOf(document, 'roles'))) checkRoleName(name, ['roles', name], context)
  for (const key of ['options', 'orgOptions', 'systemSubjects', 'scopes', 'scopeTemplates']) {
    for (const [name, value] of entriesOf(fieldOf(document, key))) {
      checkVisibleName(name, [key, name], context)
      for (const [param] of entriesOf(fieldOf(value, 'params'))) {
        checkParameterName(param, [key, name, 'params', param], context)
      }
    }
  }
}

/** A role's name is any text that no other list of names, and no column of a matrix, can take for something else. */
export function checkRoleName(name: string, path: Path, context: Context): void {
  const fault = roleNameFault(name)
  if (fault === undefined) checkVisibleName(name, path, context)
  else context.problems.add('invalid_name', path, `the role name ${quoteValue(name)} ${fault}`, name)
}

function roleNameFault(name: string): string | undefined {
  if (name.includes('*')) return 'has a `*`'
  const prefix = rolePrefixes.find((start) => name.startsWith(start))
  if (prefix !== undefined) return `begins with \`${prefix}\``
  if (name.trim() !== name) return 'has white space at an end'
  return name.includes(' + ') ? 'has ` + `' : undefined
}

/** A parameter's name is written in braces in the entries of lists, so it has none itself. */
function checkParameterName(name: string, path: Path, context: Context): void {
  if (!/[{}]/.test(name)) checkVisibleName(name, path, context)
  else {
    const message = `the parameter name ${quoteValue(name)} has a \`{\` or a \`}\``
    context.problems.add('invalid_name', path, message, name)
  }
}

/** Any other name is not empty and has no control characters. */
export function checkVisibleName(name: string, path: Path, { problems }: Context): void {
  if (name === '') problems.add('invalid_name', path, 'the name is empty', name)
  else if (/\p{Cc}/u.test(name)) {
    problems.add('invalid_name', path, `${quoteValue(name)} has a control character`, name)
  }
}

/** What is named: containers and attributes are fields of objects, a level is only named in ACLs. */
type FieldKind = 'container' | 'attribute' | 'level'

/** Checks the name of a container, attribute or ACL level. */
export function checkFieldName(kind: FieldKind, name: string, path: Path, { problems }: Context): void {
  const reason = fieldNameIsTaken(kind, name)
  if (reason !== undefined) {
    problems.add('reserved_name', path, `reserved name ${quoteValue(name)}: ${reason}`, name)
  } else if (!fieldName.test(name)) {
    const rule = 'use letters, digits and `_`, a lower-case letter first'
    problems.add('invalid_name', path, `invalid ${kind} name ${quoteValue(name)}; ${rule}`, name)
  }
}

function fieldNameIsTaken(kind: FieldKind, name: string): string | undefined {
  if (name !== '__proto__' && Object.hasOwn(Object.prototype, name)) return 'every object inherits it'
  if (kind === 'level') return undefined
  if (ownFields.has(name)) return 'objects and held roles have a field of that name'
  if (kind === 'attribute') return undefined
  if (['site', 'user', 'orgMember'].includes(name)) return 'it is a level'
  return /.Member$/.test(name) ? 'names that end in `Member` are levels' : undefined
}
