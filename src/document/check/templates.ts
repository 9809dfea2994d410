// Checks scope templates: conditions read flags, and entries of lists name existing types and parameters that are ids.
import { splitName } from '../../problems/names.js'
import { isUuid, longestAllowList } from '../ids.js'
import { entriesOf, fieldOf, itemsOf, textsOf } from '../read.js'
import { checkRepeats, type Context } from './context.js'
import { checkPermissionSet } from './permission-set.js'
import { quoteValue } from '../../problems/quote.js'
import type { Path } from '../../problems/path.js'

type Params = ReadonlyMap<string, unknown>

/** Checks `scopeTemplates`. */
export function checkTemplates(context: Context): void {
  for (const [name, template] of entriesOf(fieldOf(context.document, 'scopeTemplates'))) {
    const path = ['scopeTemplates', name]
    const params = new Map(entriesOf(fieldOf(template, 'params')))
    const base = fieldOf(template, 'allow')
    checkPermissionSet(base, [...path, 'allow'], context, { effect: 'allow' })
    for (const [index, variant] of itemsOf(fieldOf(template, 'variants'))) {
      const at = [...path, 'variants', index]
      checkFlags(fieldOf(variant, 'when'), params, [...at, 'when'], context)
      checkPermissionSet(fieldOf(variant, 'allow'), [...at, 'allow'], context, { effect: 'allow', base })
    }
    checkAllowList(fieldOf(template, 'allowList'), params, [...path, 'allowList'], context)
  }
}

function checkFlags(when: unknown, params: Params, path: Path, { problems }: Context): void {
  for (const [name] of entriesOf(when)) {
    const at = [...path, name]
    if (!params.has(name)) problems.addUnknown('unknown_parameter', at, 'parameter', name, params)
    else if (params.get(name) === 'required' || params.get(name) === 'optional') {
      problems.add('invalid_value', at, `${quoteValue(name)} is an id, not a flag`, name)
    }
  }
}

function checkAllowList(list: unknown, params: Params, path: Path, context: Context): void {
  if (Array.isArray(list) && list.length > longestAllowList) {
    const message = `${list.length} entries are more than ${longestAllowList}`
    context.problems.add('allow_list_too_long', path, message, list.length)
  }
  for (const [index, entry] of textsOf(list)) checkEntry(entry, params, [...path, index], context)
  checkRepeats(list, path, context)
}

function checkEntry(entry: string, params: Params, path: Path, context: Context): void {
  const { problems, resources, hasUuids } = context
  const [type, id] = splitName(entry)
  if (type === undefined) {
    problems.add(
      'invalid_allow_list_entry',
      path,
      `expected an entry \`type:id\`, not ${quoteValue(entry)}`,
      entry
    )
    return
  }
  if (type !== '*' && !resources.has(type)) {
    problems.addUnknown('unknown_resource', path, 'resource', type, resources)
  }
  if (/[{}]/.test(id)) checkPlaceholder(id, params, path, context)
  else if (id === '') {
    problems.add('invalid_allow_list_entry', path, `${quoteValue(entry)} has no id`, entry)
  } else if (hasUuids && id !== '*' && !isUuid(id)) {
    const message = `expected a UUID, \`*\` or a parameter, not ${quoteValue(id)}`
    problems.add('invalid_allow_list_entry', path, message, entry)
  }
}

function checkPlaceholder(id: string, params: Params, path: Path, { problems }: Context): void {
  const name = id.slice(1, -1)
  if (!id.startsWith('{') || !id.endsWith('}') || /[{}]/.test(name)) {
    problems.add(
      'invalid_placeholder',
      path,
      `expected one parameter as the whole id, not ${quoteValue(id)}`,
      id
    )
  } else if (!params.has(name)) problems.addUnknown('unknown_parameter', path, 'parameter', name, params)
  else if (params.get(name) === 'flag') {
    problems.add('invalid_placeholder', path, `${quoteValue(name)} is a flag, not an id`, name)
  }
}
