// The documented table of who writes, reads and deletes boundary logs, asked of the running service: each cell over
// HTTP, and what came of it by SQL.
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { addLog, purgeToken, someLogs, withService, type Service } from './service.js'

const page = readFileSync(new URL('../../../policies/coder/boundary_log.md', import.meta.url), 'utf8')

/** The first table under a heading, without the line of dashes. */
function tableUnder(heading: string): string[][] {
  const lines = page.slice(page.indexOf(`\n## ${heading}\n`)).split('\n')
  const start = lines.findIndex((line) => line.startsWith('|'))
  const end = lines.findIndex((line, at) => at > start && !line.startsWith('|'))
  return lines
    .slice(start, end)
    .filter((line) => !/^\|[ |-]*$/.test(line))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim())
    )
}

/** Who asks: a token, and whose agent is the own one. The purge owns nothing; any agent is somebody else's. */
const subjects: Record<
  string,
  (service: Service) => { token: string; own: { id: string; agentId: string } }
> = {
  'Workspace agent': ({ people: { ada } }) => ({ token: ada.agentToken, own: ada }),
  Owner: ({ people: { owner } }) => ({ token: owner.token, own: owner }),
  Auditor: ({ people: { auditor } }) => ({ token: auditor.token, own: auditor }),
  'DB purge': ({ people: { ada } }) => ({ token: purgeToken, own: ada })
}

/** Tries what a column says; true if it was done, false if it was refused and nothing changed. */
const columns: Record<string, (service: Service, subject: string) => Promise<boolean>> = {
  'Create (own)': (service, subject) => create(service, subject, 'own'),
  'Create (other)': (service, subject) => create(service, subject, 'other'),
  'Read (all)': async (service, subject) => {
    const { ada, eve, owner, auditor } = service.people
    const ids: string[] = []
    for (const person of [ada, eve, owner, auditor]) ids.push(await addLog(service, person))
    const { token } = holder(service, subject)
    const { status, body } = await service.send(token, 'GET', '/boundary-logs')
    const single = await service.send(token, 'GET', `/boundary-logs/${ids[1] ?? ''}`)
    if (status === 200) {
      expect(body).toEqual({
        logs: expect.arrayContaining(ids.map((id) => expect.objectContaining({ id }) as unknown)) as unknown
      })
      expect(single).toMatchObject({ status: 200, body: { id: ids[1], owner_id: eve.id } })
      return true
    }
    expect([status, single.status]).toEqual([403, 403])
    expect(JSON.stringify([body, single.body])).not.toMatch(new RegExp(ids.join('|')))
    return false
  },
  Delete: async (service, subject) => {
    await addLog(service, service.people.ada, 40)
    await addLog(service, service.people.eve, 20)
    const { token } = holder(service, subject)
    const { status, body } = await service.send(token, 'DELETE', '/boundary-logs?older_than_days=30')
    if (status === 200) {
      expect(body).toEqual({ deleted: 1 })
      expect(await service.countLogs()).toBe(1)
      return true
    }
    expect(status).toBe(403)
    expect(await service.countLogs()).toBe(2)
    return false
  }
}

async function create(service: Service, subject: string, whose: 'own' | 'other'): Promise<boolean> {
  const { token, own } = holder(service, subject)
  const target = whose === 'own' ? own : service.people.eve
  const path = `/agents/${target.agentId}/boundary-logs`
  const { status, body } = await service.send(token, 'POST', path, someLogs(3))
  const [all, ofTarget] = [await service.countLogs(), await service.countLogs(target.id)]
  if (status === 201) {
    expect(body).toMatchObject({
      ids: [expect.any(String), expect.any(String), expect.any(String)] as unknown
    })
    expect([all, ofTarget]).toEqual([3, 3])
    return true
  }
  expect([403, 404]).toContain(status)
  expect(all).toBe(0)
  return false
}

function holder(service: Service, subject: string): { token: string; own: { id: string; agentId: string } } {
  const of = subjects[subject]
  if (of === undefined) throw new Error(`the tests do not know ${subject}`)
  return of(service)
}

const [head = [], ...rows] = tableUnder('The documented table')

it('is a table of these subjects and columns', () => {
  expect(head.slice(1)).toEqual(Object.keys(columns))
  expect(rows.map(([subject]) => subject)).toEqual(Object.keys(subjects))
})

describe.each(rows)('%s', (subject = '', ...cells) => {
  it.each(cells.map((cell, i) => [head[i + 1] ?? '', cell.replace(/ .*/, '')] as const))(
    '%s: %s',
    async (column, cell) => {
      const attempt = columns[column]
      await withService(async (service) => {
        expect(await attempt?.(service, subject)).toBe(cell === 'yes')
      })
    }
  )
})
