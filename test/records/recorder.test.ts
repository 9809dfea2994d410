// What a recorder writes, where it goes, and what it costs when that fails.
import { readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { compile, definePolicy, type Policy } from '../../src/index.js'
import { guard } from '../../src/guard/index.js'
import {
  createRecorder,
  fileSink,
  otelSink,
  pgSink,
  policyHash,
  recordsMigration,
  replay,
  type OtelLogRecord
} from '../../src/records/index.js'
import { defineTable, whereFor } from '../../src/sql/index.js'
import { asGiven } from '../support/engine.js'
import { temporaryFolder } from '../support/folder.js'
import { decisionsIn, keeping, linesOfKind, logOf } from './support.js'

const document = definePolicy({
  name: 'notes',
  resources: { note: { actions: { read: '', write: '' } }, assign_role: { actions: { assign: '' } } },
  roles: {
    member: { kind: 'org', grants: { org: { allow: { note: ['read'] } } } },
    admin: {
      kind: 'site',
      grants: { site: { allow: { '*': '*' } } },
      assigns: ['*']
    }
  },
  assignPermissions: { org: 'assign_role:assign' },
  systemSubjects: { sweeper: { id: 'sweeper', grants: { user: { allow: { note: ['write'] } } } } }
})
const policy: Policy = compile(document)
const member = policy.subject({ id: 'ada', roles: [{ role: 'member', org: 'o1' }] })
const note = { type: 'note', id: 'n1', org: 'o1', owner: 'bob' }
const { folder } = temporaryFolder()

describe('a recorder', () => {
  it('writes a refusal and an allow, and says once who asked', async () => {
    const { recorder, lines } = keeping(policy, { clock: () => 1_700_000_000_000, traceId: () => 'abc' })
    const subject = recorder.of(member)
    expect([subject.can('read', note), subject.can('write', note)]).toEqual([true, false])
    const log = await lines()
    const key = decisionsIn(log)[0]?.subject
    expect(log.map((line) => JSON.parse(line) as unknown)).toEqual([
      {
        v: 1,
        kind: 'policy',
        key: policyHash(policy),
        name: 'notes',
        options: {},
        allowed: 1,
        masked: false
      },
      { v: 1, kind: 'subject', key, subject: { id: 'ada', roles: [{ role: 'member', org: 'o1' }] } },
      {
        v: 1,
        kind: 'decision',
        policy: policyHash(policy),
        time: 1_700_000_000_000,
        subject: key,
        action: 'read',
        object: note,
        allowed: true,
        weight: 1,
        trace: 'abc'
      },
      expect.objectContaining({ kind: 'decision', action: 'write', allowed: false, weight: 1 }) as unknown,
      expect.objectContaining({ kind: 'count', permission: 'note:read', allowed: 1, denied: 0 }) as unknown,
      expect.objectContaining({ kind: 'count', permission: 'note:write', allowed: 0, denied: 1 }) as unknown
    ])
  })

  it('writes every way of asking once, and the permission that an assignment needs', async () => {
    const { recorder, lines } = keeping(policy)
    const subject = recorder.of(policy.subject({ id: 'root', roles: ['admin'] }))
    subject.can('read', note)
    subject.authorize('read', note)
    subject.explain('read', note)
    subject.filter('read', [note, note])
    subject.canEach({ one: { action: 'read', object: note } })
    subject.actionsOn(note)
    subject.canAssign('member', { org: 'o1' })
    subject.within({ scopes: [] }).can('read', note)
    subject.canSome('read', 'note')
    const asked = decisionsIn(await lines()).map(({ action, allowed }) => `${action} ${String(allowed)}`)
    expect(asked).toEqual([...Array<string>(7).fill('read true'), 'write true', 'assign true', 'read false'])
  })

  it('writes what comes after a flush of nothing, with and without being asked', async () => {
    const { recorder, lines } = keeping(policy)
    const subject = recorder.of(member)
    await recorder.flush()
    await recorder.flush()
    subject.can('write', note)
    expect(decisionsIn(await lines())).toHaveLength(1)
    const before = recorder.counts().written
    subject.can('write', note)
    const until = Date.now() + 20_000
    while (recorder.counts().written === before && Date.now() < until)
      await new Promise((resolve) => setTimeout(resolve, 50))
    expect(recorder.counts().written).toBe(before + 1)
  })

  it('counts what it does not write, and never leaves out a refusal', async () => {
    const { recorder, lines } = keeping(policy, { allowed: 0.01 })
    const subject = recorder.of(member)
    for (let i = 0; i < 20_000; i++) subject.can('read', note)
    for (let i = 0; i < 50; i++) subject.can('write', note)
    const log = await lines()
    const allowed = decisionsIn(log).filter((line) => line.allowed)
    expect(recorder.counts()).toMatchObject({ allowed: 20_000, denied: 50, dropped: 0 })
    expect(decisionsIn(log).length - allowed.length).toBe(50)
    // More than fifteen standard deviations around 200.
    expect(allowed.length).toBeGreaterThan(0)
    expect(allowed.length).toBeLessThan(420)
    expect(new Set(allowed.map(({ weight }) => weight))).toEqual(new Set([100]))
    const { isSampled } = await replay(policy, [logOf(log)])
    expect(isSampled).toBe(true)
  })

  it('only counts what is allowed where the share is zero', async () => {
    const { recorder, lines } = keeping(policy, { allowed: 0 })
    for (let i = 0; i < 100; i++) recorder.of(member).can('read', note)
    const log = await lines()
    expect(decisionsIn(log)).toEqual([])
    expect(linesOfKind(log, 'count')).toMatchObject([{ allowed: 100, denied: 0 }])
  })

  it('counts each question by its permission, however it is asked', async () => {
    const { recorder, lines } = keeping(policy, { allowed: 0 })
    const subject = recorder.of(member)
    const own = policy.permission('note', 'read')
    const ofEqual: Policy = compile(document)
    subject.can('read', note)
    subject.can(own, note)
    subject.can(ofEqual.permission('note', 'read'), note)
    subject.explain('read', note)
    subject.canEach({ read: { action: 'read', object: note }, write: { action: 'write', object: note } })
    expect(() => subject.can('raed', note)).toThrow('unknown action')
    const counted = linesOfKind(await lines(), 'count')
    expect(counted).toMatchObject([
      { permission: 'note:read', allowed: 5, denied: 0 },
      { permission: 'note:write', allowed: 0, denied: 1 }
    ])
  })

  it('has one subject for a subject, which the log describes once', async () => {
    const { recorder, lines } = keeping(policy)
    expect(recorder.of(member)).toBe(recorder.of(member))
    expect(recorder.of(member.within({ scopes: [] }))).not.toBe(recorder.of(member))
    for (let i = 0; i < 3; i++) recorder.of(member).can('write', note)
    expect(linesOfKind(await lines(), 'subject')).toHaveLength(1)
  })

  it('is a real subject for a guard, a condition and another recorder of the same policy', async () => {
    const { recorder, lines } = keeping(policy)
    const subject = recorder.of(member)
    const told: unknown[] = []
    const guarded = guard(
      policy,
      { save: () => Promise.resolve('saved') },
      { save: { action: 'write', object: () => note } },
      { watch: (...given) => told.push(given) }
    ).as(subject) as { save(): Promise<string> }
    await expect(guarded.save()).rejects.toMatchObject({ code: 'forbidden' })
    expect(told).toEqual([['save', 'denied', { subject, permission: 'note:write', object: note }]])
    expect(decisionsIn(await lines())).toHaveLength(1)
    const notes = defineTable(policy, 'note', { id: 'id', owner: 'owner', org: 'org' })
    expect(whereFor(subject, 'read', notes).toPg()).toEqual(whereFor(member, 'read', notes).toPg())
    expect(recorder.of(subject)).toBe(subject)
    const other = compile(document)
    expect(() => keeping(other).recorder.of(subject)).toThrow('a subject of the policy of this recorder')
    expect(() => recorder.of(Object.create(member) as never)).toThrow('a subject of the policy')
  })

  it('says in a replay which ids another policy names that a masked log has as pseudonyms', async () => {
    const renamed: Policy = compile({
      ...document,
      systemSubjects: { sweeper: { id: 'cleaner', grants: { user: { allow: { note: ['write'] } } } } }
    })
    for (const [mask, hidden] of [
      [undefined, []],
      [{ key: 'sixteen letters!' }, ['cleaner']]
    ] as const) {
      const { recorder, lines } = keeping(policy, { mask })
      recorder.of(policy.systemSubject('sweeper')).can('write', { ...note, org: undefined, owner: 'cleaner' })
      const log = await lines()
      expect((await replay(policy, [logOf(log)])).hidden).toEqual([])
      expect(await replay(renamed, [logOf(log)])).toMatchObject({ hidden, gained: 1 - hidden.length })
    }
  })

  it('masks ids alike wherever they stand, and keeps those that the policy names', async () => {
    const { recorder, lines } = keeping(policy, { mask: { key: 'sixteen letters!' } })
    recorder.of(member).can('write', { ...note, owner: 'ada', acl: undefined })
    recorder.of(policy.systemSubject('sweeper')).can('write', { type: 'note', owner: 'sweeper' })
    const log = await lines()
    expect(log.join('\n')).not.toMatch(/"(ada|o1|n1)"/)
    const [first, second] = decisionsIn(log)
    const [who] = linesOfKind(log, 'subject') as unknown as { subject: { id: string } }[]
    expect(first?.object['owner']).toBe(who?.subject.id)
    expect(second).toMatchObject({ object: { owner: 'sweeper' }, allowed: true })
  })

  it.each<[string, object, string]>([
    ['a share above one', { allowed: 2 }, 'allowed'],
    ['a short secret', { mask: { key: 'short' } }, 'mask.key'],
    ['no sink', { write: undefined }, 'write'],
    ['an unknown setting', { sample: 1 }, 'sample']
  ])('refuses %s', (_, settings, path) => {
    const make = (): unknown => createRecorder(asGiven({ policy, write: () => undefined, ...settings }))
    expect(make).toThrow(expect.objectContaining({ code: 'invalid_settings', path }) as Error)
  })
})

describe('a sink that fails', () => {
  it('costs its lines alone, which the log says', async () => {
    const kept: string[] = []
    let isBroken = true
    const problems: unknown[] = []
    const recorder = createRecorder({
      policy,
      write: (lines) => {
        if (isBroken) throw new Error('disk full')
        kept.push(...lines)
      },
      onProblem: (error, dropped) => problems.push([String(error), dropped])
    })
    const subject = recorder.of(member)
    subject.can('write', note)
    const { dropped } = await recorder.flush()
    expect(dropped).toBeGreaterThan(0)
    expect(problems).toEqual([['Error: disk full', dropped]])
    isBroken = false
    subject.can('write', note)
    await recorder.flush()
    // Who asked is said again: the first time was lost.
    expect(linesOfKind(kept, 'subject')).toHaveLength(1)
    const report = await replay(policy, [logOf(kept)])
    expect(report).toMatchObject({ dropped, damaged: 0, decisions: 1 })
  })

  it('for some lines costs those alone', async () => {
    const kept: string[] = []
    const problems: unknown[] = []
    const recorder = createRecorder({
      policy,
      write: (lines) => {
        const taken = lines.filter((line) => !line.includes('"subject",'))
        kept.push(...taken)
        const dropped = lines.length - taken.length
        return dropped === 0 ? { rows: [] } : { dropped, reason: new Error('no subjects here') }
      },
      onProblem: (error, dropped) => problems.push([String(error), dropped])
    })
    recorder.of(member).can('write', note)
    const { written, dropped } = await recorder.flush()
    expect({ written, dropped }).toEqual({ written: kept.length, dropped: 1 })
    expect(problems).toEqual([['Error: no subjects here', 1]])
    const lost = kept.filter((line) => line.includes('"loss"')).map((line) => JSON.parse(line) as unknown)
    expect(lost).toEqual([{ v: 1, kind: 'loss', lines: 1 }])
  })

  it('that hangs holds no more than fits, and the rest is counted', async () => {
    let release = (): void => undefined
    const recorder = createRecorder({
      policy,
      write: () => new Promise<void>((resolve) => (release = resolve))
    })
    const subject = recorder.of(member)
    // Some 500 kB each: 16 MiB hold about 32 of them.
    const large = { ...note, id: 'x'.repeat(500_000) }
    for (let i = 0; i < 60; i++) expect(subject.can('write', large)).toBe(false)
    expect(recorder.counts().dropped).toBeGreaterThan(20)
    expect(recorder.counts().denied).toBe(60)
    expect(subject.can('write', { ...note, id: 'x'.repeat(1_100_000) })).toBe(false)
    const closed = recorder.flush()
    for (let i = 0; i < 20; i++) {
      await new Promise((resolve) => setImmediate(resolve))
      release()
    }
    await closed
  })
})

describe('the sinks', () => {
  it('append to a file that can be moved away, each file complete', async () => {
    const path = join(folder, 'decisions.ndjson')
    const recorder = createRecorder({ policy, write: fileSink(path) })
    const subject = recorder.of(member)
    subject.can('write', note)
    await recorder.flush()
    await rename(path, `${path}.1`)
    subject.can('write', note)
    await recorder.close()
    for (const file of [`${path}.1`, path]) {
      const lines = (await readFile(file, 'utf8')).trim().split('\n')
      expect(await replay(policy, [logOf(lines)])).toMatchObject({
        decisions: 1,
        damaged: 0,
        gained: 0,
        lost: 0
      })
    }
  })

  it('end a line that was cut off', async () => {
    const path = join(folder, 'cut.ndjson')
    await writeFile(path, '{"v"')
    await fileSink(path)(['whole'], () => ['head'])
    expect(await readFile(path, 'utf8')).toBe('{"v"\nhead\nwhole\n')
  })

  it('copy into a table of PostgreSQL whose name may be any (test/db/records.db.test.ts asks a server)', () => {
    expect(recordsMigration()).toContain('CREATE TABLE IF NOT EXISTS "casemate_records"')
    expect(recordsMigration({ table: 'audit.the "log"' })).toContain('"audit"."the ""log"""')
    const pool = { connect: () => Promise.reject(new Error('no')) }
    expect(() => pgSink(pool, { timeout: 0 })).toThrow(
      expect.objectContaining({ code: 'invalid_settings', path: 'timeout' }) as Error
    )
  })

  it('emit log records of OpenTelemetry whose bodies are the log', async () => {
    const records: OtelLogRecord[] = []
    const recorder = createRecorder({
      policy,
      write: otelSink({ emit: (record) => void records.push(record) }),
      clock: () => 5
    })
    recorder.of(member).can('write', note)
    await recorder.flush()
    expect(records.find(({ attributes }) => 'decision' in attributes)).toMatchObject({
      timestamp: 5,
      severityNumber: 13,
      attributes: {
        'user.id': 'ada',
        'subject.id': 'ada',
        'action.name': 'write',
        'resource.type': 'note',
        'resource.id': 'n1',
        decision: false
      }
    })
    const report = await replay(policy, [logOf(records.map(({ body }) => body))])
    expect(report).toMatchObject({ decisions: 1, damaged: 0 })
  })
})
