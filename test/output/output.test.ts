// Each function through which somebody's text leaves the project, for one kind of reader, by itself.
import { describe, expect, it } from 'vitest'
import { foreignWords, formatPath, quoteValue } from '../../src/document/index.js'
import { escapeHtml, escapeXml } from '../../src/output/xml.js'
import { jsonText } from '../../src/output/json.js'
import { cellCode, code, fenced, prose, sentenceOf } from '../../src/output/markdown.js'
import { terminalLine, terminalText } from '../../src/output/terminal.js'
import { visible } from '../../src/output/visible.js'
import { workflowCommand } from '../../src/output/workflow.js'
import { lintToSarif } from '../../src/lint/index.js'
import { dangerous, readGithub, readMarkdown, readTerminal, texts } from '../support/readers.js'
import { quoteValues } from '../../src/problems/quote.js'

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
