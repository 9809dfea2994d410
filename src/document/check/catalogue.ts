// Checks the names of resources and actions, of which no two differ in case alone.
import { entriesOf, fieldOf } from '../read.js'
import type { Context } from './context.js'
import { quoteValue } from '../../problems/quote.js'
import type { Path } from '../../problems/path.js'

const catalogueName = /^[A-Za-z][A-Za-z0-9_-]*([./][A-Za-z0-9_-]+)*$/

const longestName = 128

/** The spelling of a name that came first, by the name in lower case. */
type Spellings = Map<string, string>

/** Checks the names in `resources`. */
export function checkCatalogue(context: Context): void {
  const resources: Spellings = new Map()
  const actions: Spellings = new Map()
  for (const [resource, facts] of entriesOf(fieldOf(context.document, 'resources'))) {
    const path = ['resources', resource]
    checkName('resource', resource, path, resources, context)
    for (const [action] of entriesOf(fieldOf(facts, 'actions'))) {
      checkName('action', action, [...path, 'actions', action], actions, context)
    }
  }
}

/** Wildcards in CASL. */
const reserved = { resource: 'all', action: 'manage' } as const

function checkName(
  kind: 'resource' | 'action',
  name: string,
  path: Path,
  spellings: Spellings,
  { problems }: Context
): void {
  if (name === reserved[kind]) {
    problems.add('reserved_name', path, `reserved name ${quoteValue(name)}: it is a wildcard in CASL`, name)
  } else if (!catalogueName.test(name)) {
    const rule = 'use letters, digits, `_` and `-`, a letter first, and `.` or `/` between parts'
    problems.add('invalid_name', path, `invalid ${kind} name ${quoteValue(name)}; ${rule}`, name)
  } else if (name.length > longestName) {
    const message = `the ${kind} name ${quoteValue(name)} is longer than ${longestName} characters`
    problems.add('invalid_name', path, message, name)
  } else {
    const folded = name.toLowerCase()
    const earlier = spellings.get(folded)
    if (earlier === undefined) spellings.set(folded, name)
    else if (earlier !== name) {
      const message = `${quoteValue(name)} differs from another ${kind} in case alone`
      problems.add('duplicate_name', path, message, name, earlier)
    }
  }
}
