// Checks the scopes and scope templates of a compiled file: no name has two meanings, and every name that is used exists.
import { isUuid, longestAllowList } from '../document/ids.js'
import { splitName } from '../problems/names.js'
import type { Path } from '../problems/path.js'
import { parameterName, visibleName } from './check-names.js'
import { checkSet, type SetPlace } from './check-sets.js'
import type { Known } from './known.js'
import {
  readEach,
  readFields,
  readList,
  readName,
  readOneOf,
  readTexts,
  refuse,
  type Fields,
  type Visit
} from './read-content.js'

const allows: SetPlace = { effect: 'allow' }

/** Checks the scopes and the templates; `each` visits what stands under a key of the document. */
export function checkScopes(each: (key: string, visit: Visit) => void, known: Known): void {
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
    checkSet(fields['allow'], [...at, 'allow'], known, allows)
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
  checkSet(allow, [...path, 'allow'], known, allows)
  readList(variants, [...path, 'variants']).forEach((variant, i) => {
    const at = [...path, 'variants', i]
    const fields = readFields(variant, at, ['when', 'allow'])
    readEach(fields['when'], [...at, 'when'], (value, where, flag) => {
      readOneOf(value, where, [true, false])
      if (kinds[flag] !== 'flag') refuse(where, 'a flag', flag)
    })
    checkSet(fields['allow'], [...at, 'allow'], known, { effect: 'allow', base: allow })
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
