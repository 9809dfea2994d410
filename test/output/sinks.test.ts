// What leaves the project is read by others: a policy as hostile as a valid one can be, and files, arguments and
// requests beside it, go through every command, and whoever reads the output is not fooled by any of it.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { writePages } from '../../scripts/page.js'
import { casemate, type Ran } from '../support/cli.js'
import { hostileNames, hostilePolicy, hostileText, smallHostilePolicy } from '../fixtures/hostile-policy.js'
import { jsonText } from '../../src/output/json.js'
import { visible } from '../../src/output/visible.js'
import { dangerous, readers, readGithub, readJunit, readTerminal, texts } from '../support/readers.js'

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
  await write(
    at('tiny.json'),
    JSON.stringify({ name: 'tiny', resources: { note: { actions: { read: '' } } } })
  )
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
  expect(dangerous.exec(ran.stdout)).toBeNull()
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

  it('to a reader of containers, attributes and their values', async () => {
    const values = [
      '::error::v',
      '\u202eright<b>',
      '##[error]x',
      '<script>k</script>',
      '*x* ~~z~~',
      '\\',
      ']]>',
      '-->'
    ]
    const text = `${hostileText}\n::error::line\n  ::error::indented`
    const document = (change: object): string =>
      JSON.stringify({
        name: 'placed',
        containers: [{ name: 'project', description: text }],
        resources: {
          doc: {
            in: { project: 'optional' },
            description: text,
            attributes: { status: { values, default: values[0], description: text } },
            acl: { levels: { viewer: ['read'] }, requires: 'use' },
            actions: { read: text, use: text }
          }
        },
        roles: {
          '\u202e| <b>::error::': {
            kind: 'project',
            title: text,
            description: text,
            grants: {
              project: { allow: { doc: [{ actions: ['read'], where: { status: values.slice(0, 5) } }] } }
            },
            ...change
          }
        }
      })
    await writeFile(at('placed.json'), document({}))
    await writeFile(at('open.json'), document({ grants: { project: { allow: { doc: ['read', 'use'] } } } }))
    const policy = ['--policy', at('placed.json')]
    for (const args of [[], ['--json'], ['--markdown']] as const) {
      const reader = args[0] === '--json' ? 'whole' : args[0] === '--markdown' ? 'markdown' : 'terminal'
      const { status, stderr } = await run(reader, [
        'diff',
        at('placed.json'),
        at('open.json'),
        '--no-new-access',
        ...args
      ])
      expect([status, stderr]).toEqual([1, expect.stringContaining('new access: ')])
    }
    await run('markdown', ['generate', 'docs', ...policy])
    await run('terminal', ['generate', 'types', ...policy])
    const { stdout } = await run('terminal', ['generate', 'openapi', ...policy])
    expect(stdout).not.toMatch(/^\s*::/m)
    await run('terminal', ['check', at('placed.json')])
    const request = { subject: { id: 'u', roles: [] }, action: 'read', object: { type: 'doc' } }
    await writeFile(at('placed.ndjson'), JSON.stringify({ request, allowed: false }))
    const mutate = ['mutate', at('placed.ndjson'), ...policy]
    const mutants = await run('terminal', mutate)
    expect(mutants.stdout).toMatch(/no statement notices/)
    for (const kind of ['add-implies', 'loosen-acl', 'drop-where', 'add-assign'])
      await run('whole', [...mutate, '--kinds', kind, '--json'])
  })

  it('to a reader of the explorer, with a difference and with an option', async () => {
    await writePages('dist/explore')
    for (const path of [policyAt(), at('small.json')])
      for (const against of [[], ['--against', at('changed.json')]])
        expect((await run('page', ['explore', path, ...given(), ...against])).status).toBe(0)
  })

  it('to a reader of a matrix, which can be read again', async () => {
    const { stdout } = await run('markdown', ['matrix', '--policy', at('small.json'), ...given()])
    await writeFile(at('again.md'), stdout)
    const again = await run('terminal', ['matrix', at('again.md'), '--policy', at('small.json'), ...given()])
    expect(again).toMatchObject({ status: 0, stderr: '' })
  })

  it('to a reader of one scope, a template and what is unknown', async () => {
    const show = (reader: keyof typeof readers, name: string, ...args: string[]): Promise<Ran> =>
      run(reader, ['scopes', 'show', name, '--policy', at('small.json'), ...given(), ...args])
    for (const name of hostileNames) {
      await show('terminal', name)
      await show('json', name, '--json')
    }
    for (const text of texts) await show('terminal', `${text}?`)
    await show('json', `${hostileText}?`, '--json')
  })

  it('to a reader of answers to hostile requests', async () => {
    const policy = ['--policy', at('small.json'), ...given()]
    await run('json', ['decide', ...policy, '--explain'], requests())
    for (const line of [...requests().split('\n'), ...texts]) {
      await run('terminal', ['explain', ...policy, line])
    }
    // The answers to the requests themselves are in the JSON above.
    for (const line of texts) await run('json', ['explain', ...policy, '--json', line])
    // Half of a surrogate pair is no text, and so no request.
    const whole = texts.filter((text) => !/\p{Cs}/u.test(text))
    const allowed = whole.map((org) =>
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
      await run('terminal', ['check', at('tiny.json'), '--option', `${text}=${text}`])
      await run('terminal', ['test', '--policy', at('tiny.json'), '--reporter', text])
      await run('terminal', ['test', '--policy', at('tiny.json'), '--subject', text])
      await run('terminal', ['mutate', '--policy', at('tiny.json'), '--kinds', text])
      await run('terminal', ['matrix', '--policy', at('small.json'), ...given(), '--resource', `${text}?`])
      await run('terminal', ['matrix', text, '--policy', at('tiny.json')])
      await run('terminal', ['diff', `${text}:a`, text])
      await run('terminal', ['diff', `${text}:a`, text, '--no-code'])
      // What the caller calls the type is the caller's own: it is refused where it cannot be seen, and else as given.
      await run('terminal', [
        'generate',
        'sql',
        '--enum',
        text.replaceAll('##', '#'),
        '--policy',
        at('tiny.json')
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
