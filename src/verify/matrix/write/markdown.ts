// A policy's matrix as a Markdown page. `checkMatrix` can read the page, and it holds for the policy it was written
// from.
import { codeSpan, prose } from '../../../output/markdown.js'
import { commandSign, hasUnseen, replaceUnseen } from '../../../output/visible.js'
import type { MatrixName, MatrixRow, PolicyMatrix, ResourceMatrix } from './matrix-of.js'

/** The page. The same matrix gives the same text, and one cell that differs changes one line, or its table's width. */
export function matrixToMarkdown(matrix: PolicyMatrix): string {
  const { policy, description, options, names, resources, nothing } = matrix
  const settings = Object.entries(options).map(([name, value]) => `${name} = ${String(value)}`)
  const parts = [
    `# Who may do what: ${prose(policy)}${titleOf(matrix)}`,
    ...(description === undefined ? [] : [prose(description)]),
    legendText(matrix),
    ...(settings.length === 0 ? [] : [`Options of the deployment: ${prose(settings.join(', '))}.`]),
    ...(names.length === 0 ? [] : [nameTable(names)]),
    ...resources.map(resourceText),
    ...(nothing.length === 0 ? [] : [`Nothing at all may be done to ${nothing.join(', ')}.`])
  ]
  return `${parts.join('\n\n')}\n`
}

function legendText({ containers = [] }: PolicyMatrix): string {
  const [first] = containers
  const outside = first === undefined ? '' : ` and any ${wordList(containers)}`
  return [
    'A cell says how far a permission reaches: `yes` is every object, `no` is none, `own` is what the subject owns',
    `outside any organization${outside}, \`own org\` everything in the organization in which the role is held, and \`own, own org\``,
    'what the subject owns there.',
    ...(first === undefined
      ? []
      : [
          `\`own ${first}\` is everything in the ${first} in which the role is held, in whatever organization. What a cell does not`,
          'name does not matter.'
        ])
  ].join('\n')
}

function wordList(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1) ?? ''}`
}

function titleOf({ about }: PolicyMatrix): string {
  const parts = [about.role, about.resource].filter((part) => part !== undefined)
  return parts.length === 0 ? '' : `, ${parts.map(prose).join(', ')}`
}

function nameTable(names: readonly MatrixName[]): string {
  // A container's column is there where some row needs it.
  const kinds = [...new Set(names.flatMap(({ container }) => container?.kind ?? []))]
  return tableText([
    ['Subject', 'Roles', 'Organization', ...kinds, 'Settings'],
    ...names.map(({ name, role, org, container, settings }) => [
      cellText(name),
      cellText(role, listSigns),
      cellText(org, listSigns),
      ...kinds.map((kind) => (container?.kind === kind ? cellText(container.id, listSigns) : '')),
      Object.entries(settings)
        .map(([option, value]) => `${cellText(option, listSigns)} = ${cellText(String(value), listSigns)}`)
        .join(', ')
    ])
  ])
}

function resourceText({ resource, description, actions, rows }: ResourceMatrix): string {
  // A second column headed `Roles` would make it a table of subjects.
  const heads = actions.map(({ name }) => (/^roles?$/.test(name) ? `${resource}:${name}` : name))
  const table = tableText([['Subject', ...heads], ...rows.map(rowCells)])
  return [`## \`${resource}\``, ...(description === undefined ? [] : [prose(description)]), table].join(
    '\n\n'
  )
}

function rowCells({ subject, cells, kind }: MatrixRow): string[] {
  return [kind === 'others' ? subject : cellText(subject), ...cells]
}

/** Cells are padded to this width at most: a wider cell makes only its own line longer. */
const widest = 80

function tableText(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, index) =>
    Math.min(
      widest,
      rows.reduce((width, row) => Math.max(width, row[index]?.length ?? 0), 3)
    )
  )
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, index) => cell.padEnd(widths[index] ?? 0)).join(' | ')} |`
  const [header = [], ...body] = rows
  return [line(header), line(widths.map((width) => '-'.repeat(width))), ...body.map(line)].join('\n')
}

/** What separates names from each other in the columns of a table of subjects. */
const listSigns = /[,;=]/

/** A name as it is, if nothing in it has a meaning in Markdown or in a matrix; else as code. */
function cellText(name: string, separators?: RegExp): string {
  const isPlain =
    /^[\p{L}\p{N}](?:[\p{L}\p{N} .,:;=()'-]|(?<=[\p{L}\p{N}])_(?=[\p{L}\p{N}]))*$/u.test(name) &&
    name.trim() === name &&
    !/\bwww\./i.test(name) &&
    !hasUnseen(name)
  if (name === '' || (isPlain && separators?.test(name) !== true)) return name
  // In code of a table a bar is written `\|`, a bar after a backslash cannot be. What cannot be seen, and what a build
  // system takes for a command, stands between the code as a character reference, which every reader gives back.
  const apart = new Set<number>()
  for (const { index } of name.matchAll(/(?<=\\)\|/g)) apart.add(index)
  for (const { index } of name.matchAll(commandSign)) apart.add(index)
  replaceUnseen(name, (character, index) => {
    if (isGivenBack(character)) apart.add(index)
    return ''
  })
  let text = ''
  let written = ''
  const close = (): string => (text === '' ? '' : codeSpan(text.replaceAll('|', '\\|')))
  for (let at = 0; at < name.length;) {
    const character = String.fromCodePoint(name.codePointAt(at) ?? 0)
    if (apart.has(at)) {
      written += `${close()}&#${character.codePointAt(0) ?? 0};`
      text = ''
    } else text += character
    at += character.length
  }
  return written + close()
}

/** Whether CommonMark reads a reference to a character as that character; it replaces some others. */
function isGivenBack(character: string): boolean {
  return /^[\t\n\f\r]$/.test(character) || !/[\p{Cc}\p{NChar}\p{Cs}]/u.test(character)
}
