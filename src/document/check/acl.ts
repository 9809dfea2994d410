// Checks the settings of ACLs: levels that no entry can take for an action, and an action that entries require.
import { entriesOf, fieldOf } from '../read.js'
import type { Context } from './context.js'
import { checkAction, checkExcepted } from './implies.js'
import { checkFieldName } from './names.js'
import { checkActions } from './permission-set.js'
import { quoteValue } from '../../problems/quote.js'

/** Checks the `acl` of every resource. */
export function checkAcls(context: Context): void {
  const { document, problems } = context
  for (const [resource, value] of entriesOf(fieldOf(document, 'resources'))) {
    const facts = context.resources.get(resource)
    const path = ['resources', resource, 'acl']
    const acl = fieldOf(value, 'acl')
    for (const [level, list] of entriesOf(fieldOf(acl, 'levels'))) {
      const at = [...path, 'levels', level]
      checkFieldName('level', level, at, context)
      if (facts?.actions === undefined) continue
      if (facts.actions.has(level)) {
        const message = `${quoteValue(level)} is also an action of ${quoteValue(resource)}`
        problems.add('duplicate_name', at, message, level)
      }
      checkActions(list, at, facts.actions, `${quoteValue(resource)} has no`, context)
      checkExcepted(fieldOf(list, 'except'), [[resource, facts]], [...at, 'except'], context)
    }
    const requires = fieldOf(acl, 'requires')
    if (typeof requires === 'string' && facts?.actions !== undefined) {
      checkAction(requires, resource, facts.actions, [...path, 'requires'], context)
    }
  }
}
