// Pages of matrices that are as large as they may be, or larger, and made to be slow.
import { describe, expect, it } from 'vitest'
import { compile, definePolicy } from 'casemate'
import { checkMatrix } from '../../src/verify/index.js'

const policy = compile(
  definePolicy({
    name: 'p',
    resources: { doc: { actions: { read: '' } } },
    roles: { author: { kind: 'site', grants: { user: { allow: { doc: '*' } } } } }
  })
)

const table = (...rows: string[]): string =>
  ['| Subject | Read (own) |', '|---|---|', ...rows.map((row) => `| ${row} |`)].join('\n')

describe('work on a page is bounded', () => {
  const long = 200_000
  it.each([
    ['a cell of backticks', table(`${'`'.repeat(long)} | yes`), 5],
    ['a subject of very many roles', table(`${'author + '.repeat(111_000)}author | yes`), 5],
    ['a subject of many roles', table(`${'author + '.repeat(2_000)}author | yes`), 5],
    ['a cell of emphasis', table(`${'*_'.repeat(40_000)} | yes`), 5],
    [
      'cells of emphasis',
      table(...Array.from({ length: 60 }, (_, at) => `${at}${'*a_'.repeat(1_000)} | yes`)),
      9
    ],
    ['a cell of brackets', table(`${'['.repeat(40_000)} | yes`), 5],
    ['nested quotes', '>'.repeat(long), 3],
    ['nested quotes in a shorter line', `${'>'.repeat(99)} a`, 3],
    ['nested lists', `${'- '.repeat(99)}a`, 3],
    [
      'nested lists, line by line',
      Array.from({ length: 99 }, (_, at) => `${' '.repeat(2 * at)}- a`).join('\n'),
      66
    ],
    ['a list of very many quotes', `- a\n${'  > a\n\n'.repeat(2_000)}`, 3],
    ['very many quotes', '> a\n\n'.repeat(21_000), 40_003],
    ['very many columns', `${'| a '.repeat(2_000)}|\n${'|-'.repeat(2_000)}|\n${'| x\n'.repeat(2_000)}`, 3],
    ['link definitions', '[a]: b\n'.repeat(1_100), 1_003],
    ['a page that is too long', 'word '.repeat(220_000), 1],
    ['a page of too many lines', '\n'.repeat(60_000), 1]
  ])('%s is refused with its line', (_name, text, line) => {
    const result = checkMatrix(policy, `# \`doc\`\n\n${text}`)
    expect(result.ok).toBe(false)
    expect(result.problems.map(({ code }) => code)).toContain(
      _name === 'a subject of many roles' ? 'invalid_subject' : 'page_too_large'
    )
    expect(result.problems.find(({ code }) => code !== 'unknown_subject')?.line).toBe(line)
    expect(result.problems.every(({ message }) => message.length < 400)).toBe(true)
  })

  it('and what is long and harmless is read: tables, quotes, code and comments of thousands of lines', () => {
    const rows = Array.from({ length: 3_000 }, (_, at) => (at === 2_500 ? 'author | no' : 'author | yes'))
    const text = [
      '> a\n\n'.repeat(300),
      '```\n' + '- a\n'.repeat(1_000) + '```',
      '<!--\n' + '\n| a |\n'.repeat(1_000) + '-->',
      table(...rows)
    ]
    const page = ['# `doc`', ...text].join('\n\n')
    const { problems, cells, tables } = checkMatrix(policy, page)
    expect(problems).toEqual([])
    expect(cells).toBe(3_000)
    const wrong = tables.flatMap(({ rows: read }) =>
      read.filter(({ cells: all }) => all.some(({ failure }) => failure !== undefined))
    )
    expect(wrong.map(({ line }) => page.split('\n')[line - 1])).toEqual(['| author | no |'])
  })
})
