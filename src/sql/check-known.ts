// Whether the database has the columns that a mapping names. What it does not have is refused by its name, when the table
// is defined.
import { formatPath, type Path } from '../problems/path.js'
import { quoteValue, quoteValues } from '../problems/quote.js'
import { settingsError } from '../problems/settings-error.js'
import type { Column, Columns } from './columns.js'
import type { Dialect } from './dialect/dialect.js'

/** @throws CasemateError `invalid_settings` for a column that the database does not have. */
export function checkKnown(
  columns: Columns,
  { name, columns: known }: Pick<Dialect, 'name' | 'columns'>
): void {
  const fault = (path: Path, message: string, value: unknown): Error =>
    settingsError(formatPath(['mapping', ...path]), message, value)
  const check = (column: Column | undefined, path: Path, key = 'as'): void => {
    if (column === undefined || known.kinds.includes(column.kind)) return
    const kinds = known.kinds.filter((kind) => kind !== 'json')
    const message = `${name} has no column of the kind ${quoteValue(column.kind)}, but of ${quoteValues(kinds)}`
    throw fault([...path, key], message, column.kind)
  }
  check(columns.id, ['id'])
  check(columns.owner, ['owner'])
  check(columns.org, ['org'])
  columns.containers.forEach((source, number) => {
    const path = [columns.kinds[number] ?? '']
    if (source?.form === 'array' && !known.hasArrays)
      throw fault([...path, 'array'], `${name} has no columns with lists; give a table of its own`, true)
    check(source?.column, path)
  })
  for (const { attribute, column } of columns.attributes) check(column, [attribute.name])
  const { acl } = columns
  if (acl?.form === 'table') check(acl.grantee, ['acl'], 'granteeAs')
  if (acl?.form !== 'columns') return
  if (!known.hasAclColumns) throw fault(['acl'], `${name} has no ACLs in columns; give a table`, acl)
  if (acl.isChecked && !known.hasCheckedAcls)
    throw fault(['acl', 'checked'], `${name} has no CHECK for ACLs; leave it out`, true)
}
