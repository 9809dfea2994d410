// Those who read what the project writes: each takes an output apart as its program does, and fails where the output
// would fool it.
import { createRequire } from 'node:module'
import { Ajv } from 'ajv'
import * as commonmark from 'commonmark'
import { XMLParser } from 'fast-xml-parser'
import { Marked } from 'marked'
import { expect } from 'vitest'
import type { SarifLog } from '../../src/lint/index.js'
import { hostileNames, hostileText } from '../fixtures/hostile-policy.js'

/** Texts that somebody else could have written, in names, ids, files and arguments. */
export const texts = [
  hostileText,
  ...hostileNames,
  'two\nlines',
  'two\r\n::error::lines',
  '\u001B[2J\u001B]8;;https://example.com\u0007x',
  '\u0085\u009b31m\u007f',
  '\ud800 \udc00',
  '\ufeff\u180e\u034f\u2060\ufe0f\u{e0100}\uffff'
]

/** Control characters but line breaks and tabs, what turns or hides text, halves of characters. */
export const dangerous =
  /(?![\n\t])[\p{Cc}\p{Cf}\p{Cs}\p{Co}\u2028\u2029\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\uffff\u{1bca0}-\u{1bca3}\u{1d173}-\u{1d17a}\u{e0000}-\u{e0fff}]/u

/** A terminal or a log of a build: it shows what is there, and does nothing. */
export function readTerminal(text: string): string[] {
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
export function readGithub(text: string): Command[] {
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

export function readJunit(text: string): JUnit['testsuites'] {
  readTerminal(text)
  expect(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u.exec(text)).toBeNull()
  expectWellFormed(text)
  return (xml.parse(text) as JUnit).testsuites
}

/** Elements that are closed in their order, attributes between quotes, and no other reference than XML has. */
function expectWellFormed(text: string): void {
  const open: string[] = []
  const rest = text
    .replace(/^<\?xml version="1.0" encoding="UTF-8"\?>/, '')
    .replace(/&(?:amp|lt|gt|quot|apos|#\d+);/g, '')
    .replace(
      /<(\/?)(\w+)((?: \w+="[^"<>&]*")*)(\/?)>/g,
      (_, close: string, name: string, _attributes, empty: string) => {
        if (close !== '') expect(open.pop()).toBe(name)
        else if (empty === '') open.push(name)
        return ''
      }
    )
  expect([open, rest.match(/[<>&]/g)]).toEqual([[], null])
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

export function readSarif(text: string): SarifLog {
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
export function readMarkdown(text: string): void {
  readTerminal(text)
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

export function readHtml(text: string): void {
  readTerminal(text)
  checkTags(text.replace(/<style>.*?<\/style>|<script>.*?<\/script>/gs, ''))
  expect(text.match(/<script>/g)).toHaveLength(1)
}

/** A page of the explorer: the data of the policy in one element, and two scripts, which are the package's. */
export function readPage(text: string): void {
  readTerminal(text)
  const [, data = ''] = /<script type="application\/json" id="data">(.*?)<\/script>/s.exec(text) ?? []
  expect(JSON.parse(data)).toMatchObject({ document: {} })
  checkTags(text.replace(/<style>.*?<\/style>|<script[^>]*>.*?<\/script>/gs, ''))
  expect([text.match(/<script/gi), text.match(/<\/script/gi)].map((found) => found?.length)).toEqual([3, 3])
}

const elements =
  /^(?:!doctype|a|bdi|body|button|caption|code|dd|div|dl|dt|form|h1|h2|head|header|html|input|label|li|main|meta|nav|noscript|option|p|section|select|small|span|table|tbody|td|th|thead|time|title|tr|ul)$/
const attributes =
  /^(?:aria-current|aria-label|autocomplete|charset|class|content|data-drawn|data-text|datetime|hidden|href|html|http-equiv|id|lang|name|placeholder|role|scope|selected|spellcheck|tabindex|title|type|value)$/

/** Every tag is one that the package writes, with attributes that it writes, and leads nowhere but into the page. */
function checkTags(outside: string): void {
  for (const [tag] of outside.matchAll(/<(?:"[^"]*"|[^">])*>/g)) {
    const [, name = '', given = ''] = /^<\/?(!?[\w-]+)((?:\s+[\w-]+(?:="[^"]*")?)*)\s*\/?>$/.exec(tag) ?? []
    expect(name, tag).toMatch(elements)
    for (const [, key = '', value = ''] of given.matchAll(/([\w-]+)(?:="([^"]*)")?/g)) {
      expect(key, tag).toMatch(attributes)
      if (key === 'href') expect(value, tag).toMatch(/^#/)
    }
  }
}

export const readers = {
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
  html: readHtml,
  page: readPage
} as const
