// `casemate test`: what it finds beside a policy, its exit statuses, and that every reporter says the same in a form that
// its readers can read, whatever names a policy has.
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { casemate, type Ran } from '../support/cli.js'

const coder = ['--policy', 'policies/coder/index.ts']
/** A role's name may hold what XML, a workflow command or a terminal would misread. */
const hostile = '"<&\'>]]> 100%,a::b|c'
const policy = {
  name: 'p',
  resources: { doc: { actions: { read: '', write: '' } } },
  roles: {
    reader: { kind: 'site', grants: { site: { allow: { doc: ['read'] } } } },
    [hostile.replaceAll(':', '')]: { kind: 'site' }
  },
  invariants: [{ name: 'nobody writes', permissions: ['doc:write'], only: [] }]
}

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'casemate-'))
  await write('policy.json', JSON.stringify(policy))
  await write('README.md', '# About\n\nNo table here.\n')
  await write('doc.md', '| Subject | Read | Write |\n| --- | --- | --- |\n| reader | yes | no |\n')
  await write('notes.ndjson', '{"unrelated":true}\n')
  await write('e.ndjson', `${expectation('reader', true)}\n\n${expectation('reader', true)}\n`)
})
/** Whatever stands beside a policy is read with it: what a test writes is not there for the next. */
const beside = ['policy.json', 'README.md', 'doc.md', 'notes.ndjson', 'e.ndjson']
afterEach(async () => {
  for (const name of await readdir(folder))
    if (!beside.includes(name)) await rm(join(folder, name), { recursive: true })
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const write = (name: string, text: string): Promise<void> => writeFile(join(folder, name), text)
const at = (name: string): string => join(folder, name)
const run = (...args: string[]): Promise<Ran> => casemate(['test', '--policy', at('policy.json'), ...args])

function expectation(role: string, allowed: boolean, note?: string): string {
  const request = { subject: { id: 'u1', roles: [role] }, action: 'read', object: { type: 'doc' } }
  return JSON.stringify({ request, allowed, note })
}

describe('casemate test', () => {
  it('finds what stands beside the policy, and says what it left out', async () => {
    const { status, stdout, stderr } = await run()
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    expect(stdout).toBe(
      [
        `✓ ${at('doc.md')}: 2 statements`,
        `✓ ${at('e.ndjson')}: 2 statements`,
        `✓ ${at('policy.json')} (invariants): 1 statement`,
        `- ${at('README.md')}: states nothing, left out`,
        `- ${at('notes.ndjson')}: states nothing, left out`,
        'all 5 statements hold',
        ''
      ].join('\n')
    )
  })

  it('fails for an invariant that is about no object, in every report, and not for one that is about some', async () => {
    const doc = { org: 'never', actions: { read: '', write: '' } }
    const vacuous = { name: 'vacuous', permissions: ['doc:write'], always: ['reader'], relation: 'own org' }
    const invariants = [...policy.invariants, vacuous]
    await write('vacuous.json', JSON.stringify({ ...policy, resources: { doc }, invariants }))
    const args = ['test', at('doc.md'), '--policy', at('vacuous.json')]
    const why = 'it is about no object, so it says nothing'
    const human = await casemate(args)
    expect(human.status).toBe(1)
    expect(human.stdout).toContain(`  ✗ line 1, vacuous\n      ${why}\n`)
    expect(human.stdout).toContain('1 of 4 statements does not hold')
    const { statements } = JSON.parse((await casemate([...args, '--json'])).stdout) as {
      statements: { name: string; ok: boolean; isEmpty?: boolean }[]
    }
    expect(statements.filter(({ isEmpty }) => isEmpty).map(({ name, ok }) => [name, ok])).toEqual([
      ['vacuous', false]
    ])
    const github = await casemate([...args, '--reporter', 'github'])
    expect(github).toMatchObject({ status: 1 })
    expect(github.stdout).toContain(`title=vacuous::${why}\n`)
    const junit = await casemate([...args, '--reporter', 'junit'])
    expect(junit).toMatchObject({ status: 1 })
    expect(junit.stdout).toContain(`<failure type="invariant" message="${why}"/>`)
    expect(junit.stdout.match(/<failure /g)).toHaveLength(1)
  })

  it('takes files that are named as they are: each has to state something', async () => {
    expect(await run(at('doc.md'), at('doc.md'))).toMatchObject({ status: 0 })
    const { status, stderr } = await run(at('README.md'), at('notes.ndjson'))
    expect(status).toBe(2)
    expect(stderr).toBe(
      `${at('README.md')}:1: there is no matrix on this page\n${at('notes.ndjson')}:1: unknown key \`unrelated\` of an expectation\n`
    )
    expect(await run(at('nowhere.md'))).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('nowhere.md: no such file') as string
    })
    expect(await run(at('policy.json'))).toMatchObject({ status: 2 })
  })

  it('shows what fails, where, why and by which request', async () => {
    await write('wrong.md', '### `doc`\n\n| Subject | Write |\n| --- | --- |\n| reader | yes |\n')
    const { status, stdout, stderr } = await run(at('wrong.md'))
    expect({ status, stderr }).toEqual({ status: 1, stderr: '' })
    expect(stdout).toBe(
      [
        at('wrong.md'),
        '  ✗ line 5, doc, reader: doc:write is yes',
        '      refused: not_granted: site abstains',
        '      {"subject":{"id":"u1","roles":["reader"]},"action":"write","object":{"type":"doc"}}',
        '',
        `✗ ${at('wrong.md')}: 1 statement, 1 wrong`,
        `✓ ${at('policy.json')} (invariants): 1 statement`,
        '1 of 2 statements does not hold',
        ''
      ].join('\n')
    )
    await rm(at('wrong.md'))
  })

  it('is never fine with nothing: no statement, no match of a filter', async () => {
    const none = join(folder, 'none')
    await writeFile(`${none}.json`, JSON.stringify({ ...policy, invariants: [] }))
    await write('empty.ndjson', '')
    const nothing = await casemate(['test', '--policy', `${none}.json`, at('empty.ndjson')])
    expect(nothing.status).toBe(2)
    const { status, stdout, stderr } = await run('--subject', 'nobody', '--action', 'read')
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
    expect(stderr).toBe('no statement matches --subject nobody --action read\n')
    await rm(`${none}.json`)
    await rm(at('empty.ndjson'))
  })

  it('keeps what a filter asks for', async () => {
    const { stdout } = await run('--resource', 'doc', '--action', 'write', '--json')
    const { statements } = JSON.parse(stdout) as { statements: { name: string }[] }
    expect(statements.map(({ name }) => name)).toEqual(['reader: doc:write is no', 'nobody writes'])
  })

  it('measures coverage, lists what is not covered, and fails below a threshold', async () => {
    const { status, stdout } = await run(at('doc.md'), '--coverage-threshold', '90', '--coverage-details')
    expect(status).toBe(1)
    expect(stdout).toContain('coverage 75 % (6 of 8 cells): below 90 %\n')
    expect(stdout).toContain('100%,ab|c: refused at site: doc:read\n')
    expect(await run(at('doc.md'), '--coverage-threshold', '75')).toMatchObject({ status: 0 })
    for (const percent of ['101', '-1', 'x', '1e1', ''])
      expect(await run('--coverage-threshold', percent)).toMatchObject({ status: 2, stdout: '' })
    expect(await run('--reporter', 'tap')).toMatchObject({ status: 2, stdout: '' })
    const json = JSON.parse((await run(at('doc.md'), '--coverage', '--json')).stdout) as { coverage: unknown }
    expect(json.coverage).toEqual({ cells: 8, covered: 6, percent: 75 })
  })

  it('covers all that a real policy decides', async () => {
    const { status, stdout } = await casemate(['test', ...coder, '--coverage-threshold', '100'])
    expect(status).toBe(0)
    expect(stdout).toMatch(/coverage 100 % \(\d{5} of \d{5} cells\)\nall \d{4} statements hold\n$/)
  })
})

describe('reporters', () => {
  const controls = 'line\nbreak \u0000\u001B[31m ' + hostile
  const files = async (): Promise<string[]> => {
    await write(
      'odd,100%:x.ndjson',
      `${expectation('reader', false, controls)}\n${expectation('reader', true, controls)}\n{`
    )
    return [at('odd,100%:x.ndjson')]
  }

  it('junit writes XML that a parser reads back, with nothing lost and nothing that XML cannot hold', async () => {
    const { status, stdout } = await run(...(await files()), '--reporter', 'junit')
    expect(status).toBe(2)
    const tags = readXml(stdout)
    expect(tags.find(({ name }) => name === 'testsuites')?.attributes).toMatchObject({
      tests: '4',
      failures: '1',
      errors: '1'
    })
    const cases = tags.filter(({ name }) => name === 'testcase').map(({ attributes }) => attributes['name'])
    const shown = controls.replace('\u0000', '\\u0000').replace('\u001B', '\\u001b')
    expect(cases).toEqual([shown, shown, 'invalid_expectation in line 3', 'nobody writes'])
    expect(tags.filter(({ name }) => name === 'failure')).toHaveLength(1)
    expect(tags.filter(({ name }) => name === 'error')).toHaveLength(1)
  })

  it('github writes one command a line, escaped so that nothing ends it early', async () => {
    const { stdout } = await run(...(await files()), '--reporter', 'github')
    const commands = stdout.split('\n').filter((line) => line.startsWith('::'))
    expect(commands).toHaveLength(2)
    const shown = controls
      .replace('\u0000', '\\u0000')
      .replace('\u001B', '\\u001b')
      .replace('\uD800', '\\ud800')
    expect(commands.map(readCommand)).toMatchObject([
      { file: at('odd,100%:x.ndjson'), line: '1', title: shown },
      { file: at('odd,100%:x.ndjson'), line: '3', title: 'invalid_expectation' }
    ])
    expect(stdout).toMatch(/\n1 of 3 statements does not hold; 1 problem\n$/)
  })

  it('human keeps every name on its line', async () => {
    const { stdout } = await run(...(await files()))
    const shown = controls.replace('\n', '\\u000a').replace('\u0000', '\\u0000').replace('\u001B', '\\u001b')
    expect(stdout).toContain(`  ✗ line 1, ${shown.replace('\uD800', '\\ud800')}\n`)
  })

  it('json is one value with every statement', async () => {
    const { stdout } = await run(...(await files()), '--json')
    expect(JSON.parse(stdout)).toMatchObject({
      ok: false,
      passed: 2,
      failed: 1,
      problems: [{ line: 3, code: 'invalid_expectation' }],
      statements: [{ ok: false }, { ok: true }, { kind: 'invariant', ok: true }]
    })
  })
})

interface Tag {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
}

/** Reads XML of elements, attributes and text, strictly: whatever else there is throws. */
function readXml(xml: string): Tag[] {
  const prolog = '<?xml version="1.0" encoding="UTF-8"?>\n'
  if (!xml.startsWith(prolog)) throw new Error('no XML')
  if (/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u.test(xml))
    throw new Error('no XML character')
  const tags: Tag[] = []
  const open: string[] = []
  let rest = xml.slice(prolog.length)
  while (rest !== '') {
    const [piece = '', close, name, attributes = '', isEmpty] =
      /^(?:<\/(\w+)>|<(\w+)((?: \w+="[^"<]*")*)(\/?)>|[^<>]+)/.exec(rest) ?? []
    if (piece === '') throw new Error(`no XML: ${rest.slice(0, 40)}`)
    rest = rest.slice(piece.length)
    if (close !== undefined && open.pop() !== close) throw new Error(`</${close}> closes nothing`)
    if (name === undefined) continue
    const pairs = [...attributes.matchAll(/ (\w+)="([^"]*)"/g)].map(([, key = '', value = '']) => [
      key,
      decode(value)
    ])
    tags.push({ name, attributes: Object.fromEntries(pairs) as Record<string, string> })
    if (isEmpty === '') open.push(name)
  }
  if (open.length > 0) throw new Error(`<${open.join(', ')}> is not closed`)
  return tags
}

function decode(text: string): string {
  const named: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }
  return text.replace(/&(?:#(\d+)|(\w+));|&/g, (whole, code?: string, name = '') => {
    const character = code === undefined ? named[name as string] : String.fromCodePoint(Number(code))
    if (character === undefined) throw new Error(`${whole} is no reference`)
    return character
  })
}

/** Reads a workflow command as its runner does. */
function readCommand(line: string): Record<string, string> {
  const [, properties = '', message = ''] = /^::error ([^:]*)::(.*)$/.exec(line) ?? []
  const unescape = (text: string): string =>
    text.replace(/%(0D|0A|3A|2C|25)/g, (_, code: string) => String.fromCharCode(parseInt(code, 16)))
  const pairs = properties.split(',').map((pair) => pair.split('=') as [string, string])
  return {
    ...Object.fromEntries(pairs.map(([key, value]) => [key, unescape(value)])),
    message: unescape(message)
  }
}
