// A policy's matrix as a Markdown page that `checkMatrix` reads again and finds true of the policy it was written from.
import type { MatrixName, MatrixRow, PolicyMatrix, ResourceMatrix } from './matrix-of.js'

/** The page. The same matrix gives the same text, and one cell that differs changes one line, or its table's width. */
export function matrixToMarkdown(matrix: PolicyMatrix): string {
  const { policy, description, options, names, resources, nothing } = matrix
  const settings = Object.entries(options).map(([name, value]) => `${name} = ${String(value)}`)
  const parts = [
    `# Who may do what: ${plain(policy)}${titleOf(matrix)}`,
    ...(description === undefined ? [] : [plain(description)]),
    [
      'A cell says how far a permission reaches: `yes` is every object, `no` is none, `own` is what the subject owns',
      'outside any organization, `own org` everything in the organization in which the role is held, and `own, own org`',
      'what the subject owns there.'
    ].join('\n'),
    ...(settings.length === 0 ? [] : [`Options of the deployment: ${plain(settings.join(', '))}.`]),
    ...(names.length === 0 ? [] : [nameTable(names)]),
    ...resources.map(resourceText),
    ...(nothing.length === 0 ? [] : [`Nothing at all may be done to ${nothing.join(', ')}.`])
  ]
  return `${parts.join('\n\n')}\n`
}

function titleOf({ about }: PolicyMatrix): string {
  const parts = [about.role, about.resource].filter((part) => part !== undefined)
  return parts.length === 0 ? '' : `, ${parts.map(plain).join(', ')}`
}

function nameTable(names: readonly MatrixName[]): string {
  return tableText([
    ['Subject', 'Roles', 'Organization', 'Settings'],
    ...names.map(({ name, role, org, settings }) => [
      cellText(name),
      cellText(role),
      org === '' ? '' : cellText(org),
      cellText(
        Object.entries(settings)
          .map(([option, value]) => `${option} = ${String(value)}`)
          .join(', ')
      )
    ])
  ])
}

function resourceText({ resource, description, actions, rows }: ResourceMatrix): string {
  const table = tableText([['Subject', ...actions.map(({ name }) => name)], ...rows.map(rowCells)])
  return [`## \`${resource}\``, ...(description === undefined ? [] : [plain(description)]), table].join(
    '\n\n'
  )
}

function rowCells({ subject, cells, kind }: MatrixRow): string[] {
  return [kind === 'others' ? subject : cellText(subject), ...cells]
}

/** Cells are padded to the longest of their column, or to this: one name of a megabyte is enough. */
const mostPadded = 1000

function tableText(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, index) =>
    Math.min(
      mostPadded,
      rows.reduce((width, row) => Math.max(width, row[index]?.length ?? 0), 3)
    )
  )
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, index) => cell.padEnd(widths[index] ?? 0)).join(' | ')} |`
  const [header = [], ...body] = rows
  return [line(header), line(widths.map((width) => '-'.repeat(width))), ...body.map(line)].join('\n')
}

/** A name as it is where nothing in it means anything to Markdown, else as code. */
function cellText(name: string): string {
  if (name === '') return ''
  if (/^[\p{L}\p{N}](?:[\p{L}\p{N} .,:=()'-]|_(?!_))*$/u.test(name) && name.trim() === name) return name
  const longest = Math.max(0, ...[...name.matchAll(/`+/g)].map(([marks]) => marks.length))
  const marks = '`'.repeat(longest + 1)
  const needsPadding = /^`|`$/.test(name) || (/^ .* $/.test(name) && name.trim() !== '')
  const code = needsPadding ? ` ${name} ` : name
  return `${marks}${code.replaceAll('|', '\\|')}${marks}`
}

/** Text in which nothing starts a table, a heading or code. */
function plain(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .replace(/[`|<>]/g, '\\$&')
    .trim()
}
