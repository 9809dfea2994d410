// Checks containers: their names, how many there are, and that resources are placed in declared ones.
import { entriesOf, fieldOf, itemsOf } from '../read.js'
import type { Context } from './context.js'
import { checkFieldName } from './names.js'
import { quoteValue } from '../../problems/quote.js'

const mostContainers = 3

/** Checks `containers`, and each resource's `in`. */
export function checkContainers(context: Context): void {
  const { document, problems } = context
  const list = fieldOf(document, 'containers')
  if (Array.isArray(list) && list.length > mostContainers) {
    const message = `${list.length} containers are more than ${mostContainers}`
    problems.add('too_many_containers', ['containers'], message, list.length)
  }
  const names = new Set<string>()
  for (const [index, container] of itemsOf(list)) {
    const name = fieldOf(container, 'name')
    if (typeof name !== 'string') continue
    const path = ['containers', index, 'name']
    checkFieldName('container', name, path, context)
    if (names.has(name)) {
      problems.add('duplicate_name', path, `another container is called ${quoteValue(name)}`, name)
    }
    names.add(name)
  }
  for (const [resource, facts] of entriesOf(fieldOf(document, 'resources'))) {
    for (const [name] of entriesOf(fieldOf(facts, 'in'))) {
      if (names.has(name)) continue
      problems.addUnknown('unknown_container', ['resources', resource, 'in', name], 'container', name, names)
    }
  }
}
