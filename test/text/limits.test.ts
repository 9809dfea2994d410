// Texts from outside that are as large as they may be, or larger, and made to be slow: refused or read in bounded work.
import { describe, expect, it } from 'vitest'
import type { Problem } from '../../src/errors.js'
import { putSchemas } from '../../src/generate/openapi/into.js'
import { parsePolicyText, type ParseTextOptions } from '../../src/node/index.js'
import { positionsIn } from '../../src/node/positions.js'
import { readJson } from '../../src/text/json.js'
import { mostProblems, type TextProblem } from '../../src/text/problem.js'
import { loadingProblems } from '../support/problems.js'

describe('JSON', () => {
  it('with more duplicate keys than anybody reads is given up', () => {
    const problems: TextProblem[] = []
    readJson(`{${'"a":1,'.repeat(200_000)}"b":1}`, 64, problems)
    expect(problems).toHaveLength(mostProblems)
  })
})

describe('YAML', () => {
  const size = 200_000
  const filled = (piece: string, before = '', after = ''): string =>
    before + piece.repeat((size - before.length - after.length) / piece.length) + after
  const problemsOf = (text: string, options: ParseTextOptions = {}): Promise<readonly Problem[]> =>
    loadingProblems(() => parsePolicyText(text, 'yaml', options))

  it.each([
    ['commas in a list', filled(',', '[')],
    ['commas in a record', filled(',', '{')],
    ['commas in a closed list in a record', filled(',', '{a: [', ']}')],
    ['closing brackets', filled(']')],
    ['unknown tags', filled('- !a b\n')],
    ['escapes that there are not', filled('\\q', '"', '"')],
    ['aliases without a name', filled('* ')]
  ])('that is all wrong is given up at its tenth error: %s', async (_, text) => {
    const problems = await problemsOf(text)
    expect(problems.map(({ code }) => code)).toEqual(Array.from({ length: 10 }, () => 'syntax_error'))
    for (const { message } of problems) expect(message).toMatch(/^policy:\d+:\d+: (?!enough)/)
  })

  it.each([
    ['numbers in a list', filled('1,', '[', ']')],
    ['pairs in a list', filled(':,', '[', ']')],
    ['texts in lines', filled('- a\n')],
    ['lines of a text', filled('a\n', 'x: "', '"')],
    ['questions', filled('? a\n')]
  ])('of more pieces than a text may have bytes is refused: %s', async (_, text) => {
    const [problem] = await problemsOf(text, { maxBytes: size })
    expect(problem).toMatchObject({ code: 'document_too_large' })
  })

  it('has places for each of very many keys', async () => {
    const keys = Array.from({ length: 20_000 }, (_, index) => `k${index}`)
    const positions = await positionsIn(keys.map((key) => `${key}: 1\n`).join(''))
    expect(keys.map((key) => positions.find([key])?.line)).toEqual(keys.map((_, index) => index + 1))
  })
})

describe('an OpenAPI document', () => {
  const schemas = { A: { type: 'string' } }

  it('is given up where it is all wrong, and read where it is only long', () => {
    expect(() => putSchemas(`openapi: 3.1.0\nx: [${','.repeat(300_000)}]\n`, 'yaml', schemas)).toThrow(
      /cannot put the schemas into this document: Unexpected , in flow sequence \(line 2, column 6\)$/
    )
    const keys = Array.from({ length: 20_000 }, (_, index) => `k${index}: 1\n`).join('')
    expect(putSchemas(keys, 'yaml', schemas)).toBe(
      `${keys}components:\n  schemas:\n    A:\n      type: string\n`
    )
    expect(() => putSchemas(' '.repeat(5 * 1024 * 1024), 'yaml', schemas)).toThrow(/it is longer than/)
  })
})
