// Checks names: lower-case words in the catalogue, any visible text elsewhere. Duplicates are found by the checks of
// the named things.
import { entriesOf, fieldOf } from '../read.js'
import type { Context } from './context.js'
import { quoteValue } from '../../problems/quote.js'
import type { Path } from '../../problems/path.js'

const catalogueName = /^[a-z][a-z0-9_]*$/

/** Checks every name that a document declares, except aliases. */
export function checkNames(context: Context): void {
  const { document, problems } = context
  if (fieldOf(document, 'name') === '') problems.add('invalid_name', ['name'], 'the name is empty', '')
  for (const [resource, facts] of entriesOf(fieldOf(document, 'resources'))) {
    const path = ['resources', resource]
    checkCatalogueName('resource', resource, 'all', path, context)
    for (const [action] of entriesOf(fieldOf(facts, 'actions'))) {
      checkCatalogueName('action', action, 'manage', [...path, 'actions', action], context)
    }
  }
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

/** A role's name is any text without `*`, `:` and control characters. */
export function checkRoleName(name: string, path: Path, context: Context): void {
  if (!/[*:]/.test(name)) checkVisibleName(name, path, context)
  else
    context.problems.add(
      'invalid_name',
      path,
      `the role name ${quoteValue(name)} has a \`*\` or a \`:\``,
      name
    )
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

function checkCatalogueName(
  kind: string,
  name: string,
  reserved: string,
  path: Path,
  { problems }: Context
): void {
  if (name === reserved) {
    problems.add('reserved_name', path, `reserved name ${quoteValue(name)}: it is a wildcard in CASL`, name)
  } else if (!catalogueName.test(name)) {
    const rule = 'use lower-case letters, digits and `_`, a letter first'
    problems.add('invalid_name', path, `invalid ${kind} name ${quoteValue(name)}; ${rule}`, name)
  }
}
