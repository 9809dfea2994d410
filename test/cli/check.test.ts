// `casemate check`: every problem of a policy at its line and column, for people and for machines.
import { describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { formatPath } from '../../src/problems/path.js'
import type { Problem } from '../../src/errors.js'
import type { SarifLog } from '../../src/lint/index.js'
import { casemate } from '../support/cli.js'
import { temporaryFolder } from '../support/folder.js'

const { folder, file } = temporaryFolder()

const yaml = file(
  'notes.yaml',
  `name: notes
resources:
  note: { actions: { read: see it } }
  "odd one": { actions: {} }
roles:
  reader:
    kind: sites
    grants:
      site:
        allow: { notes: [read] }
      user: { allow: { note: [reed] } }
invariants:
  - permissions: [note:read]
  - { name: x, permissions: [note:writes], only: [readers] }
`
)

interface Report {
  readonly ok: boolean
  readonly problems: readonly Problem[]
}

async function problemsOf(path: string): Promise<readonly Problem[]> {
  const { stdout, status } = await casemate(['check', path, '--json'])
  expect(status).toBe(2)
  return (JSON.parse(stdout) as Report).problems
}

describe('casemate check', () => {
  it('says where each problem of a YAML policy is, and what is missing where it is missing', async () => {
    const { status, stdout, stderr } = await casemate(['check', yaml])
    expect(stdout).toBe('')
    expect(status).toBe(2)
    const where = stderr
      .trim()
      .split('\n')
      .map((line) => /^(.*?):(\d+:\d+): (.+?): /.exec(line)?.slice(1) ?? [line])
    expect(where.map(([name]) => name)).toEqual(where.map(() => yaml))
    expect(where.map(([, place, path]) => `${place ?? ''} ${path ?? ''}`).sort()).toMatchInlineSnapshot(`
      [
        "10:18 roles.reader.grants.site.allow.notes",
        "11:31 roles.reader.grants.user.allow.note[0]",
        "13:5 invariants[0]",
        "13:5 invariants[0].name",
        "14:30 invariants[1].permissions[0]",
        "14:51 invariants[1].only[0]",
        "4:3 resources["odd one"]",
        "7:5 roles.reader.kind",
      ]
    `)
  })

  const broken = (): object => ({
    name: '',
    resources: {
      note: { actions: { read: 'see it', 'a b': 7 }, orgs: 'x' },
      'odd one': { actions: {} },
      [`n${'o'.repeat(150)}`]: { actions: { read: 3 } },
      ['__proto__x']: { actions: [] },
      'quote"and\\slash\u202e': { actions: { go: '' } }
    },
    roles: {
      reader: {
        kind: 'sites',
        grants: { site: { allow: { notes: ['read'], note: ['read', 'reed'] } }, users: {} },
        assigns: ['reader', 'nobody']
      }
    },
    invariants: [{ permissions: ['note:read'] }, { name: 'x', permissions: ['note:read', 'note:x'] }]
  })
  it.each([
    ['yaml', stringify(broken())],
    ['yaml', stringify(broken(), { collectionStyle: 'flow' })],
    ['json', JSON.stringify(broken(), undefined, 2)],
    ['json', JSON.stringify(broken())],
    ['json', `\uFEFF${JSON.stringify(broken(), undefined, '\t').replaceAll('\n', '\r\n')}`]
  ])('is at the key or the item that the path of a problem names, in %s', async (ending, text) => {
    const problems = await problemsOf(file(`broken.${ending}`, text))
    expect(problems.length).toBeGreaterThan(12)
    const lines = text.replace(/^\uFEFF/, '').split('\n')
    for (const { code, path, line = 0, column = 0, message } of problems) {
      const rest = lines[line - 1]?.slice(column - 1) ?? ''
      const [last = ''] = /(?:[^.[\]]+|\[\d+\]|\["(?:[^"\\]|\\.)*"\])$/.exec(path) ?? []
      const isNamed = /^\[\d+\]$/.test(last) || formatPath([keyAt(rest)]) === last
      expect({ message, isNamed: isNamed !== (code === 'missing_key') }).toEqual({ message, isNamed: true })
    }
  })

  it('names file and path of a policy that is code, whether the code defines it or exports it plainly', async () => {
    const literal = "{ name: 'x', resources: { note: { actions: {} } }, roles: { r: { kind: 'sit' } } }"
    const plain = file('plain.ts', `export default ${literal}`)
    const defined = file(
      'defined.ts',
      `import { definePolicy } from 'casemate'\nexport default definePolicy(${literal} as never)`
    )
    for (const path of [plain, defined]) {
      const problems = await problemsOf(path)
      expect(problems.length).toBeGreaterThan(0)
      for (const one of problems) {
        expect(one).toMatchObject({ file: path, message: expect.stringMatching(/^.*\.ts: \w/) as string })
        expect(one.line).toBeUndefined()
      }
    }
  })

  it('annotates each line in a workflow', async () => {
    const { stdout, stderr, status } = await casemate(['check', yaml, '--github'])
    const problems = await problemsOf(yaml)
    const lines = stdout.trim().split('\n')
    expect({ stderr, status }).toEqual({ stderr: '', status: 2 })
    expect(lines).toHaveLength(problems.length)
    for (const [index, { line, column, code }] of problems.entries())
      expect(lines[index]).toContain(`,line=${line ?? 0},col=${column ?? 0},title=${code}::`)
  })

  it('writes SARIF with the same places, and an empty run for a policy', async () => {
    const problems = await problemsOf(yaml)
    const { stdout, status } = await casemate(['check', yaml, '--sarif'])
    expect(status).toBe(2)
    const [run] = (JSON.parse(stdout) as SarifLog).runs
    expect(run?.results.map(({ locations: [location] }) => location?.physicalLocation.region)).toEqual(
      problems.map(({ line, column }) => ({ startLine: line, startColumn: column }))
    )
    for (const { ruleId, ruleIndex } of run?.results ?? [])
      expect(run?.tool.driver.rules[ruleIndex]?.id).toBe(ruleId)
    const whole = file('whole.json', '{"name":"w","resources":{"note":{"actions":{"read":""}}}}')
    const fine = await casemate(['check', whole, '--sarif'])
    expect(fine.status).toBe(0)
    expect((JSON.parse(fine.stdout) as SarifLog).runs[0]?.results).toEqual([])
  })

  it('points at neither of two keys that a message shows alike', async () => {
    const long = 'n'.repeat(150)
    const wrong = { actions: { read: 3 } }
    const text = JSON.stringify({ name: 'x', resources: { [`${long}a`]: wrong, [`${long}b`]: wrong } })
    const problems = await problemsOf(file('alike.json', text))
    expect(problems.map(({ column }) => column)).toEqual(problems.map(() => text.indexOf('"resources"') + 1))
  })

  it('places what is wrong with the text itself alike', async () => {
    const [problem] = await problemsOf(file('twice.yaml', 'name: x\nname: y\n'))
    expect(problem).toMatchObject({ code: 'duplicate_key', line: 2, column: 1, file: `${folder}/twice.yaml` })
  })
})

/** The key with which a line goes on. */
function keyAt(rest: string): string {
  const [quoted] = /^"(?:[^"\\]|\\.)*"/.exec(rest) ?? []
  return quoted === undefined ? (/^'?(.*?)'?[:,\]}]/.exec(`${rest}:`)?.[1] ?? '') : String(JSON.parse(quoted))
}
