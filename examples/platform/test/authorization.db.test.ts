// Every request and subject of who-may.md: the page says what the policy says, and the running service answers so.
// `UPDATE_WHO_MAY=1 npx vitest run --project db examples/platform/test/authorization` writes the page anew.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hashPassword } from '../src/secrets/password.js'
import { expectedStatus, otherScope } from './authorization/expected.js'
import { readPage, writePage } from './authorization/page.js'
import { requests, type Request, type Target } from './authorization/requests.js'
import {
  addKey,
  addTarget,
  leastScopes,
  subjects,
  usePasswordHash,
  type Who
} from './authorization/subjects.js'
import { addPerson, type Person } from './people.js'
import { openService, type Answer, type Service } from './service.js'

if (process.env['UPDATE_WHO_MAY'] !== undefined) writePage()
const page = readPage()

describe('the page of who may do what', () => {
  it('has these requests and subjects', () => {
    expect([...page.keys()]).toEqual(requests.map(({ name }) => name))
    for (const cells of page.values()) expect([...cells.keys()]).toEqual(subjects.map(({ title }) => title))
  })

  it('says of each what the policy says', () => {
    for (const request of requests)
      for (const who of subjects)
        expect([request.name, who.title, page.get(request.name)?.get(who.title)]).toEqual([
          request.name,
          who.title,
          expectedStatus(request, who)
        ])
  })
})

describe('the service', () => {
  let service: Service
  let close: () => Promise<void>
  let shared: Target
  const people = new Map<string, Person>()
  beforeAll(async () => {
    ;({ service, close } = await openService())
    usePasswordHash(await hashPassword('a long password'))
    for (const { title, is, site, org } of subjects) {
      const name = title.replaceAll(/\W/g, '')
      if (is === 'other')
        people.set(title, await addPerson(service.sql, service.people.org, name, { site, org }))
    }
    await service.sql.query("UPDATE users SET status = 'suspended' WHERE name = 'Suspended'")
    shared = await addTarget(service.sql, service.people)
  })
  afterAll(() => close())

  it.each(requests)('answers $name as the page says', async (request) => {
    const sent: (readonly [title: string, send: () => Promise<Answer>])[] = []
    for (const who of subjects) {
      const target = request.changes === true ? await addTarget(service.sql, service.people) : shared
      const token = await tokenOf(service, request, who, target, people.get(who.title))
      const [method = ''] = request.name.split(' ')
      sent.push([who.title, () => service.send(token, method, request.path(target), request.body?.(target))])
    }
    const cells = sent.map(async ([title, send]) => [title, (await send()).status] as const)
    expect(new Map(await Promise.all(cells))).toEqual(page.get(request.name))
  })
})

async function tokenOf(
  { sql }: Service,
  request: Request,
  { is, scopes, isSuspended }: Who,
  target: Target,
  person: Person | undefined
): Promise<string> {
  if (is === 'member') return target.token
  if (is === 'agent') return target.agentToken
  if (person === undefined) return ''
  if (scopes !== undefined)
    return addKey(
      sql,
      person,
      scopes === 'least' && request.about !== 'public' ? leastScopes(request) : [otherScope]
    )
  // A session that is ended by the request is one of its own.
  return request.about === 'own' && request.changes === true && isSuspended !== true
    ? addKey(sql, person, ['coder:all'])
    : person.token
}
