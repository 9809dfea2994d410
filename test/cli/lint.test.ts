// `casemate lint`: what it prints, as text, JSON and SARIF, where it says that something is, and its exit status.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, it } from 'vitest'
import { lintRules, type SarifLog } from 'casemate/lint'
import { casemate } from '../support/cli.js'
import { temporaryFolder } from '../support/folder.js'

const { folder, file } = temporaryFolder()

const yaml = file(
  'notes.yaml',
  `name: notes
resources:
  note: { actions: { read: see it, write: change it } }
roles:
  reader:
    kind: site
    grants:
      site:
        allow: { note: [read] }
      user:
        allow:
          note: [read, write]
  all:
    kind: site
    grants: { site: { allow: { '*': '*' } } }
lint:
  ignore:
    - rule: future-wildcard
      path: roles.all.grants.site.allow.*
      reason: everything is what it says
`
)
const shadowed = `${yaml}:12:18: warning: roles.reader.grants.user.allow.note[read]: adds nothing for \`read\`: \`roles.reader.grants.site.allow.note\` allows it before \`user\` is asked (shadowed-grant)`

const json = file(
  'broken.json',
  JSON.stringify(
    {
      name: 'broken',
      resources: { note: { actions: { read: '', write: '' } } },
      roles: {
        writer: {
          kind: 'site',
          grants: { site: { allow: { note: '*' } }, user: { deny: { note: ['write'] } } }
        }
      }
    },
    undefined,
    2
  )
)

const bare = file(
  'wild.ts',
  `export default {
  name: 'wild',
  resources: { note: { actions: { read: '' } } },
  roles: { all: { kind: 'site', grants: { site: { allow: { '*': '*' } } } } }
}
`
)

describe('casemate lint', () => {
  it('prints each finding with its place in the file, and counts', async () => {
    const { status, stdout, stderr } = await casemate(['lint', yaml])
    expect(stdout).toBe(`${shadowed}\n0 errors, 1 warning; 1 suppressed\n`)
    expect(stderr).toBe('')
    expect(status).toBe(0)
  })

  it('prints suppressed findings with their reasons where that is asked for', async () => {
    const { stdout } = await casemate(['lint', yaml, '--show-suppressed'])
    expect(stdout.split('\n')).toEqual([
      shadowed,
      `${yaml}:15:32: suppressed: roles.all.grants.site.allow.*: the wildcard will allow every resource that is added to the policy, too (future-wildcard)`,
      '    everything is what it says',
      '0 errors, 1 warning; 1 suppressed',
      ''
    ])
  })

  it('fails for an error, and for more warnings than are let through', async () => {
    expect((await casemate(['lint', json])).status).toBe(1)
    expect((await casemate(['lint', yaml, '--max-warnings', '1'])).status).toBe(0)
    expect((await casemate(['lint', yaml, '--max-warnings', '0'])).status).toBe(1)
  })

  it('says nothing more than that where nothing is found', async () => {
    const { status, stdout } = await casemate(['lint', 'policies/coder/index.ts', '--max-warnings', '0'])
    expect(stdout).toMatch(/^nothing found; \d+ suppressed\n$/)
    expect(status).toBe(0)
  })

  it('finds places in JSON, and names the file alone for a policy that is code', async () => {
    const lines = readFileSync(json, 'utf8').split('\n')
    const denied = lines.findIndex((line) => line.includes('"deny"')) + 1
    const place = `${denied + 1}:${lines[denied]!.indexOf('"note"') + 1}`
    const data = await casemate(['lint', json])
    expect(data.stdout).toContain(
      `${json}:${place}: error: roles.writer.grants.user.deny.note: never denies anything`
    )
    const code = await casemate(['lint', bare])
    expect(code.stdout).toContain(`${bare}: warning: roles.all.grants.site.allow.*: `)
  })

  it('prints findings as JSON', async () => {
    const { stdout, status } = await casemate(['lint', yaml, '--json'])
    expect(status).toBe(0)
    expect(JSON.parse(stdout)).toEqual({
      findings: [
        {
          rule: 'shadowed-grant',
          severity: 'warning',
          path: 'roles.reader.grants.user.allow.note[read]',
          at: ['roles', 'reader', 'grants', 'user', 'allow', 'note', 0],
          message: expect.stringContaining('adds nothing for `read`') as string,
          line: 12,
          column: 18
        }
      ],
      suppressed: [
        expect.objectContaining({ rule: 'future-wildcard', reason: 'everything is what it says' }) as object
      ],
      counts: { error: 0, warning: 1, info: 0 }
    })
  })

  it.each([
    [['lint'], /missing required argument/],
    [['lint', join(folder, 'none.yaml')], /none\.yaml: no such file/],
    [['lint', yaml, '--max-warnings', 'few'], /expected a whole number/],
    [['lint', yaml, '--json', '--sarif'], /cannot be used with/],
    [['lint', yaml, '--supressed'], /unknown option '--supressed'/]
  ])('refuses %j', async (args, says) => {
    const { status, stdout, stderr } = await casemate(args)
    expect(status).toBe(2)
    expect(stdout).toBe('')
    expect(stderr).toMatch(says)
  })
})

describe('casemate lint --sarif', () => {
  it.each([yaml, json, bare])('prints a SARIF 2.1.0 log of %s', async (path) => {
    const { stdout } = await casemate(['lint', path, '--sarif'])
    const log = JSON.parse(stdout) as SarifLog
    expectSarif(log)
    expect(log.runs[0]?.results.length).toBeGreaterThan(0)
    for (const { locations } of log.runs[0]?.results ?? [])
      expect(locations[0]?.physicalLocation.artifactLocation.uri).toBe(pathToFileURL(path).href)
  })

  it('has the line of a finding, and the reason of a suppressed one', async () => {
    const { stdout } = await casemate(['lint', yaml, '--sarif'])
    const [found, suppressed] = (JSON.parse(stdout) as SarifLog).runs[0]?.results ?? []
    expect(found).toMatchObject({ ruleId: 'shadowed-grant', level: 'warning' })
    expect(found?.locations[0]?.physicalLocation.region).toEqual({ startLine: 12, startColumn: 18 })
    expect(found?.locations[0]?.logicalLocations[0].fullyQualifiedName).toBe(
      'roles.reader.grants.user.allow.note[read]'
    )
    expect(found?.suppressions).toBeUndefined()
    expect(suppressed?.suppressions).toEqual([
      { kind: 'inSource', justification: 'everything is what it says' }
    ])
  })

  it('names a file of the project by its path in it', async () => {
    const { stdout } = await casemate(['lint', './policies/saas/index.ts', '--sarif'])
    const log = JSON.parse(stdout) as SarifLog
    expectSarif(log)
    for (const { locations } of log.runs[0]?.results ?? [])
      expect(locations[0]?.physicalLocation.artifactLocation.uri).toBe('policies/saas/index.ts')
  })
})

/** What the schema of SARIF 2.1.0 asks of the objects that a log of ours has, and no key besides. */
function expectSarif(log: SarifLog): void {
  expect(log.version).toBe('2.1.0')
  expect(Object.keys(log).sort()).toEqual(['$schema', 'runs', 'version'])
  expect(log.runs).toHaveLength(1)
  const { tool, results } = log.runs[0]!
  const { name, version, rules } = tool.driver
  expect([name, version]).toEqual(['casemate', '0.0.0'])
  expect(rules.map(({ id }) => id)).toEqual(lintRules.map(({ id }) => id))
  for (const rule of rules) {
    expect(Object.keys(rule).sort()).toEqual(['defaultConfiguration', 'help', 'id', 'shortDescription'])
    expect(['error', 'warning', 'note']).toContain(rule.defaultConfiguration.level)
    expect(rule.shortDescription.text).not.toBe('')
    expect(rule.help.text).not.toBe('')
  }
  const allowed = [
    'ruleId',
    'ruleIndex',
    'level',
    'message',
    'locations',
    'partialFingerprints',
    'suppressions'
  ]
  for (const result of results) {
    for (const key of Object.keys(result)) expect(allowed).toContain(key)
    expect(rules[result.ruleIndex]?.id).toBe(result.ruleId)
    expect(['error', 'warning', 'note']).toContain(result.level)
    expect(result.message.text).not.toBe('')
    expect(Object.values(result.partialFingerprints).every((text) => typeof text === 'string')).toBe(true)
    for (const { physicalLocation, logicalLocations } of result.locations) {
      const { artifactLocation, region } = physicalLocation
      expect(URL.canParse(artifactLocation.uri, 'file:///project/')).toBe(true)
      if (region !== undefined)
        for (const place of [region.startLine, region.startColumn]) expect(place).toBeGreaterThanOrEqual(1)
      for (const { kind } of logicalLocations) expect(kind).toBe('member')
    }
  }
  const fingerprints = results.map(({ partialFingerprints }) => JSON.stringify(partialFingerprints))
  expect(new Set(fingerprints).size).toBe(fingerprints.length)
}
