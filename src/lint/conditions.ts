// A rule about conditions on attributes that every object fulfils, in grants and in scopes.
import { conditionsIn } from './sets.js'
import { quoteValue } from '../problems/quote.js'
import type { Rule } from './types.js'

export const idleCondition: Rule = {
  id: 'idle-condition',
  severity: 'warning',
  summary: 'A `where`, or an attribute in one, that every object fulfils: it lists every value.',
  help: 'Take it out: nothing changes. Or leave out the values that were not meant.',
  *find(context) {
    const { resources } = context.compiled.document
    for (const { key, where, at } of conditionsIn(context)) {
      const { attributes = {} } = Object.hasOwn(resources, key) ? (resources[key] ?? {}) : {}
      const idle = Object.entries(where).flatMap(([name, wanted]) => {
        const count = Object.hasOwn(attributes, name) ? attributes[name]?.values.length : undefined
        return new Set([wanted].flat()).size === count ? [name] : []
      })
      if (idle.length === Object.keys(where).length) yield { at, message: 'it is true of every object' }
      else
        for (const name of idle)
          yield {
            at: [...at, name],
            message: `it lists every value of ${quoteValue(name)}, so it asks for nothing`
          }
    }
  }
}
