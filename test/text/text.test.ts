// Text from outside, wherever it comes in: UTF-8 or a problem on its line, JSON that no two readers take differently, no
// file that a link leads to out of its tree, and bounded work on whatever it is.
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readLines, type Line } from '../../src/text/lines.js'
import type { Problem } from '../../src/errors.js'
import { putSchemas } from '../../src/generate/openapi/into.js'
import { loadPolicy, parsePolicyText } from '../../src/node/index.js'
import { parseJson, readJson } from '../../src/text/json.js'
import { readPlainJson } from '../../src/text/plain-json.js'
import type { TextProblem } from '../../src/text/problem.js'
import { casemate } from '../support/cli.js'
import { temporaryFolder } from '../support/folder.js'
import { loadingProblems } from '../support/problems.js'
import { runs } from '../support/depth.js'

const { folder, file } = temporaryFolder()

const policy = file(
  'notes.json',
  JSON.stringify({
    name: 'notes',
    resources: { note: { actions: { read: '', write: '' } } },
    roles: {
      member: { kind: 'site', grants: { user: { allow: { note: '*' } } } },
      reader: { kind: 'site', grants: { site: { allow: { note: ['read'] } } } },
      ban: { kind: 'site', grants: { site: { deny: { note: '*' } } } }
    }
  })
)
const owned = (id: string, owner: string): string =>
  `{"subject":{"id":"${id}","roles":["member"]},"action":"read","object":{"type":"note","owner":"${owner}"}}`
/** Each `ÿ` and `þ` as a byte of its own, which is no UTF-8. */
const broken = Buffer.from(owned('ÿ', 'þ'), 'latin1')
const half = owned('\\ud800', '\\ud800')
const whole = owned('\\ud83d\\ude00', '😀')
const twice =
  '{"subject":{"id":"u","roles":["reader","ban"],"roles":["reader"]},"action":"read","object":{"type":"note"}}'
const once = '{"subject":{"id":"u","roles":["reader"]},"action":"read","object":{"type":"note"}}'
const banned = '{"subject":{"id":"u","roles":["reader","ban"]},"action":"read","object":{"type":"note"}}'

describe('a line of standard input', () => {
  const answers = async (input: string | Buffer): Promise<unknown[]> => {
    const { stdout } = await casemate(['decide', '--policy', policy], input)
    return stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown)
  }
  const refused = (message: string): unknown => ({
    error: { code: 'invalid_request', message: expect.stringContaining(message) as string }
  })

  it('that is not UTF-8 is a problem in its place, and those around it are answered', async () => {
    const lines = [
      whole,
      broken,
      owned('�', '�'),
      Buffer.from([0xc3]),
      owned('é', 'è'),
      Buffer.from([0xed, 0xa0, 0x80])
    ]
    const input = Buffer.concat(lines.flatMap((line) => [Buffer.from(line), Buffer.from('\n')]))
    expect(await answers(input)).toEqual([
      { allowed: true },
      refused('not a UTF-8 text'),
      // The character itself, as anybody may write it.
      { allowed: true },
      refused('not a UTF-8 text'),
      { allowed: false },
      refused('not a UTF-8 text')
    ])
  })

  it('with half of a surrogate pair is a problem, in a value and in a key, escaped or not', async () => {
    const key = once.replace('"type"', '"\\udc00":1,"type"')
    expect(await answers([half, key, whole].join('\n'))).toEqual([
      refused('subject.id: half of a surrogate pair in `\\ud800`'),
      refused('half of a surrogate pair in `\\udc00`'),
      { allowed: true }
    ])
  })

  it('with a key that is there twice is a problem, and never the last of the two', async () => {
    expect(await answers([twice, once, banned].join('\n'))).toEqual([
      refused('subject.roles: the key `roles` is there twice'),
      { allowed: true },
      { allowed: false }
    ])
  })

  it('keeps `__proto__` as the key that it is', async () => {
    const inherited = once.replace('"type":"note"', '"type":"note","__proto__":{"owner":"u"}')
    expect(
      await answers([inherited, inherited.replace(':{"owner"', ':1,"__proto__":{"owner"')].join('\n'))
    ).toEqual([refused('unknown key `__proto__`'), refused('the key `__proto__` is there twice')])
  })

  it('nested deeper than a request can be is a problem', async () => {
    expect(await answers(`${'['.repeat(1_000_000)}\n${once}`)).toEqual([
      refused('nested deeper than 64 levels'),
      { allowed: true }
    ])
  })

  it('is broken or whole however the stream is cut', async () => {
    const bytes = Buffer.concat([Buffer.from('\uFEFFé€😀\n\n'), broken, Buffer.from('\n😀')])
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(9), { minLength: 1 }), async (cuts) => {
        const chunks: Buffer[] = []
        for (let at = 0, i = 0; at < bytes.length; i++) {
          const end = at + (cuts[i % cuts.length] ?? 0) + 1
          chunks.push(bytes.subarray(at, end))
          at = end
        }
        const read: Line[] = []
        for await (const batch of readLines(Readable.from(chunks))) read.push(...batch)
        expect(read).toEqual(['é€😀', '', null, '😀'])
      })
    )
  })
})

describe('every command that reads a text', () => {
  const withPolicy = ['--policy', policy]
  it.each<[string, readonly string[]]>([
    ['explain', ['explain', ...withPolicy]],
    ['scopes check', ['scopes', 'check', ...withPolicy]],
    ['scopes suggest', ['scopes', 'suggest', ...withPolicy]]
  ])('%s refuses broken bytes, halves of pairs and keys that are there twice', async (_, args) => {
    for (const [input, message] of [
      [broken, 'not a UTF-8 text'],
      [half, 'half of a surrogate pair'],
      [twice, 'the key `roles` is there twice']
    ] as const) {
      const { status, stdout, stderr } = await casemate(args, input)
      expect(status).not.toBe(0)
      expect(stdout + stderr).toContain(message)
    }
  })

  it('scopes suggest refuses a record of several lines in which a key is there twice', async () => {
    const record = '{\n  "checks": [\n    { "permission": "note:read", "permission": "note:write" }\n  ]\n}\n'
    const args = ['scopes', 'suggest', ...withPolicy]
    expect(await casemate(args, record)).toMatchObject({
      status: 2,
      stdout: '',
      stderr: 'checks[0].permission: the key `permission` is there twice (line 3, column 34)\n'
    })
    const good = await casemate(args, record.replace(', "permission": "note:write"', ''))
    expect(good.stdout).toContain('the smallest key for 1 check:')
    expect(await casemate(args, `\n{"checks":[]}\n${once}`)).toMatchObject({
      status: 2,
      stderr: 'line 2: not JSON\n'
    })
  })

  it.each([
    [
      'ndjson',
      (request: string) => `{"request":${once},"allowed":true}\n{"request":${request},"allowed":true}`
    ],
    [
      'json',
      (request: string) => `[{"request":${once},"allowed":true},\n{"request":${request},"allowed":true}]`
    ]
  ])('test says which expectation of a .%s is not to be trusted', async (ending, text) => {
    for (const [request, message] of [
      [twice, '2: request.subject.roles: the key `roles` is there twice'],
      [half, '2: request.subject.id: half of a surrogate pair']
    ] as const) {
      const path = file(`expected.${ending}`, text(request))
      const { status, stderr } = await casemate(['test', ...withPolicy, path])
      expect(status).toBe(2)
      expect(stderr).toContain(`${path}:${message}`)
    }
    const path = file(`expected.${ending}`, text(once))
    expect(await casemate(['test', ...withPolicy, path])).toMatchObject({ status: 0 })
  })

  it('refuses an argument that was no UTF-8, and takes U+FFFD where the system says that it was one', () => {
    const source = join(process.cwd(), 'src/cli/arguments.ts')
    const script = file(
      'arguments.mts',
      [
        `import { refuseBrokenArguments } from ${JSON.stringify(source)}`,
        "const said = await refuseBrokenArguments(process.argv.slice(2)).then(() => 'taken', ({ message }) => message)",
        'process.stdout.write(said)'
      ].join('\n')
    )
    const run = (...args: readonly string[]): string => {
      const words = args.map((arg) => `"$(printf '${arg}')"`).join(' ')
      const command = `"$0" node_modules/jiti/lib/jiti-cli.mjs "$1" ${words}`
      return execFileSync('sh', ['-c', command, process.execPath, script], { encoding: 'utf8' })
    }
    expect(run('decide', 'a\\377')).toMatch(/^argument 2, `a.`: /)
    const real = run('\\303\\251', '\\357\\277\\275')
    expect(real).toMatch(process.platform === 'linux' ? /^taken$/ : /^argument 2, /)
  })

  it('refuses U+FFFD in an argument whose bytes nobody has', async () => {
    const { status, stderr } = await casemate(['explain', ...withPolicy, owned('�', '�')])
    expect([status, stderr]).toEqual([2, expect.stringContaining('stands for broken bytes') as string])
  })

  it('refuses a policy that is code in broken bytes, before it is run', async () => {
    const path = file('code.mjs', Buffer.from("export default { name: '\xff', resources: {} }", 'latin1'))
    await expect(loadPolicy(path)).rejects.toThrow(`${path}: not a UTF-8 text`)
  })
})

describe('JSON', () => {
  const unit = fc.constantFrom(
    'a',
    '\\u0061',
    '"',
    ':',
    ' ',
    '{',
    '[',
    '\\\\',
    '\\"',
    '\\ud83d',
    '\\ude00',
    '1'
  )
  const key = fc.constantFrom('"a"', '"b"', '"\\u0061"', '"__proto__"', '"0"', '":"', '"\\"{:"', '"\\ud800"')
  const { value } = fc.letrec<{ value: string }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      fc.constantFrom('1', 'null', '"x"', '":"', '"\\\\"', '"\\ud800"', '{}', '[]', 'tru', ''),
      fc.array(tie('value'), { maxLength: 3 }).map((items) => `[${items.join(',')}]`),
      fc
        .array(fc.tuple(key, tie('value')), { maxLength: 4 })
        .map((pairs) => `{${pairs.map((pair) => pair.join(':')).join(' ,')}}`)
    )
  }))

  it('is taken fast exactly where the strict reader finds nothing wrong, and as the same value', () => {
    const texts = fc.oneof(
      value,
      fc.array(unit).map((units) => `["${units.join('')}"]`)
    )
    fc.assert(
      fc.property(texts, (text) => {
        const problems: TextProblem[] = []
        const strict = readJson(text, 64, problems)
        const plain = readPlainJson(text, 64)
        if (plain !== undefined) expect([problems, plain.value]).toEqual([[], strict])
        else if (problems.length === 0) expect(text).toMatch(/\\ud/)
        expect(parseJson(text).ok).toBe(problems.length === 0)
      }),
      { numRuns: runs(1000) }
    )
  })
})

describe('JSON with a key that is there twice, while somebody wrote to `Object.prototype`', () => {
  it('is still refused', () => {
    const written = Object.prototype as { strayKey?: number }
    written.strayKey = 1
    try {
      expect(readPlainJson('{"a":1,"a":2}', 64)).toBeUndefined()
      expect(parseJson('{"a":1,"b":{"a":2}}')).toEqual({ ok: true, value: { a: 1, b: { a: 2 } } })
    } finally {
      delete written.strayKey
    }
  })
})

describe('a file that a symbolic link leads to', () => {
  const secret = 'hunter2: [s3cret, &x'
  const tree = join(folder, 'tree')
  mkdirSync(join(tree, '.git'), { recursive: true })
  mkdirSync(join(tree, 'inside'))
  mkdirSync(join(folder, 'outside'))
  for (const name of ['secret.json', 'secret.yaml', 'secret.md', 'secret.ndjson', 'secret.ts'])
    writeFileSync(join(folder, 'outside', name), secret)
  writeFileSync(join(folder, 'outside', 'good.json'), readFileSync(policy))
  writeFileSync(join(tree, 'inside', 'policy.json'), readFileSync(policy))
  symlinkSync('inside/policy.json', join(tree, 'stays.json'))
  symlinkSync('../outside', join(tree, 'folder'))
  for (const ending of ['json', 'yaml', 'md', 'ndjson', 'ts'])
    symlinkSync(`../outside/secret.${ending}`, join(tree, `link.${ending}`))
  symlinkSync(join(folder, 'outside', 'good.json'), join(tree, 'good.json'))
  const at = (name: string): string => join(tree, name)
  const own = at('stays.json')

  it('is read where it is in the same tree', async () => {
    expect(await casemate(['check', own])).toMatchObject({ status: 0 })
  })

  it.each<[string, readonly string[]]>([
    ...['link.json', 'link.yaml', 'link.ts', 'folder/secret.yaml', 'good.json', 'folder/good.json'].flatMap(
      (name): [string, readonly string[]][] => [
        [`check ${name}`, ['check', at(name)]],
        [`lint ${name}`, ['lint', at(name)]],
        [`diff ${name}`, ['diff', own, at(name)]],
        [`compile ${name}`, ['compile', at(name)]]
      ]
    ),
    ['matrix', ['matrix', at('link.md'), '--policy', own]],
    ['test', ['test', at('link.ndjson'), '--policy', own]],
    ['test beside the policy', ['test', '--policy', own]],
    ['test of a list', ['test', at('link.json'), '--policy', own]],
    ['openapi', ['generate', 'openapi', '--policy', own, '--into', at('link.yaml')]],
    ['a check of what is generated', ['generate', 'types', '--policy', own, '-o', at('link.ts'), '--check']]
  ])('prints nothing of what is outside of the tree: %s', async (_, args) => {
    const { status, stdout, stderr } = await casemate(args)
    expect([status, stdout]).toEqual([2, ''])
    expect(stderr).toContain('a symbolic link leads out of the folder or repository')
    expect(stderr).not.toMatch(/hunter2|s3cret|outside/)
  })

  it('is not read from a folder in no repository either, unless it lies in that folder', async () => {
    const path = join(folder, 'bare')
    mkdirSync(join(path, '..data'), { recursive: true })
    writeFileSync(join(path, '..data', 'policy.json'), readFileSync(policy))
    symlinkSync('..data/policy.json', join(path, 'policy.json'))
    symlinkSync('../outside/good.json', join(path, 'other.json'))
    symlinkSync('loop.json', join(path, 'loop.json'))
    expect((await loadPolicy(join(path, 'policy.json'))).name).toBe('notes')
    await expect(loadPolicy(join(path, 'other.json'))).rejects.toThrow('a symbolic link leads out')
    await expect(loadPolicy(join(path, 'loop.json'))).rejects.toThrow('a symbolic link that leads to itself')
  })
})

describe('YAML', () => {
  const problemsOf = (text: string): Promise<readonly Problem[]> =>
    loadingProblems(() => parsePolicyText(text, 'yaml'))

  it('with half of a surrogate pair is refused, in a value and in a key, and not with a whole one', async () => {
    const text = (name: string, more = ''): string =>
      `name: ${name}\nresources: { note: { actions: { read: "" } } }\n${more}`
    expect(await problemsOf(text('"\\ud800"'))).toMatchObject([
      {
        code: 'syntax_error',
        message: 'policy:1:7: name: half of a surrogate pair in `\\ud800`: not a UTF-8 text'
      }
    ])
    expect(await problemsOf(text('a', '"\\udc00x": 1\n'))).toMatchObject([
      { code: 'syntax_error', path: '["\\udc00x"]' }
    ])
    expect(await problemsOf(text('"\\U0000d800"'))).toMatchObject([{ code: 'syntax_error' }])
    expect(await problemsOf(text('\ud800'))).toMatchObject([{ message: 'policy:1:7: not a UTF-8 text' }])
    expect(await problemsOf(text('"\\ud83d\\ude00"'))).toEqual([])
  })
})

describe('an OpenAPI document', () => {
  const schemas = { A: { type: 'string' } }
  it.each([
    ['yaml', 'a: 1\nb:\n  c: 1\n  c: 2\n', 'the key `c` is there twice (line 4, column 3)'],
    ['json', '{"a": 1, "b": {"c": 1, "c": 2}}', 'the key `c` is there twice (line 1, column 24)'],
    ['json', '{"a": "\\ud800"}', 'half of a surrogate pair']
  ] as const)('in %s that two readers could take differently is left alone: %j', (format, text, message) => {
    expect(() => putSchemas(text, format, schemas)).toThrow(message)
  })

  it('keeps directives, and tags that it does not know', () => {
    const text = '%YAML 1.2\n---\nopenapi: 3.1.0\nx-a: !Ref b\n'
    expect(putSchemas(text, 'yaml', schemas).startsWith(text)).toBe(true)
  })
})
