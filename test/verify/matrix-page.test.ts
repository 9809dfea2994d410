// What a page of matrices shows is what is checked: compared with two other readers of Markdown on pages made of
// pieces, and bounded on pages made to be slow.
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Parser, type Node } from 'commonmark'
import fc from 'fast-check'
import { lexer, type Token, type Tokens } from 'marked'
import { describe, expect, it } from 'vitest'
import { compile, definePolicy } from 'casemate'
import { readPage } from '../../src/verify/matrix/page.js'
import { PageProblems } from '../../src/verify/matrix/problem.js'
import { checkMatrix, type MatrixResult } from '../../src/verify/index.js'
import { floor, isDeep, least, runs } from '../support/depth.js'

const policy = compile(
  definePolicy({
    name: 'p',
    resources: { doc: { actions: { read: '' } }, note: { actions: { read: '' } } },
    roles: {
      author: { kind: 'site', grants: { user: { allow: { doc: '*' } } } },
      root: { kind: 'site', grants: { site: { allow: { '*': '*' } } } },
      a: { kind: 'site' },
      b: { kind: 'site', grants: { user: { allow: { doc: '*' } } } },
      'a+b': { kind: 'site', grants: { site: { allow: { doc: '*' } } } },
      'x (y)': { kind: 'site', grants: { site: { allow: { doc: '*' } } } },
      'k, l': { kind: 'site', grants: { site: { allow: { doc: '*' } } } },
      k: { kind: 'site' },
      l: { kind: 'site' }
    }
  })
)

const table = (...rows: string[]): string =>
  ['| Subject | Read (own) |', '|---|---|', ...rows.map((row) => `| ${row} |`)].join('\n')
const held = table('author | yes')

function check(...parts: string[]): MatrixResult {
  return checkMatrix(policy, ['# `doc`', ...parts].join('\n\n'))
}

function said(result: MatrixResult): string[] {
  return result.problems.map(({ line, code }) => `${code} ${line}`)
}

/** The lines of the cells that are wrong. */
function wrongLines(result: MatrixResult): number[] {
  return result.tables.flatMap(({ rows }) =>
    rows.flatMap(({ line, cells }) => cells.flatMap(({ failure }) => (failure === undefined ? [] : [line])))
  )
}

describe('what a reader sees is checked', () => {
  const lie = table('author | no')
  const quoted = (text: string): string => text.replaceAll(/^/gm, '> ')
  const item = (text: string): string => `- ${text.replaceAll('\n', '\n  ')}`

  it.each([
    ['after a comment sign in code', 'It begins with `<!--`.', lie],
    ['after an escaped comment sign', 'It begins with \\<!-- and goes on.', lie],
    ['after a comment sign in code of a list', '- `<!--`', lie],
    ['after a comment sign in an indented block', '    <!--', lie],
    ['after a fence in an indented block', '    ```', lie],
    ['after a fence with backticks behind it', '``` `', lie],
    ['after a comment that ends at once', '<!-->', lie],
    ['in a quote', quoted(lie)],
    ['in a list', item(lie)],
    ['in an ordered list', `1. one\n\n   ${lie.replaceAll('\n', '\n   ')}`],
    ['in a quote in a list', item(quoted(lie))],
    ['in a list in a quote in a list', item(quoted(item(lie)))],
    ['in a section that can be folded', '<details>\n<summary>more</summary>', lie, '</details>'],
    ['under a paragraph without a blank line', `so it is:\n${lie}`],
    ['before a heading without a blank line', `${lie}\n# next`],
    ['with one dash and colons', '| Subject | Read (own) |\n| :-: | - |\n| author | no |'],
    ['without outer bars', 'Subject | Read (own)\n:-- | --:\nauthor | no'],
    ['indented by three', '   | Subject | Read (own) |\n   |---|---|\n   | author | no |'],
    ['with entities', table('auth&#111;r | n&#x6f;')],
    ['with emphasis, links and code', table('**`author`** | [*no*](https://example.org "why")')],
    ['with a reference', table('author | [no]'), '[no]: #there'],
    ['with a reference that a comment hides', table('author | no <!-- or: yes -->')],
    ['beside a hidden one', '<!--\n| Subject | Read (own) |\n-->', lie]
  ])('%s', (_name, ...parts) => {
    const result = check(held, ...parts)
    expect(said(result)).toEqual([])
    expect(wrongLines(result)).toHaveLength(1)
    const text = ['# `doc`', held, ...parts].join('\n\n').split('\n')[(wrongLines(result)[0] ?? 0) - 1]
    expect(text).toMatch(/auth/)
    expect(check(held, ...parts.map((part) => part.replace(/\bno\b|n&#x6f;/, 'yes'))).ok).toBe(true)
  })

  it('also behind a comment sign that nothing closes in a line, which is a problem', () => {
    const result = check(table('author | yes | <!--', 'root | no'))
    expect(said(result)).toEqual(['unclosed_block 5', 'malformed_table 5'])
    expect(wrongLines(result)).toEqual([6])
  })

  it('but not what CommonMark hides, and a table of two is the row of one', () => {
    const hidden = ['```\n' + lie + '\n```', '<!--\n\n' + lie + '\n\n-->', lie.replaceAll(/^/gm, '    ')]
    expect(check(held, ...hidden, '<script>\n' + lie + '\n</script>')).toMatchObject({ ok: true, cells: 1 })
    expect(check(`${held}\n${held}`).problems.map(({ code, line }) => `${code} ${line}`)).toEqual([
      'unknown_subject 6',
      'invalid_cell 6',
      'unknown_subject 7',
      'invalid_cell 7'
    ])
    expect(check(table('author | yes <!-- for now -->', 'root | yes | <!-- since May -->'))).toMatchObject({
      ok: true,
      cells: 2
    })
  })

  it.each([
    ['a fence', ['```', 'text'], 7],
    ['a fence of waves with a shorter end', ['~~~~\n~~~'], 7],
    ['a fence that its list item ends', ['- ```\n  text', held], 7],
    ['a fence that its quote ends', ['> ```', held], 7],
    ['a comment', ['<!-- later', held], 7],
    ['a second comment behind the first', ['<!-- a --> <!-- b'], 7],
    ['a comment that a browser ends elsewhere', ['<div> <!--', held, '-->'], 7],
    ['a comment in a paragraph', ['one\ntwo <!-- three'], 8],
    ['an element of raw text', ['<script>'], 7],
    ['a preformatted element', ['<pre>', held], 7],
    ['an instruction', ['<?php'], 7],
    ['a section', ['<![CDATA['], 7]
  ])('%s that nothing closes is a problem with its line', (_name, parts, line) => {
    const found = said(check(held, ...parts))
    expect(found.filter((text) => text.startsWith('unclosed_block'))).toEqual([`unclosed_block ${line}`])
  })

  it.each([
    [
      'a line that goes on with a quote lazily',
      ['> | Subject | Read (own) |\n> |---|---|\n| author | yes |'],
      9
    ],
    ['rows in HTML', ['<div>\n| Subject | Read (own) |\n|---|---|\n| author | no |\n</div>'], 8]
  ])('%s is no table, and a problem', (_name, parts, line) => {
    expect(said(check(held, ...parts)).filter((text) => text.startsWith('malformed'))).toEqual([
      `malformed_table ${line}`
    ])
  })

  it('a table in HTML is a problem on a page of matrices, and where it could be one', () => {
    const html = '<table><tr><td>author</td><td>NO</td></tr></table>'
    expect(said(check(held, html))).toEqual(['html_table 7'])
    expect(said(check(held, `one\ntwo ${html}`))).toEqual(['html_table 8'])
    expect(said(check(html))).toEqual(['html_table 3'])
    expect(said(check(held, `<!-- ${html} -->`, '`<table>`', '\\<table>'))).toEqual([])
    expect(said(check('<table><tr><td>a word</td></tr></table>'))).toEqual(['page_without_matrix 1'])
  })

  it('a cell that shows more than text is a problem, and so is an answer with signs around it', () => {
    expect(said(check(table('author | <del>yes</del>')))).toEqual(['invalid_cell 5'])
    expect(said(check('| Who | What |\n|---|---|\n| author | ![yes](tick.png) |'))).toContain(
      'invalid_cell 5'
    )
    expect(check('| Who | What |\n|---|---|\n| author | ~~yes~~ |').ok).toBe(false)
  })

  it.each([
    ['a header', '| Ro\u200ble | Re\u00adad |', '| author | y\u200bes |'],
    ['an action', '| Who | Re\u2060ad |', '| author | maybe |'],
    ['an answer', '| Who | May it? |', '| author | \u202eyes\u202c |'],
    ['an answer of other letters', '| Who | May it? |', '| author | \u0443\u0435s |'],
    ['an answer in wide letters', '| Who | May it? |', '| author | ｎｏ |'],
    ['an answer with an entity', '| Who | May it? |', '| author | n&ZeroWidthSpace;o |'],
    ['a turned header', '| Permi\u200bssion | author |', '| Read (own) | y\u200bes |'],
    ['a subject of a turned table', '| Permission | au\u200bthor |', '| Read (own) | maybe |'],
    ['a role to assign', '| Who | Assi\u200bgn author |', '| author | maybe |']
  ])(
    'a table with invisible or foreign characters in %s is read, and they are a problem',
    (_name, header, row) => {
      const result = check(held, `${header}\n|---|---|\n${row}`)
      expect(result.ok).toBe(false)
      expect(result.otherTables).toEqual([])
      expect(said(result)).not.toEqual([])
    }
  )

  it('a defined subject that shows the same as another one is a problem', () => {
    const defined = (...names: string[]): string =>
      ['| Subject | Roles |', '|---|---|', ...names.map((name) => `| ${name} | root |`)].join('\n')
    const rows = (name: string): string => table(`${name} | no`)
    expect(check(defined('someone'), table('someone | yes')).ok).toBe(true)
    expect(said(check(defined('auth\u200bor'), rows('auth\u200bor')))).toEqual(['duplicate_subject 5'])
    expect(said(check(defined('x', 'x\u2060'), rows('x')))).toEqual(['duplicate_subject 6'])
  })

  it('a heading in a quote is about the tables in that quote', () => {
    const about = (text: string): unknown[] =>
      checkMatrix(policy, text).tables.flatMap(({ rows }) =>
        rows.flatMap(({ cells }) => cells[0]?.permission)
      )
    const rows = table('root | yes')
    expect(about(`# \`doc\`\n\n> # \`note\`\n>\n${quoted(rows)}\n\n${rows}`)).toEqual([
      'note:read',
      'doc:read'
    ])
    expect(about(`# \`doc\`\n\n- # \`note\`\n\n${rows}`)).toEqual(['note:read'])
  })
})

describe('a name in code is one name', () => {
  it.each([['root | yes (via `root`)', ['unknown_role'], 'root | yes (via `roo`)']])(
    '%s holds',
    (row, codes, otherwise) => {
      expect(check(table(row).replace('(own)', '(all)')).ok).toBe(row !== 'root')
      const other = check(table(otherwise).replace('(own)', '(all)'))
      expect(other.ok).toBe(false)
      expect(other.problems.map(({ code }) => code)).toEqual(codes)
    }
  )

  it('in a table of subjects too', () => {
    const page = (roles: string): MatrixResult =>
      check(`| Subject | Roles |\n|---|---|\n| K | ${roles} |`, table('K | yes').replace('(own)', '(all)'))
    expect(page('`k, l`').ok).toBe(true)
    expect(page('`k, l`, k').ok).toBe(true)
    expect(page('k, `l`').ok).toBe(false)
    expect(said(page('k, l'))).toContain('invalid_subject 5')
  })

  it('and the role that decides may have parentheses', () => {
    expect(check(table('`x (y)` | yes (via `x (y)`)')).ok).toBe(true)
    expect(check(table('`x (y)` | yes (via `root`)')).ok).toBe(false)
  })
})

// --- other readers --------------------------------------------------------------------------------------------------

/** Pieces of lines: what opens, closes, nests and hides; `#` stands for a row's number. */
const openers = ['', '> ', '- ', '1. ', '  ', '    ', '> > ', '>']
const bodies = [
  '| r# | yes |',
  '\n| S# | Read |\n|---|---|\n| r# | no |\n',
  '\n| S# | Read |\n|---|---|\n| r# | no |\n| r# | yes |\n',
  '\n| S# | Read |\n|---|---|\n| r# | no |',
  '| S# | Read |',
  '| S# | Read |\n|---|---|',
  '| S# | Read |\n|---|---|\n| r# | no |',
  '|---|---|',
  'S# | Read\n:-: | -',
  'r# | no',
  '',
  '',
  '```',
  '~~~',
  '<!--',
  '-->',
  '<!-- x -->',
  '<!-->',
  '`<!--`',
  '\\<!--',
  'text',
  '<div>',
  '</div>',
  '<pre>',
  // Without tables, CommonMark has a closing tag right under a row in the row's paragraph; GitHub has it in HTML.
  '\n</pre>',
  '# head',
  '---',
  '[a]: b'
]

const pages = fc
  .array(fc.tuple(fc.constantFrom(...openers), fc.constantFrom(...bodies), fc.boolean()), { maxLength: 10 })
  .map((pieces) => {
    let number = 100
    return pieces
      .map(([opener, body, isOpen]) =>
        (isOpen ? body.replaceAll(/^/gm, opener) : body).replaceAll(
          /[rS]#/g,
          (sign) => `${sign[0] ?? ''}${++number}`
        )
      )
      .join('\n')
  })

function ours(text: string): { tables: string[][][]; problems: string[] } {
  const problems = new PageProblems()
  const { tables } = readPage(text, problems)
  return {
    tables: tables.map(({ header, rows }) =>
      [header, ...rows].map(({ cells }) => cells.map((cell) => cell.text))
    ),
    problems: problems.list().map(({ message }) => message)
  }
}

/** The numbers of the rows that CommonMark has in code or HTML. */
function hiddenByCommonMark(text: string): Set<string> {
  const walker = new Parser().parse(text).walker()
  const hidden = new Set<string>()
  for (let event = walker.next(); event !== null; event = walker.next()) {
    const { node }: { node: Node } = event
    if (!['code_block', 'html_block', 'html_inline', 'code'].includes(node.type)) continue
    for (const [name] of (node.literal ?? '').matchAll(/[rS]\d{3}/g)) hidden.add(name)
  }
  return hidden
}

function tablesOfMarked(text: string): string[][] {
  const found: string[][] = []
  const walk = (tokens: readonly Token[]): void => {
    for (const token of tokens) {
      if (token.type === 'table') {
        const { header, rows } = token as Tokens.Table
        found.push([header, ...rows].map(([cell]) => cell?.text ?? ''))
      } else if (token.type === 'list') walk((token as Tokens.List).items)
      else if ('tokens' in token) walk(token.tokens ?? [])
    }
  }
  walk(lexer(text, { gfm: true }))
  return found
}

/**
 * The same pages in every run: the other readers have faults of their own, and where one reads a page otherwise, a
 * person has to see who is right. A deep run looks at new pages.
 */
const comparing = (numRuns: number): fc.Parameters<unknown> =>
  isDeep ? { numRuns: 20_000 } : { numRuns, seed: 20_260_101 }

describe('beside other readers of Markdown', () => {
  it('no row that CommonMark shows is passed over, and none that it hides is read', () => {
    let shown = 0
    fc.assert(
      fc.property(pages, (text) => {
        const { tables, problems } = ours(text)
        const read = new Set(tables.flatMap((rows) => rows.map(([name = '']) => name)))
        const hidden = hiddenByCommonMark(text)
        for (const [name] of text.matchAll(/[rS]\d{3}/g)) {
          if (hidden.has(name)) expect(read).not.toContain(name)
          else if (problems.length === 0 && text.includes(`| ${name}`)) {
            expect(read).toContain(name)
            shown++
          }
        }
      }),
      comparing(runs(1_000))
    )
    expect(shown).toBeGreaterThan(floor(100))
  })

  it('the tables of a page without problems are those that marked renders', () => {
    let compared = 0
    fc.assert(
      fc.property(pages, (text) => {
        const { tables, problems } = ours(text)
        // marked lets HTML in a list go on with the lines after the list, and has the shortest comment in a row.
        if (problems.length > 0 || /<\/?(?:div|pre)>|<!-->/.test(text)) return
        const first = tables.map((rows) => rows.map(([name = '']) => name))
        // After a quote marked takes an indented block for a table; the reference implementation has it as code.
        const hidden = hiddenByCommonMark(text)
        expect(first).toEqual(tablesOfMarked(text).filter(([name = '']) => !hidden.has(name)))
        compared += tables.length
      }),
      comparing(1_000)
    )
    expect(compared).toBeGreaterThan(least(30))
  })
})

describe('the reader of Markdown', () => {
  /** Every file that a source file imports, itself or through others, and every package. */
  function reached(entry: string, seen = new Set<string>()): Set<string> {
    if (seen.has(entry)) return seen
    seen.add(entry)
    const text = readFileSync(new URL(`../../src/${entry}`, import.meta.url), 'utf8')
    for (const [, isType, from = ''] of text.matchAll(/^(?:import|export) (type )?[^'"]*?from '([^']+)'/gm)) {
      if (isType !== undefined) continue
      if (from.startsWith('.')) reached(join(dirname(entry), from).replace(/\.js$/, '.ts'), seen)
      else seen.add(from)
    }
    return seen
  }
  const packages = (entry: string): string[] =>
    [...reached(entry)].filter((name) => /^(?:mdast|micromark)/.test(name)).sort()

  it.each(['index', 'runtime/index', 'casl/index', 'guard/index', 'scopes/index', 'node/index'])(
    'is not loaded by %s',
    (entry) => {
      expect(packages(`${entry}.ts`)).toEqual([])
    }
  )

  it.each(['verify/index', 'testing/index', 'cli/main'])('is loaded by %s', (entry) => {
    expect(packages(`${entry}.ts`)).toContain('micromark-extension-gfm-table')
  })
})
