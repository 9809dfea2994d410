// What leaves the project is read by others: a policy as hostile as a valid one can be, and files, arguments and
// requests beside it, go through every command, and whoever reads the output is not fooled by any of it.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Ajv } from 'ajv'
import * as commonmark from 'commonmark'
import { XMLParser } from 'fast-xml-parser'
import { Marked } from 'marked'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { foreignWords, formatPath, quoteValue } from '../src/document/index.js'
import { quoteValues } from '../src/document/suggest.js'
import { escapeHtml, escapeXml } from '../src/text/xml.js'
import { jsonText } from '../src/text/json.js'
import { cellCode, code, fenced, prose, sentenceOf } from '../src/text/markdown.js'
import { terminalLine, terminalText } from '../src/text/terminal.js'
import { visible } from '../src/text/visible.js'
import { workflowCommand } from '../src/text/workflow.js'
import { lintToSarif, type SarifLog } from '../src/verify/index.js'
import { casemate, type Ran } from './cli.js'
import { hostileNames, hostilePolicy, hostileText, smallHostilePolicy } from './fixtures/hostile-policy.js'

const texts = [
  hostileText,
  ...hostileNames,
  'two\nlines',
  'two\r\n::error::lines',
  '\u001B[2J\u001B]8;;https://example.com\u0007x',
  '\u0085\u009b31m\u007f',
  '\ud800 \udc00',
  '\ufeff\u180e\u034f\u2060\ufe0f\u{e0100}\uffff'
]

// --- readers --------------------------------------------------------------------------------------------------------

/** Control characters but line breaks and tabs, what turns or hides text, halves of characters. */
const dangerous =
  /(?![\n\t])[\p{Cc}\p{Cf}\p{Cs}\p{Co}\u2028\u2029\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\uffff\u{1bca0}-\u{1bca3}\u{1d173}-\u{1d17a}\u{e0000}-\u{e0fff}]/u

/** A terminal or a log of a build: it shows what is there, and does nothing. */
function readTerminal(text: string): string[] {
  expect(dangerous.exec(text)).toBeNull()
  const lines = text.split('\n')
  expect(lines.filter((line) => /^\s*::|##\w*\[/.test(line))).toEqual([])
  return lines
}

interface Command {
  readonly properties: Readonly<Record<string, string>>
  readonly message: string
}

/** GitHub's runner: every line that starts with `::` is a command of ours. */
function readGithub(text: string): Command[] {
  expect(dangerous.exec(text)).toBeNull()
  return text
    .split('\n')
    .filter((line) => /^\s*::|##\w*\[/.test(line))
    .map((line) => {
      const [, properties = '', message = ''] = /^::error ([^:]*)::(.*)$/.exec(line) ?? []
      expect(line).toMatch(/^::error file=/)
      const unescaped = (value: string): string =>
        value.replace(/%(0D|0A|3A|2C|25)/g, (_, digits: string) => String.fromCharCode(parseInt(digits, 16)))
      const pairs = properties.split(',').map((pair) => {
        const equals = pair.indexOf('=')
        return [pair.slice(0, equals), unescaped(pair.slice(equals + 1))] as const
      })
      expect(pairs.map(([key]) => key).filter((key) => !['file', 'line', 'title'].includes(key))).toEqual([])
      return { properties: Object.fromEntries(pairs), message: unescaped(message) }
    })
}

const xml = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '',
  parseAttributeValue: false,
  htmlEntities: true,
  trimValues: false,
  isArray: (name) => ['testsuite', 'testcase', 'failure', 'error'].includes(name)
})

interface JUnit {
  readonly testsuites: {
    readonly tests: string
    readonly failures: string
    readonly errors: string
    readonly testsuite?: readonly {
      readonly testcase: readonly {
        readonly name: string
        readonly failure?: unknown
        readonly error?: unknown
      }[]
    }[]
  }
}

function readJunit(text: string): JUnit['testsuites'] {
  readTerminal(text)
  expect(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u.exec(text)).toBeNull()
  return (xml.parse(text, true) as JUnit).testsuites
}

/** The official schema, as a package that checks logs brings it; its draft differs from ours in what it calls itself. */
const sarifSchema = createRequire(import.meta.url)(
  '@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json'
) as object
const isSarif = new Ajv({
  strict: false,
  allErrors: true,
  unicodeRegExp: false,
  formats: {
    uri: (text: string) => URL.canParse(text),
    'uri-reference': (text: string) => /^[\w.~:/?#@!$&'()*+,;=%-]*$/.test(text),
    'date-time': true
  }
}).compile(
  Object.fromEntries(Object.entries(sarifSchema).filter(([key]) => key !== '$schema' && key !== 'id'))
)

function readSarif(text: string): SarifLog {
  readTerminal(text)
  const log = JSON.parse(text) as SarifLog
  expect(isSarif(log) ? [] : isSarif.errors).toEqual([])
  for (const { message } of log.runs.flatMap(({ results }) => results)) {
    expect(message.text.replace(/\{\{|\}\}/g, '')).not.toMatch(/[{}]/)
    expect(message.text.replace(/\\[\\[\]]/g, '')).not.toMatch(/\[[^[\]]*\]\(/)
  }
  return log
}

const marked = new Marked({ gfm: true })
/** What a page of ours may open, with the attributes that it may have. */
const ours =
  /^<\/?(?:h[1-6]|p|ul|ol|li|table|thead|tbody|tr|th|td|pre|code|strong|em|hr|br)(?: align="\w+"| start="\d+"| class="language-json")?\s*\/?>$|^<\/?(?:details|summary)>$|^<a href="[a-z]+\.md">$|^<\/a>$/

/** A page as two renderers show it: no tag, link or image is there that a policy's text made. */
function readMarkdown(text: string): void {
  readTerminal(text)
  readPage(text)
}

function readPage(text: string): void {
  const renderers = [
    (page: string): string => new commonmark.HtmlRenderer().render(new commonmark.Parser().parse(page)),
    (page: string): string => marked.parse(page, { async: false })
  ]
  for (const render of renderers) {
    const tags = [...render(text).matchAll(/<[^>]*>/g)].map(([tag]) => tag)
    expect(tags.filter((tag) => !ours.test(tag))).toEqual([])
  }
  for (const token of marked.lexer(text))
    if (token.type === 'table') {
      const { header, rows } = token as unknown as { header: unknown[]; rows: unknown[][] }
      for (const row of rows) expect(row).toHaveLength(header.length)
    }
  // As many tables as there are rows of dashes, each as many rows as there are lines.
  const lines = text.split('\n')
  const rendered = marked.parse(text, { async: false })
  const written = lines.filter(
    (line, index) => line.startsWith('|') && !/^\|(?: -+ \|)+$/.test(line) && lines[index - 1] !== undefined
  )
  expect([...rendered.matchAll(/<tr>/g)]).toHaveLength(written.length)
}

function readHtml(text: string): void {
  readTerminal(text)
  const outside = text.replace(/<style>.*?<\/style>|<script>.*?<\/script>/gs, '')
  const tags = [...outside.matchAll(/<[^>]*>/g)].map(([tag]) => tag)
  expect(tags.filter((tag) => /^<\/?(?:b|script|img|iframe|object|embed|form)\b|\son\w+=/.test(tag))).toEqual(
    []
  )
  expect(tags.filter((tag) => /^<a /.test(tag) && !/^<a href="#\w+">$/.test(tag))).toEqual([])
  expect(text.match(/<script>/g)).toHaveLength(1)
}

const readers = {
  terminal: readTerminal,
  json: (text: string): unknown => {
    readTerminal(text)
    return text
      .split('\n')
      .filter((line) => line !== '')
      .map((line): unknown => JSON.parse(line))
  },
  whole: (text: string): unknown => {
    readTerminal(text)
    return JSON.parse(text)
  },
  github: readGithub,
  junit: readJunit,
  sarif: readSarif,
  markdown: readMarkdown,
  page: readPage,
  html: readHtml
} as const

// --- files ----------------------------------------------------------------------------------------------------------

const oddFolder = '::error::folder \u202e,%25'
const oddFile = 'a\n::error::b \u001B[31m##[error]c'
const option = '::error::`option`\u202e | <b>'
let root = ''
const at = (...names: string[]): string => join(root, ...names)
const policyAt = (): string => at(oddFolder, `${oddFile}.json`)
const given = (): string[] => ['--option', `${option}=plain`]

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'casemate-'))
  await mkdir(at(oddFolder))
  const write = (path: string, text: string): Promise<void> => writeFile(path, text)
  const small = smallHostilePolicy()
  await write(policyAt(), JSON.stringify(small))
  await write(at('small.json'), JSON.stringify(small))
  await write(at('changed.json'), JSON.stringify(smallHostilePolicy('some')))
  await write(at('large.json'), JSON.stringify(hostilePolicy))
  const row = (name: string): string => `| ${name.replaceAll(/[|\n\r]/g, ' ')} | no | yes |`
  await write(
    at(oddFolder, 'note.md'),
    `# ::error::heading\u202e\n\n| Subject | Read | Write |\n| --- | --- | --- |\n${hostileNames.map(row).join('\n')}\n`
  )
  const lines = texts.map((id) =>
    JSON.stringify({
      request: {
        subject: { id: `${id}x`, roles: [] },
        action: 'write',
        object: { type: 'note', id, owner: id, org: `${id}o` }
      },
      allowed: true,
      note: id
    })
  )
  await write(at(oddFolder, `${oddFile}.ndjson`), `${lines.join('\n')}\n{"\u202e":1}\n{::error::\n`)
  await write(
    at('broken.yaml'),
    'name: &::error::a x\nresources: *\u202e::error::nobody\nroles: "\\q \u009b31m"\n? [a]\n"b\\u202e": 1\n"b\\u202e": 2\n%x\n!!tag\u200b z\n'
  )
  await write(at('broken.json'), `{"a\\n::error::\u202e": 1, "a\\n::error::\u202e": 2, ##[error]}`)
  await write(
    at('wrong.json'),
    JSON.stringify({
      name: 7,
      [hostileText]: 1,
      resources: { [hostileText]: {}, note: { actions: { read: '' } } },
      roles: Object.fromEntries(
        texts.map((text) => [
          text,
          { kind: text, grants: { site: { allow: { [text]: [text] } } }, assigns: [text] }
        ])
      )
    })
  )
})
afterAll(() => rm(root, { recursive: true, force: true }))

/** Runs a command; whatever it says on standard error is for a terminal. */
async function run(reader: keyof typeof readers, args: readonly string[], input = ''): Promise<Ran> {
  const ran = await casemate(args, input)
  readTerminal(ran.stderr)
  expect(ran.stderr).not.toMatch(/\n {4}at /)
  if (reader !== 'page') expect(dangerous.exec(ran.stdout)).toBeNull()
  readers[reader](ran.stdout)
  return ran
}

const requests = (): string =>
  texts
    .flatMap((text) => [
      { subject: { id: text, roles: [text] }, action: text, object: { type: text } },
      { subject: { id: text, roles: [] }, action: 'read', object: { type: 'note', org: text, [text]: 1 } }
    ])
    .map((one) => JSON.stringify(one))
    .join('\n')

// --- commands -------------------------------------------------------------------------------------------------------

describe('a hostile policy says nothing of its own', () => {
  it.each<[keyof typeof readers, string[]]>([
    ['terminal', ['check']],
    ['whole', ['check', '--json']],
    ['terminal', ['lint', '--show-suppressed']],
    ['whole', ['lint', '--json']],
    ['sarif', ['lint', '--sarif']],
    ['whole', ['compile']]
  ])('to a reader of %s from %j', async (reader, [command = '', ...args]) => {
    for (const path of [policyAt(), at('small.json'), at('large.json')]) {
      const options = path === at('large.json') ? [] : given()
      if (path === at('large.json') && command === 'lint') continue
      const { stdout } = await run(reader, [command, path, ...args, ...options])
      expect(stdout).not.toBe('')
    }
  })

  it.each<[keyof typeof readers, string[]]>([
    ['html', ['matrix', '--format', 'html']],
    ['whole', ['matrix', '--json']],
    ['terminal', ['scopes', 'list']],
    ['whole', ['scopes', 'list', '--json']],
    ['markdown', ['generate', 'docs']],
    ['terminal', ['generate', 'types']],
    ['terminal', ['generate', 'sql', '--enum', 'scope']],
    ['terminal', ['generate', 'openapi']],
    ['whole', ['generate', 'openapi', '--format', 'json']],
    ['whole', ['generate', 'json']]
  ])('to a reader of %s from %j', async (reader, args) => {
    const { stdout, status } = await run(reader, [...args, '--policy', policyAt(), ...given()])
    expect([status, stdout !== '']).toEqual([0, true])
  })

  it('to a reader of a matrix, whose names are as they are so that the page can be read again', async () => {
    const { roles = {}, ...policy } = smallHostilePolicy()
    const onOneLine = Object.entries(roles).filter(([name]) => !/[\u2028\u2029]/.test(name))
    await writeFile(at('lines.json'), JSON.stringify({ ...policy, roles: Object.fromEntries(onOneLine) }))
    await run('page', ['matrix', '--policy', at('lines.json'), ...given()])
  })

  it('to a reader of one scope, a template and what is unknown', async () => {
    for (const name of [...hostileNames, ...texts.map((text) => `${text}?`)])
      for (const [reader, ...args] of [['terminal'], ['json', '--json']] as const)
        await run(reader, ['scopes', 'show', name, '--policy', at('small.json'), ...given(), ...args])
  })

  it('to a reader of answers to hostile requests', async () => {
    const policy = ['--policy', at('small.json'), ...given()]
    await run('json', ['decide', ...policy, '--explain'], requests())
    for (const line of [...requests().split('\n'), ...texts]) {
      await run('terminal', ['explain', ...policy, line])
      await run('json', ['explain', ...policy, '--json', line])
    }
    const allowed = texts.map((org) =>
      JSON.stringify({
        subject: {
          id: 'u',
          roles: [{ role: Object.keys(smallHostilePolicy().roles ?? {})[1], org: `${org}o` }]
        },
        action: 'share',
        object: { type: 'note', org: `${org}o`, id: org, owner: org }
      })
    )
    for (const line of allowed)
      expect((await run('terminal', ['explain', ...policy, line])).status).toBeLessThan(2)
    await run('terminal', ['scopes', 'suggest', ...policy], allowed.join('\n'))
    await run('json', ['scopes', 'suggest', ...policy, '--json'], allowed.join('\n'))
    await run('terminal', ['scopes', 'suggest', ...policy], requests())
    for (const text of texts)
      await run(
        'json',
        ['scopes', 'check', ...policy],
        JSON.stringify({ scopes: [text], allow_list: [text], [text]: text })
      )
    await run('json', ['scopes', 'check', ...policy], hostileText)
  })

  it.each<[keyof typeof readers, string[]]>([
    ['terminal', []],
    ['whole', ['--json']],
    ['markdown', ['--markdown']],
    ['terminal', ['--no-new-access']]
  ])('to a reader of %s from a difference with %j', async (reader, args) => {
    const { stdout } = await run(reader, ['diff', policyAt(), at('changed.json'), ...args])
    expect(stdout.length).toBeGreaterThan(1000)
  })

  it.each<[keyof typeof readers, string[]]>([
    ['terminal', ['--coverage-details']],
    ['junit', ['--reporter', 'junit', '--coverage-threshold', '100']],
    ['whole', ['--reporter', 'json', '--coverage-details']],
    ['github', ['--reporter', 'github', '--coverage-threshold', '100', '--coverage-details']],
    ['github', ['--reporter', 'github', '--coverage-details']]
  ])('to a reader of %s from tests that fail, with %j', async (reader, args) => {
    const { stdout, status } = await run(reader, ['test', '--policy', policyAt(), ...given(), ...args])
    expect(status).toBe(2)
    expect(stdout.length).toBeGreaterThan(1000)
  })

  it('to a reader of a page that is wrong', async () => {
    const page = at(oddFolder, 'note.md')
    const args = ['matrix', page, page, '--policy', policyAt(), ...given()]
    expect((await run('terminal', args)).stdout).toContain('\\u003a:error::forged')
    await run('whole', [...args, '--json'])
  })

  it('to a reader of mutants', async () => {
    const holding = at('holding.ndjson')
    const request = { subject: { id: 'u', roles: [] }, action: 'read', object: { type: 'note' } }
    await writeFile(holding, JSON.stringify({ request, allowed: false }))
    const { invariants, ...policy } = smallHostilePolicy()
    expect(invariants).toHaveLength(3)
    await writeFile(at('sound.json'), JSON.stringify(policy))
    const args = ['mutate', holding, '--policy', at('sound.json'), ...given(), '--max', '60']
    expect((await run('terminal', args)).stdout).toMatch(/no statement notices/)
    await run('whole', [...args, '--json'])
    await run('terminal', ['mutate', '--policy', policyAt(), ...given()])
  })

  it('to a reader of what is written, and of what is no longer current', async () => {
    const to = (name: string): string => at(oddFolder, name)
    for (const [args, name] of [
      [['generate', 'docs'], `${oddFile} docs`],
      [['generate', 'types'], `${oddFile}.ts`],
      [['generate', 'json'], `${oddFile} out.json`],
      [['matrix'], `${oddFile} matrix.md`]
    ] as const) {
      const command = [...args, '--policy', policyAt(), ...given(), '-o', to(name), '--check']
      const { status, stderr } = await run('terminal', command)
      expect([status, stderr.includes('is not there')]).toEqual([1, true])
    }
    await run('terminal', ['init', to(oddFile)])
    await run('terminal', ['init', to(oddFile)])
    await run('json', ['init', to(`${oddFile} json`), '--json'])
    await run('json', ['compile', policyAt(), ...given(), '-o', to('compiled.json'), '--json'])
  })

  it('to a reader of problems', async () => {
    for (const name of ['broken.yaml', 'broken.json', 'wrong.json', `none ${oddFile}.yaml`, `${oddFile}.txt`])
      for (const [reader, ...args] of [['terminal'], ['json', '--json']] as const) {
        const { status } = await run(reader, ['check', at(name), ...args])
        expect([name, status]).toEqual([name, 2])
      }
  })

  it('to a reader of what the arguments have wrong', async () => {
    for (const text of texts) {
      await run('terminal', [text])
      await run('terminal', ['check', `--${text}`])
      await run('terminal', ['check', at('small.json'), '--option', `${text}=${text}`])
      await run('terminal', ['test', '--policy', at('small.json'), '--reporter', text])
      await run('terminal', ['test', '--policy', at('small.json'), ...given(), '--subject', text])
      await run('terminal', ['mutate', '--policy', at('small.json'), '--kinds', text])
      await run('terminal', ['matrix', '--policy', at('small.json'), ...given(), '--resource', `${text}?`])
      await run('terminal', ['matrix', text, '--policy', at('small.json'), ...given()])
      await run('terminal', ['diff', `${text}:a`, text])
      await run('terminal', ['diff', `${text}:a`, text, '--no-code'])
      // What the caller calls the type is the caller's own: it is refused where it cannot be seen, and else as given.
      await run('terminal', [
        'generate',
        'sql',
        '--enum',
        text.replaceAll('##', '#'),
        '--policy',
        at('small.json'),
        ...given()
      ])
    }
  })
})

describe('what a reader gets back', () => {
  const failing = async (...args: string[]): Promise<string> =>
    (
      await casemate([
        'test',
        '--policy',
        at('small.json'),
        at(oddFolder, `${oddFile}.ndjson`),
        ...given(),
        ...args
      ])
    ).stdout

  it('is the same from every report: as many statements, those that fail, an invariant about nothing among them', async () => {
    const json = JSON.parse(await failing('--reporter', 'json')) as {
      statements: { name: string; ok: boolean; isEmpty?: boolean }[]
      problems: unknown[]
    }
    const wrong = json.statements.filter(({ ok, isEmpty }) => !ok || isEmpty === true)
    expect(wrong.some(({ isEmpty }) => isEmpty)).toBe(true)
    const { tests, failures, errors, testsuite = [] } = readJunit(await failing('--reporter', 'junit'))
    expect([tests, failures, errors].map(Number)).toEqual([
      json.statements.length + json.problems.length,
      wrong.length,
      json.problems.length
    ])
    const cases = testsuite.flatMap(({ testcase }) => testcase)
    const shown = (name: string): string =>
      name
        .split(/([\n\r\t])/)
        .map((part) => (/^[\n\r\t]$/.test(part) ? part : visible(part)))
        .join('')
    expect(cases.filter(({ failure }) => failure !== undefined).map(({ name }) => name)).toEqual(
      wrong.map(({ name }) => shown(name))
    )
    const commands = readGithub(await failing('--reporter', 'github'))
    expect(commands).toHaveLength(wrong.length + json.problems.length)
    expect(
      commands
        .slice(0, wrong.length)
        .map(({ properties }) => properties['title']?.replaceAll('\\u0009', '\t'))
    ).toEqual(wrong.map(({ name }) => shown(name)))
  })

  it('is a run that fails where all that is wrong is an invariant about nothing', async () => {
    const { invariants = [], ...policy } = smallHostilePolicy()
    await writeFile(at('empty.json'), JSON.stringify({ ...policy, invariants: invariants.slice(2) }))
    const run = (...args: string[]): Promise<Ran> =>
      casemate(['test', '--policy', at('empty.json'), at('holding.ndjson'), ...given(), ...args])
    await writeFile(
      at('holding.ndjson'),
      JSON.stringify({
        request: { subject: { id: 'u', roles: [] }, action: 'read', object: { type: 'note' } },
        allowed: false
      })
    )
    for (const reporter of ['human', 'junit', 'github', 'json'])
      expect([reporter, (await run('--reporter', reporter)).status]).toEqual([reporter, 1])
    expect(readGithub((await run('--reporter', 'github')).stdout)).toMatchObject([
      { message: /about no object/ }
    ])
    expect(readJunit((await run('--reporter', 'junit')).stdout)).toMatchObject({ tests: '2', failures: '1' })
  })

  it('is the value itself from JSON', () => {
    for (const text of texts) expect(JSON.parse(jsonText({ [text]: [text] }))).toEqual({ [text]: [text] })
  })
})

describe('each sink', () => {
  it('shows a text as characters that are seen, on one line', () => {
    for (const text of texts) {
      readTerminal(terminalLine(text))
      for (const line of [
        terminalLine(text),
        visible(text),
        prose(text),
        code(text),
        cellCode(text),
        escapeXml(text)
      ])
        expect(line).not.toMatch(/[\n\r\t]/)
      for (const line of [prose(text), escapeHtml(text), escapeXml(text), code(text), jsonText(text)])
        expect(dangerous.exec(line)).toBeNull()
    }
  })

  it('keeps its own colours and nobody else’s', () => {
    expect(terminalText('\u001B[31m✗\u001B[0m a', { colour: true })).toBe('\u001B[31m✗\u001B[0m a')
    expect(terminalText('\u001B[31m✗', {})).toBe('\\u001b[31m✗')
    expect(terminalText('\u001B[2J\u001B[31mx', { colour: true })).toBe('\\u001b[2J\u001B[31mx')
  })

  it('writes one workflow command whatever is in it', () => {
    for (const text of texts) {
      const [command, ...others] = readGithub(
        workflowCommand('error', { file: text, line: 1, title: text }, text)
      )
      expect(others).toEqual([])
      expect(Object.keys(command?.properties ?? {})).toEqual(['file', 'line', 'title'])
    }
  })

  it('makes a page of Markdown with as many lines as were written', () => {
    readMarkdown(
      texts
        .flatMap((text) => [
          prose(text),
          `- ${sentenceOf(`${text} is ${quoteValue(text)}`)}`,
          `# ${code(text)}`,
          `| a | b |\n| --- | --- |\n| ${cellCode(text)} | ${prose(text)} |`,
          fenced('json', [text]).join('\n')
        ])
        .join('\n\n')
    )
  })

  it('keeps names readable that say nothing of their own', () => {
    for (const name of ['owner', 'site owner', 'coder:workspaces.access', 'élan', 'a-b_c', '日本']) {
      expect(terminalLine(name)).toBe(name)
      expect(code(name)).toBe(`\`${name}\``)
      expect(quoteValue(name)).toBe(`\`${name}\``)
    }
  })

  it('escapes links and placeholders in a message of SARIF, and leaves other brackets', () => {
    const finding = (message: string): string | undefined =>
      lintToSarif(
        {
          findings: [{ rule: 'dead', severity: 'error', path: 'p', at: ['p'], message }],
          suppressed: [],
          counts: { error: 1, warning: 0, info: 0 }
        },
        { uri: 'p.json' }
      ).runs[0]?.results[0]?.message.text
    expect(finding('scopes["a:b"]: roles[0]')).toBe('scopes["a:b"]: roles[0]')
    expect(finding('{0} \u202e')).toBe('{{0}} \\u202e')
    expect(finding('[a\\](b)')).toBe('\\[a\\\\\\](b)')
  })
})

describe('the words of an error', () => {
  it('are seen, and bounded', () => {
    for (const text of texts) {
      const long = text.repeat(Math.ceil(100_000 / text.length))
      for (const words of [
        quoteValue(long),
        formatPath([long]),
        foreignWords(long),
        quoteValues(Array(1000).fill(long))
      ]) {
        readTerminal(words.replaceAll('::', ''))
        expect(words.length).toBeLessThan(10_000)
      }
    }
  })

  it('never end in half a character', () => {
    expect(quoteValue('👪'.repeat(60))).toBe(`\`${'👪'.repeat(40)}…\``)
    expect(quoteValue(`a${'👪'.repeat(60)}`)).toBe(`\`a${'👪'.repeat(39)}…\``)
  })

  it('list ten values at most', () => {
    expect(quoteValues([1, 'a', true])).toBe('`1`, `a`, `true`')
    expect(quoteValues(Array.from({ length: 12 }, (_, index) => index))).toMatch(/, `9` and 2 more$/)
  })
})
