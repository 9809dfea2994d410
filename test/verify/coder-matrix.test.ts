// The documented matrices of the policy `coder`, cell by cell, and whether they leave a permission out.
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { compile, parseRequest } from 'casemate'
import coder from '../../policies/coder/index.js'
import { checkMatrix, findUnsaid, printMatrix, type CheckedCell } from '../../src/verify/index.js'

const policy = compile(coder)

function page(name: string): string {
  return readFileSync(new URL(`../../policies/coder/${name}`, import.meta.url), 'utf8')
}

const boundaryLog = checkMatrix(policy, page('boundary_log.md'))
const expectations = checkMatrix(policy, page('expectations.md'))

const pages = [
  ['boundary_log.md', boundaryLog],
  ['expectations.md', expectations]
] as const

describe.each(pages)('%s', (_name, result) => {
  it('is understood: no table is malformed or about something else', () => {
    expect(result.problems.map(({ message }) => message)).toEqual([])
    expect(result.otherTables).toEqual([])
  })
})

describe('boundary_log.md', () => {
  for (const { heading, header, rows } of boundaryLog.tables)
    for (const { text, cells } of rows)
      it.each(cells.map((cell, index) => ({ cell, column: header[index + 1] ?? '', says: cell.text })))(
        `${heading}: ${text}: $column is $says`,
        ({ cell }) => {
          expect(failureText(cell)).toBe('')
          expect(cell.ok).toBe(true)
        }
      )
})

describe('expectations.md', () => {
  for (const { heading, header, rows } of expectations.tables)
    it.each(rows.map(({ line, text, cells }) => ({ line, text, cells })))(
      `${heading}, line $line: every cell of $text holds`,
      ({ cells }) => {
        expect(cells).toHaveLength(header.length - 1)
        expect(cells.filter((cell) => !cell.ok).map(failureText)).toEqual([])
      }
    )
})

function failureText({ failure }: CheckedCell): string {
  if (failure === undefined) return ''
  return `${failure.message} ${JSON.stringify(failure.counterexample?.request)}`
}

describe('the matrices together', () => {
  it('allow every permission to somebody, or refuse it to everyone, and refuse it to somebody', () => {
    expect(findUnsaid(policy, [boundaryLog, expectations])).toEqual([])
  })

  it('would miss a permission that a table leaves out', () => {
    const without = page('expectations.md').replaceAll(
      /^\| Subject +\| create +\| read +\| update +\| delete +\|$/gm,
      (line) => line.replace(' delete ', ' update ')
    )
    expect(without).not.toBe(page('expectations.md'))
    const unsaid = findUnsaid(policy, [checkMatrix(policy, without)]).map(({ permission }) => permission)
    expect(unsaid).toContain('api_key:delete')
  })
})

describe('a cell of the documented table that is turned round', () => {
  const lines = page('boundary_log.md').split('\n')
  const cells = boundaryLog.tables.flatMap(({ rows }) =>
    rows.flatMap(({ line, cells: all }) => all.map((_, at) => ({ line, at })))
  )

  it.each(cells)('fails alone: line $line, column $at', ({ line, at }) => {
    const parts = lines[line - 1]!.split('|')
    const before = parts[at + 2]!.trim()
    parts[at + 2] = before.startsWith('yes') ? 'no' : 'yes'
    const result = checkMatrix(policy, lines.with(line - 1, parts.join('|')).join('\n'))
    const wrong = result.tables.flatMap(({ rows }) =>
      rows.flatMap((row) =>
        row.cells.flatMap((cell, index) => (cell.ok ? [] : [{ line: row.line, at: index, cell }]))
      )
    )
    expect(wrong.map(({ line: where, at: which }) => ({ line: where, at: which }))).toEqual([{ line, at }])
    const { failure } = wrong[0]!.cell
    if (failure?.kind === 'no_object') return
    const { request, options } = failure!.counterexample!
    const parsed = parseRequest(compile(coder, { options }), JSON.parse(JSON.stringify(request)), {
      allowSystem: true
    })
    if (!parsed.ok) throw new Error(parsed.problems[0]?.message)
    expect(parsed.value.subject.can(parsed.value.action, parsed.value.object)).toBe(before.startsWith('yes'))
  })

  it('fails where the permission comes from another role than it says', () => {
    const result = checkMatrix(
      policy,
      page('boundary_log.md').replace(/^(\| Owner .*?)via member/m, '$1via owner')
    )
    expect(result.wrong).toBe(1)
    expect(printMatrix(result, { wrongOnly: true })).toContain(
      'allowed, but not by owner: granted: member at user by boundary_log:create'
    )
  })
})
