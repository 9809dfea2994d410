// Bugs that could be in a filter for PostgreSQL.
import type { TableParts } from '../../../src/sql/table.js'
import { always } from '../../../src/sql/plan/condition.js'
import { bugs as common, inCondition, inHoles, type Bug } from '../../sql/law/bugs.js'

function withoutAclChecks(parts: TableParts): TableParts {
  const { acl } = parts.columns
  if (acl?.form !== 'columns') return parts
  return { ...parts, kept: new WeakMap(), columns: { ...parts.columns, acl: { ...acl, isChecked: true } } }
}

/** A list that a driver would send, without looking at what the column can hold. */
const asList = (ids: readonly string[]): string =>
  `{${ids.map((id) => `"${id.replaceAll(/["\\]/g, '\\$&')}"`).join(',')}}`

export const bugs: readonly Bug[] = [
  ...common,
  inCondition('a list of containers with NULL in it is asked about', (part) =>
    part.kind === 'containerList' ? always : undefined
  ),
  { name: 'malformed entries are none', parts: withoutAclChecks },
  { name: 'an entry of another list counts', text: (text) => text.replaceAll(`"select" = 'user'`, 'TRUE') },
  {
    name: 'the entry for everyone in another organization counts',
    text: (text) => text.replaceAll(/EXISTS \(SELECT FROM "My ""Schema"""\."\w+ acl"/g, 'TRUE OR $&')
  },
  {
    name: 'the entry for everyone does not count',
    text: (text) =>
      text.replaceAll(/ OR casemate_acl\."Gran tee"(::text COLLATE "C")? = "d; ""x"[^)]*\)/g, ')')
  },
  inHoles('every id is sent', ({ type, value }) =>
    type.startsWith('jsonb') ? value : (ids) => (type.endsWith('[]') ? asList(ids) : (ids[0] ?? null))
  ),
  {
    name: 'a collation says what is equal',
    text: (text) => text.replaceAll(/("[\w"; ]+"\."[\w"; -]+")::text COLLATE "C"/g, '$1')
  },
  { name: 'a row has to be in all the containers', text: (text) => text.replaceAll(' && ', ' <@ ') },
  {
    name: 'a row of another table without container is one',
    text: (text) => text.replaceAll(/casemate_in\.inside[^)]* (<> ''|IS NOT NULL)/g, 'TRUE')
  }
]
