// `casemate replay`, `casemate unused` and `casemate scopes suggest --log`: streams and statuses.
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { compile, parsePolicy } from '../../src/index.js'
import { casemate } from '../support/cli.js'
import { temporaryFolder } from '../support/folder.js'
import { keeping } from '../records/support.js'

const { folder } = temporaryFolder()
const file = (name: string): string => join(folder, name)

function documentWith(actions: readonly string[]): object {
  return {
    name: 'notes',
    resources: { note: { actions: { read: '', write: '' } } },
    roles: { reader: { kind: 'site', grants: { site: { allow: { note: actions } } } } }
  }
}

beforeAll(async () => {
  const before = documentWith(['read'])
  await writeFile(file('before.json'), JSON.stringify(before))
  await writeFile(file('after.json'), JSON.stringify(documentWith(['write'])))
  const policy = compile(parsePolicy(before))
  const { recorder, lines } = keeping(policy, { clock: () => 0 })
  const subject = recorder.of(policy.subject({ id: 'ada', roles: ['reader'] }))
  subject.can('read', { type: 'note', id: 'n1' })
  subject.can('write', { type: 'note', id: 'n1' })
  await writeFile(file('log.ndjson'), (await lines()).map((line) => `${line}\n`).join(''))
})

describe('casemate replay', () => {
  it('says who gains and who loses, with an example, and fails if it is told to', async () => {
    const args = ['replay', file('log.ndjson'), '--policy', file('after.json')]
    const { status, stdout, stderr } = await casemate(args)
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    expect(stdout).toContain('2 lines for 2 decisions: 1 gained, 1 lost\n')
    expect(stdout).toContain('lost note:read: 1 decision (1 line)\n')
    expect(stdout).toMatch(/first 1970-01-01T00:00:00.000Z .*log.ndjson:\d/)
    expect(stdout).toContain('ada read {"type":"note","id":"n1"}: not_granted\n')
    expect((await casemate([...args, '--fail-on', 'lost'])).status).toBe(1)
    expect((await casemate([...args, '--fail-on', 'nothing'])).status).toBe(2)
    const same = ['replay', file('log.ndjson'), '--policy', file('before.json'), '--json']
    const quiet = await casemate([...same, '--fail-on', 'lost', '--fail-on', 'gained'])
    expect(quiet.status).toBe(0)
    expect(JSON.parse(quiet.stdout)).toMatchObject({ decisions: 2, gained: 0, lost: 0, flips: [] })
  })

  it('names a damaged line of standard input on standard error, and exits with 2', async () => {
    const { status, stderr } = await casemate(['replay', '-', '--policy', file('before.json')], 'not json\n')
    expect(status).toBe(2)
    expect(stderr).toMatch(/^-:1: .*\n1 line could not be used\n$/)
  })

  it('exits with 2 for a log that is not there', async () => {
    const { status, stderr } = await casemate(['replay', file('none'), '--policy', file('before.json')])
    expect({ status, stderr }).toEqual({ status: 2, stderr: `${file('none')}: no such file\n` })
  })
})

describe('casemate unused', () => {
  it('prints what nothing needed', async () => {
    const { status, stdout } = await casemate(['unused', file('log.ndjson'), '--policy', file('after.json')])
    expect(status).toBe(0)
    expect(stdout).toBe('not needed by 2 recorded decisions:\n')
  })
})

describe('casemate scopes suggest --log', () => {
  it('suggests a key for a log', async () => {
    const args = ['scopes', 'suggest', '--policy', file('before.json'), '--log', file('log.ndjson'), '--json']
    const { status, stdout } = await casemate(args)
    expect(status).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ scopes: ['note:read'], allowList: ['note:n1'] })
  })
})
