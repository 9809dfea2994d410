// Policies as files and texts of data: what is read, and every text that is refused, with its line.
import { execFileSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { loadPolicy, parsePolicyText, type ParseTextOptions, type TextFormat } from '../../src/node/index.js'
import { readJson } from '../../src/text/json.js'
import type { TextProblem } from '../../src/text/problem.js'
import { smallPolicy } from '../fixtures/document/small.js'
import { temporaryFolder } from '../support/folder.js'
import { loadingProblems } from '../support/problems.js'

const { folder, file } = temporaryFolder()

const minimalYaml = 'name: x\nresources:\n  log:\n    actions: { read: Read }\n'
const minimal = { name: 'x', resources: { log: { actions: { read: 'Read' } } } }
const json = JSON.stringify(smallPolicy(), null, 2)

describe('a policy file', () => {
  it.each([
    ['policy.json', json],
    ['policy.yaml', stringify(smallPolicy())],
    ['policy.yml', json],
    ['POLICY.JSON', json],
    ['with-bom.json', `\uFEFF${json}`],
    ['with-bom.yaml', `\uFEFF${stringify(smallPolicy())}`],
    ['windows.yaml', stringify(smallPolicy()).replaceAll('\n', '\r\n')]
  ])('%s gives the document', async (name, content) => {
    expect(await loadPolicy(file(name, content))).toEqual(smallPolicy())
  })

  it('may use anchors, which stand for what they name', async () => {
    const text = `${minimalYaml}roles:\n  a: { kind: site, assigns: &all ['*'] }\n  b: { kind: org, assigns: *all }\n`
    const { roles } = await parsePolicyText(text, 'yaml')
    expect(roles).toEqual({ a: { kind: 'site', assigns: ['*'] }, b: { kind: 'org', assigns: ['*'] } })
  })

  it('has `yes`, `no`, `on` and keys like `true` or `1` as texts, as YAML 1.2 has them', async () => {
    const text = `${minimalYaml}options:\n  no: { values: [yes, on] }\n  1: { values: [1, true, 0o17, 1.5] }\n`
    const { options } = await parsePolicyText(text, 'yaml')
    expect(options).toEqual({ no: { values: ['yes', 'on'] }, '1': { values: [1, true, 15, 1.5] } })
  })

  it.each<[TextFormat, string]>([
    [
      'json',
      '{"name":"x","resources":{"log":{"actions":{"read":""}}},"roles":{"__proto__":{"kind":"site"}}}'
    ],
    ['yaml', `${minimalYaml}roles: { __proto__: { kind: site } }`]
  ])('in %s keeps a role called `__proto__`', async (format, text) => {
    const { roles = {} } = await parsePolicyText(text, format)
    expect(Object.keys(roles)).toEqual(['__proto__'])
  })

  it.each<[string, string, string]>([
    ['missing.json', 'unreadable_file', 'no such file'],
    ['missing.ts', 'unreadable_file', 'no such file'],
    ['policy.json/inside.yaml', 'unreadable_file', 'no such file'],
    ['folder.yaml', 'unreadable_file', 'not a file'],
    ['folder.mjs', 'unreadable_file', 'not a file'],
    ['pipe.json', 'unreadable_file', 'not a file'],
    [
      'policy.toml',
      'unknown_format',
      'unknown file ending `.toml`; expected one of .json, .yaml, .yml, .ts, .mts, .cts, .js, .mjs, .cjs'
    ],
    [
      'policy',
      'unknown_format',
      'unknown file ending `""`; expected one of .json, .yaml, .yml, .ts, .mts, .cts, .js, .mjs, .cjs'
    ],
    [
      '.json',
      'unknown_format',
      'unknown file ending `""`; expected one of .json, .yaml, .yml, .ts, .mts, .cts, .js, .mjs, .cjs'
    ]
  ])('%s is %s', async (name, code, message) => {
    file('policy.json', json)
    for (const folderName of ['folder.yaml', 'folder.mjs'])
      mkdirSync(join(folder, folderName), { recursive: true })
    if (name === 'pipe.json') execFileSync('mkfifo', [join(folder, name)])
    const path = join(folder, name)
    expect(await loadingProblems(() => loadPolicy(path))).toMatchObject([
      { code, message: `${path}: ${message}` }
    ])
  })

  it('over the size is refused before it is read, and one within is not', async () => {
    const path = file('large.json', ' '.repeat(1024 * 1024 - json.length) + json)
    await expect(loadPolicy(path)).resolves.toEqual(smallPolicy())
    const larger = file('larger.json', ' '.repeat(1024 * 1024 + 1))
    const expected = { code: 'document_too_large', message: `${larger}: larger than 1048576 bytes` }
    expect(await loadingProblems(() => loadPolicy(larger))).toMatchObject([expected])
    expect(await loadingProblems(() => loadPolicy(path, { maxBytes: 100 }))).toMatchObject([
      { code: 'document_too_large' }
    ])
    expect(await loadingProblems(() => loadPolicy(larger, { maxBytes: 2 ** 21 }))).toMatchObject([
      { code: 'empty_document' }
    ])
  })

  it('that is no UTF-8 is refused', async () => {
    const path = file('latin1.yaml', Uint8Array.from([...Buffer.from('name: '), 0xe9]))
    const expected = { code: 'syntax_error', message: `${path}: not a UTF-8 text` }
    expect(await loadingProblems(() => loadPolicy(path))).toMatchObject([expected])
  })

  it('says its own name before a problem of its text', async () => {
    const path = file('twice.json', '{\n "name": 1,\n "name": 2}')
    const [problem] = await loadingProblems(() => loadPolicy(path))
    expect(problem?.message).toBe(`${path}:3:2: name: the key \`name\` is there twice`)
  })
})

describe('a text that is refused', () => {
  type Case = readonly [format: TextFormat, text: string, code: string, message: string]
  const cases: readonly Case[] = [
    ['json', '', 'empty_document', 'policy: the document is empty'],
    ['yaml', ' \n\t\n', 'empty_document', 'policy: the document is empty'],
    ['yaml', '# a comment\n---\n', 'empty_document', 'policy: the document is empty'],
    ['yaml', '\uFEFF', 'empty_document', 'policy: the document is empty'],
    ['json', '{"name": }', 'syntax_error', 'policy:1:10: not JSON: expected a value, not `}`'],
    ['json', '{"name":\n', 'syntax_error', 'policy:2:1: not JSON: expected a value, not the end'],
    ['json', "{'name': 1}", 'syntax_error', "policy:1:2: not JSON: expected a key in double quotes, not `'`"],
    [
      'json',
      '{"a": {"b": [{"c": 1,\n"\\u0063": 2}]}}',
      'duplicate_key',
      'policy:2:1: a.b[0].c: the key `c` is there twice'
    ],
    [
      'json',
      '{"a": ["a", "a", {"a": 1}], "a": 1}',
      'duplicate_key',
      'policy:1:29: a: the key `a` is there twice'
    ],
    [
      'json',
      '{"__proto__": 1, "__proto__": 1}',
      'duplicate_key',
      'policy:1:18: __proto__: the key `__proto__` is there twice'
    ],
    ['yaml', 'name: x\nname: y\n', 'duplicate_key', 'policy:2:1: name: the key `name` is there twice'],
    ['yaml', 'a:\n  b: 1\n  "b": 2\n', 'duplicate_key', 'policy:3:3: a.b: the key `b` is there twice'],
    ['yaml', 'a: { x: 1, x: 2 }', 'duplicate_key', 'policy:1:12: a.x: the key `x` is there twice'],
    ['yaml', '1: a\n"1": b', 'duplicate_key', 'policy:2:1: 1: the key `"1"` is there twice'],
    ['yaml', 'a: 1\n---\nb: 2\n', 'several_documents', 'policy:2:1: more than one YAML document in a file'],
    [
      'yaml',
      'a: &a { b: 1 }\nc:\n  <<: *a\n',
      'syntax_error',
      'policy:3:3: c: merge keys (`<<`) are not supported; write the keys out'
    ],
    [
      'yaml',
      'a: !!binary aGk=\n',
      'syntax_error',
      'policy:1:13: a: YAML tags are not supported: `tag:yaml.org,2002:binary`'
    ],
    [
      'yaml',
      '!!set { a, b }',
      'syntax_error',
      'policy:1:7: YAML tags are not supported: `tag:yaml.org,2002:set`'
    ],
    [
      'yaml',
      'a: !!js/function "x"',
      'syntax_error',
      'policy:1:4: Unresolved tag: tag:yaml.org,2002:js/function'
    ],
    ['yaml', '%YAML 1.1\n---\na: yes\n', 'syntax_error', 'policy:1:1: YAML directives are not supported'],
    ['yaml', 'a: *b\n', 'syntax_error', 'policy:1:4: a: no anchor `b` before this'],
    ['yaml', 'a: &k x\n? *k\n: 1\n', 'syntax_error', 'policy:2:3: a key must be a text'],
    ['yaml', '? [a, b]\n: 1\n', 'syntax_error', 'policy:1:3: a key must be a text'],
    ['yaml', 'a:\n\t- b\n', 'syntax_error', 'policy:2:1: Tabs are not allowed as indentation'],
    [
      'yaml',
      'a: [1, 2\n',
      'syntax_error',
      'policy:2:1: Flow sequence in block collection must be sufficiently indented and end with a ]'
    ]
  ]
  it.each(cases)('%s %j is %s', async (format, text, code, message) => {
    const [first] = await loadingProblems(() => parsePolicyText(text, format))
    expect(first).toMatchObject({ code, message })
  })

  it('in JSON is exactly what `JSON.parse` refuses, duplicate keys apart', () => {
    const edit = fc.record({
      at: fc.nat(),
      insert: fc.constantFrom('', ',', '"', '}', '[', ' ', '0', '-', '\\', 'e1', '\u0001')
    })
    const texts = fc.tuple(fc.json({ maxDepth: 4 }), fc.array(edit, { maxLength: 2 })).map(([text, edits]) =>
      edits.reduce((changed, { at, insert }) => {
        const place = at % (changed.length + 1)
        return changed.slice(0, place) + insert + changed.slice(place + (insert === '' ? 1 : 0))
      }, text)
    )
    fc.assert(
      fc.property(texts, (text) => {
        const problems: TextProblem[] = []
        const value = readJson(text, 64, problems)
        const syntax = problems.filter(({ code }) => code === 'syntax_error')
        let expected: unknown
        try {
          expected = JSON.parse(text)
        } catch {
          expect(syntax).toHaveLength(1)
          return
        }
        expect(syntax).toEqual([])
        expect(JSON.stringify(value)).toBe(JSON.stringify(expected))
      })
    )
  })

  it('is one over the size in bytes, which are not its letters', async () => {
    const text = JSON.stringify({ ...minimal, description: 'é'.repeat(100) })
    expect(
      await loadingProblems(() => parsePolicyText(text, 'json', { maxBytes: text.length }))
    ).toMatchObject([{ code: 'document_too_large' }])
    await expect(parsePolicyText(text, 'json', { maxBytes: text.length + 100 })).resolves.toBeDefined()
  })

  it.each<[string, TextFormat, string]>([
    ['lists in lists', 'json', '['.repeat(500_000) + ']'.repeat(500_000)],
    ['lists in lists', 'yaml', '['.repeat(1_000_000)],
    ['records in records', 'yaml', '{a: '.repeat(200_000)],
    ['dashes on a line', 'yaml', '- '.repeat(500_000)],
    ['questions on a line', 'yaml', '? '.repeat(500_000)],
    [
      'one step in on each line',
      'yaml',
      Array.from({ length: 1000 }, (_, i) => `${' '.repeat(i)}a:\n`).join('')
    ]
  ])('is %s in %s, nested too deep', async (_, format, text) => {
    expect((await loadingProblems(() => parsePolicyText(text, format))).map(({ code }) => code)).toEqual([
      'document_too_deep'
    ])
  })

  it('is not one at exactly the depth', async () => {
    const nested = (levels: number): string =>
      `${minimalYaml}description: ${'['.repeat(levels)}${']'.repeat(levels)}`
    const codes = async (levels: number): Promise<readonly string[]> =>
      (await loadingProblems(() => parsePolicyText(nested(levels), 'yaml'))).map(({ code }) => code)
    expect(await codes(63)).toEqual(['invalid_type'])
    expect(await codes(64)).toEqual(['document_too_deep'])
  })

  it('is one whose anchors multiply beyond any memory, or contain themselves', async () => {
    const lines = Array.from({ length: 40 }, (_, i) => `a${i + 1}: &a${i + 1} [*a${i}, *a${i}, *a${i}]`)
    const laughs = ['a0: &a0 ha', ...lines].join('\n')
    expect((await loadingProblems(() => parsePolicyText(laughs, 'yaml'))).map(({ code }) => code)).toEqual([
      'document_too_large'
    ])
    const [cycle] = await loadingProblems(() => parsePolicyText(`${minimalYaml}roles: &r\n  a: *r\n`, 'yaml'))
    expect(cycle).toMatchObject({ code: 'document_has_cycle', path: 'roles.a' })
  })

  it('is reported once for each duplicate of very many', async () => {
    const keys = Array.from({ length: 20_000 }, (_, i) => `k${i % 10_000}: 1\n`).join('')
    expect(await loadingProblems(() => parsePolicyText(keys, 'yaml'))).toHaveLength(10_000)
    const record = `{${Array.from({ length: 20_000 }, (_, i) => `"k${i % 10_000}":1`).join()}}`
    expect(await loadingProblems(() => parsePolicyText(record, 'json'))).toHaveLength(10_000)
  })

  it('that is wrong everywhere is reported in its first places', async () => {
    expect((await loadingProblems(() => parsePolicyText(']'.repeat(1000), 'yaml'))).length).toBeLessThan(20)
  })

  it('has the problems of the document where its syntax has none', async () => {
    const options: ParseTextOptions = { name: 'p.yaml' }
    const [problem] = await loadingProblems(() => parsePolicyText('name: x\n', 'yaml', options))
    expect(problem).toMatchObject({ code: 'missing_key', path: 'resources' })
  })
})
