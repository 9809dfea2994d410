// The parts of a line about which something can be said alone: each action that a list names, or the whole line.
import type { CompiledPermission } from '../compile/catalogue.js'
import { lineHas, whereText, type LinePart, type WrittenLine } from '../compile/permission-set.js'
import type { ActionsWhere } from '../document/types.js'
import type { Path } from '../problems/path.js'
import { isList } from '../problems/plain.js'
import { quoteValue } from '../problems/quote.js'
import type { LintContext } from './context.js'
import type { Line } from './voters.js'

export interface Unit extends WrittenLine {
  readonly at: Path
  /** What it names, in words; `undefined` for a whole line. */
  readonly what: string | undefined
}

/** What removing a unit takes out is itself alone: several that name the same permission are units each. */
export function unitsOf(line: Line): readonly Unit[] {
  const { list, at, parts } = line
  const whole: Unit = { ...line, parts, what: undefined }
  if (list === '*' || (!isList(list) && 'except' in list)) return [whole]
  if (!isList(list)) return list.actions === '*' ? [whole] : unitsUnder(line, at, list)
  return list.flatMap((item, index) => {
    if (typeof item !== 'string') return unitsUnder(line, [...at, index], item)
    return [unit(line, [...at, index], [item], undefined)]
  })
}

function unitsUnder(line: Line, at: Path, { actions, where }: ActionsWhere): readonly Unit[] {
  if (actions === '*') return [unit(line, at, '*', where)]
  return actions.map((action, index) => unit(line, [...at, 'actions', index], [action], where))
}

function unit(line: Line, at: Path, names: LinePart['names'], where: LinePart['where']): Unit {
  const condition = where === undefined ? '' : ` where ${whereText(where)}`
  return {
    key: line.key,
    list: line.list,
    at,
    parts: [{ names, isExcept: false, where }],
    what: quoteValue(`${[names].flat().join(', ')}${condition}`)
  }
}

/** The permissions that a unit of a line names, in catalogue order, told apart. */
export function permissionsOf(
  { compiled, permissions, byAction, byResource }: LintContext,
  { effect }: Line,
  named: Unit
): readonly CompiledPermission[] {
  const [part] = named.parts
  const action =
    named.parts.length === 1 && typeof part?.names === 'object' && !part.isExcept ? part.names[0] : undefined
  if (named.key === '*') {
    const some = action === undefined ? permissions : (byAction.get(action) ?? [])
    return some.filter((permission) => lineHas(named, effect, permission))
  }
  const resource = compiled.catalogue.resources.get(named.key)
  if (resource === undefined) return []
  const isPlain = resource.permissions.length === resource.actions.size && resource.implying.size === 0
  if (action !== undefined && isPlain) {
    const permission = resource.actions.get(action)
    return permission === undefined ? [] : [permission]
  }
  return (byResource.get(resource.name) ?? []).filter((permission) => lineHas(named, effect, permission))
}
