// Who may ask, how much, how often, and what a server says of itself.
import { describe, expect, it } from 'vitest'
import { Validator } from '@seriousme/openapi-schema-validator'
import { CasemateError, compile, type Policy } from '../../src/index.js'
import { createHandler, openApi, storedSubjects, type DecisionSource } from '../../src/server/index.js'
import { ask, get } from './ask.js'

const policy: Policy = compile({
  name: 'notes',
  resources: { note: { actions: { read: 'read it', write: 'change it' } } },
  roles: { reader: { kind: 'site', grants: { site: { allow: { note: ['read'] } } } } },
  systemSubjects: { robot: { grants: { site: { allow: { note: ['write'] } } } } }
})
const people = ['a', 'b', 'c', 'd', 'e'].map(
  (id) => `{"id":"${id}","roles":${id === 'c' ? '[]' : '["reader"]'}}\n`
)
const source: DecisionSource = { policy, subjects: storedSubjects(policy, people.join('\n')) }
const question = {
  subject: { type: 'user', id: 'a' },
  action: { name: 'read' },
  resource: { type: 'note', id: 'n1' }
}
const unread = { ...question, subject: { type: 'user', id: 'c' } }

describe('tokens', () => {
  const handler = createHandler(source, { tokens: ['secret', 'other'], identifier: 'https://pdp.test' })

  it.each([
    [undefined, 401],
    ['Bearer wrong', 401],
    ['Bearer', 401],
    ['Basic secret', 401],
    ['Bearer secret x', 401],
    ['Bearer secret', 200],
    ['bearer other', 200]
  ])('%s is %i', async (authorization, status) => {
    const headers = authorization === undefined ? {} : { authorization }
    const answered = await ask(handler, 'evaluation', question, headers)
    expect(answered.status).toBe(status)
    expect(answered.headers.get('www-authenticate') ?? '').toMatch(
      status === 401 ? /^Bearer realm="authzen"/ : /^$/
    )
  })

  it('are asked for the metrics, and for nothing that a platform looks at', async () => {
    const paths = ['/metrics', '/openapi.json', '/healthz', '/readyz', '/.well-known/authzen-configuration']
    const statuses = await Promise.all(paths.map(async (path) => (await get(handler, path)).status))
    expect(statuses).toEqual([401, 401, 200, 200, 200])
  })

  it('may be checked by a function, for each tenant', async () => {
    const tenants = createHandler((tenant) => (tenant === undefined ? undefined : source), {
      tokens: (token, tenant) => Promise.resolve(token === `of-${tenant ?? ''}`)
    })
    const statusOf = async (path: string, token: string): Promise<number> =>
      (
        await tenants(
          new Request(`http://pdp.test${path}`, {
            method: 'POST',
            headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
            body: JSON.stringify(question)
          })
        )
      ).status
    expect(await statusOf('/acme/access/v1/evaluation', 'of-acme')).toBe(200)
    expect(await statusOf('/acme/access/v1/evaluation', 'of-other')).toBe(401)
    expect(await statusOf('/access/v1/evaluation', 'of-')).toBe(404)
  })
})

describe('limits', () => {
  const handler = createHandler(source, { maxBody: 400, maxEvaluations: 3 })

  it('of a body hold whether its length is said, not said, or said wrongly', async () => {
    const long = { ...question, context: { filler: 'x'.repeat(400) } }
    expect((await ask(handler, 'evaluation', long)).status).toBe(413)
    expect((await ask(handler, 'evaluation', long, { 'content-length': '10' })).status).toBe(413)
    const chunks = new Request('http://pdp.test/access/v1/evaluation', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: new Blob([JSON.stringify(long)]).stream(),
      duplex: 'half'
    })
    expect((await handler(chunks)).status).toBe(413)
    expect((await ask(handler, 'evaluation', question)).body).toEqual({ decision: true })
  })

  it.each([
    ['ASCII', '', Buffer.from('n1'), 200],
    ['what is beyond ASCII', '', Buffer.from('\u00e9\u{1f600}'), 200],
    ['a byte order mark', '\ufeff', Buffer.from('n1'), 200],
    ['broken bytes', '', Buffer.from([0xc3, 0xff]), 400],
    ['half a surrogate pair', '', Buffer.from([0xed, 0xa0, 0x80]), 400],
    ['the character that stands for broken bytes', '', Buffer.from('\ufffd'), 400]
  ])('take %s alike, whether the length is said or not', async (_, begin, id, expected) => {
    const [before = '', after = ''] = JSON.stringify(question).split('n1')
    const body = Buffer.concat([Buffer.from(begin + before), id, Buffer.from(after)])
    for (const length of [{}, { 'content-length': String(body.length) }]) {
      const headers = { 'content-type': 'application/json', ...length }
      const url = 'http://pdp.test/access/v1/evaluation'
      expect((await handler(new Request(url, { method: 'POST', headers, body }))).status).toBe(expected)
    }
  })

  it('of a batch are an error of the whole request', async () => {
    const batch = (count: number): object => ({
      ...question,
      evaluations: Array.from({ length: count }, () => ({}))
    })
    expect((await ask(handler, 'evaluations', batch(3))).status).toBe(200)
    expect((await ask(handler, 'evaluations', batch(4))).status).toBe(400)
  })

  it('of a rate are for each caller', async () => {
    let now = 0
    const limited = createHandler(source, {
      tokens: ['one', 'two'],
      rate: { perSecond: 2, burst: 2 },
      clock: () => now
    })
    const statusOf = async (token: string): Promise<number> =>
      (await ask(limited, 'evaluation', question, { authorization: `Bearer ${token}` })).status
    expect([await statusOf('one'), await statusOf('one'), await statusOf('one')]).toEqual([200, 200, 429])
    expect(await statusOf('two')).toBe(200)
    now = 500
    expect([await statusOf('one'), await statusOf('one')]).toEqual([200, 429])
    const refused = await ask(limited, 'evaluation', question, { authorization: 'Bearer one' })
    expect(refused.headers.get('retry-after')).toBe('1')
  })

  it.each([
    { maxBody: 0 },
    { maxEvaluations: 1.5 },
    { pageSize: -1 },
    { tokens: [] },
    { tokens: [''] },
    { pageSecret: '' },
    { rate: { perSecond: 0 } },
    { identifier: 'pdp.example.com' },
    { identifier: 'https://pdp.example.com?x=1' },
    { identifier: 'ftp://pdp.example.com' }
  ])('that cannot be are refused: %j', (settings) => {
    expect(() => createHandler(source, settings)).toThrow(
      expect.objectContaining({ code: 'invalid_settings' })
    )
  })
})

describe('pages', () => {
  const settings = { pageSecret: 'of all processes' }
  const handler = createHandler(source, settings)
  const search = {
    subject: { type: 'user' },
    action: { name: 'read' },
    resource: { type: 'note', id: 'n1' }
  }
  interface Page {
    readonly results: readonly { readonly id: string }[]
    readonly page: { readonly next_token: string; readonly count: number }
  }
  const pageOf = async (page: object, more: object = {}): Promise<Page> =>
    (await ask(handler, 'search/subject', { ...search, ...more, page })).body as Page
  const statusOf = async (page: unknown, more: object = {}): Promise<number> =>
    (await ask(handler, 'search/subject', { ...search, ...more, page })).status

  it('together are the whole, whatever their length', async () => {
    for (const limit of [0, 1, 2, 3, 4, 5, 100]) {
      const ids: string[] = []
      let page: object = { limit }
      for (;;) {
        const { results, page: read } = await pageOf(page)
        expect(read.count).toBe(results.length)
        ids.push(...results.map(({ id }) => id))
        if (read.next_token === '') break
        page = { token: read.next_token }
      }
      expect(ids).toEqual(['a', 'b', 'd', 'e'])
    }
  })

  it('have tokens for one question alone, in whatever order its keys are', async () => {
    const { page } = await pageOf({ limit: 1 })
    const token = page.next_token
    expect(await statusOf({ token })).toBe(200)
    const { subject, action, resource } = search
    const turned = { page: { token }, resource: { id: resource.id, type: resource.type }, action, subject }
    expect((await ask(handler, 'search/subject', turned)).status).toBe(200)
    expect((await ask(createHandler(source, settings), 'search/subject', turned)).status).toBe(200)
    expect((await ask(createHandler(source), 'search/subject', turned)).status).toBe(400)
    expect(await statusOf({ token }, { action: { name: 'write' } })).toBe(400)
    expect(await statusOf({ token }, { resource: { type: 'note', id: 'n2' } })).toBe(400)
    expect(await statusOf({ token }, { context: {} })).toBe(400)
  })

  it('have tokens that nobody can change or make', async () => {
    const { page } = await pageOf({ limit: 1 })
    const token = page.next_token
    for (let at = 0; at < token.length; at++)
      for (const sign of ['A', 'B', '.']) {
        const changed = token.slice(0, at) + sign + token.slice(at + 1)
        if (changed !== token) expect(await statusOf({ token: changed })).toBe(400)
      }
    for (const made of ['AAAA', 'AAAA.AAAA', `${token}.`, `${token}=`, `${token}.x`, 7, null, {}])
      expect(await statusOf({ token: made })).toBe(400)
    for (const limit of [-1, 1.5, '1', null]) expect(await statusOf({ limit })).toBe(400)
  })

  it('look at a bounded number of entities each', async () => {
    let looked = 0
    const many: DecisionSource = {
      policy,
      subjects: {
        find: ({ id }) => {
          looked++
          return { id, roles: id.endsWith('00') ? ['reader'] : [] }
        },
        list: (_, after) =>
          Array.from({ length: 1000 }, (__, i) => String(i).padStart(4, '0')).filter(
            (id) => id > (after ?? '')
          )
      }
    }
    const own = createHandler(many, { maxScanned: 70 })
    const ids: string[] = []
    let page: object = {}
    for (let requests = 0; requests < 20; requests++) {
      looked = 0
      const { results, page: read } = (await ask(own, 'search/subject', { ...search, page })).body as Page
      expect(looked).toBeLessThanOrEqual(70)
      ids.push(...results.map(({ id }) => id))
      if (read.next_token === '') break
      page = { token: read.next_token }
    }
    expect(ids).toEqual(Array.from({ length: 10 }, (_, i) => `0${i}00`))
  })
})

describe('subjects', () => {
  const stateless = createHandler({ policy, subjects: 'properties' })
  const decisionOf = async (properties: object, handler = stateless): Promise<unknown> =>
    (await ask(handler, 'evaluation', { ...question, subject: { type: 'user', id: 'x', properties } })).body

  it('are what the request says only where that is asked for', async () => {
    expect(await decisionOf({ roles: ['reader'] })).toEqual({ decision: true })
    expect(await decisionOf({ roles: ['reader'] }, createHandler(source))).toMatchObject({ decision: false })
    const known = { ...unread, subject: { ...unread.subject, properties: { roles: ['reader'] } } }
    expect((await ask(createHandler(source), 'evaluation', known)).body).toEqual({ decision: false })
  })

  it.each([
    { roles: ['reader'], scopes: null },
    { roles: ['reader'], allowList: null },
    { roles: ['reader'], onlyOrgs: null },
    { roles: null },
    { roles: ['reader'], scope: ['note:read'] },
    { roles: ['reader'], id: 'y' },
    { system: 'robot' },
    { roles: ['unknown'] }
  ])('described with %j are nobody', async (properties) => {
    expect(await decisionOf(properties)).toMatchObject({
      decision: false,
      context: { error: { status: 400 } }
    })
  })

  it('of the system ask only where that is asked for', async () => {
    const write = { ...question, subject: { type: 'system', id: 'robot' }, action: { name: 'write' } }
    const decide = async (systems?: string[]): Promise<unknown> =>
      (await ask(createHandler({ ...source, systems }), 'evaluation', write)).body
    expect(await decide()).toMatchObject({ decision: false })
    expect(await decide(['cleaner'])).toMatchObject({ decision: false })
    expect(await decide(['robot'])).toEqual({ decision: true })
    const stored = createHandler({ policy, subjects: () => ({ system: 'robot' }) })
    expect((await ask(stored, 'evaluation', { ...question, action: { name: 'write' } })).body).toMatchObject({
      decision: false
    })
  })

  it('whose stored data is wrong are nobody, and only the operator hears why', async () => {
    const heard: unknown[] = []
    const handler = createHandler(
      { policy, subjects: ({ id }) => ({ id, roles: ['secret-role'] }) },
      { onError: (error) => heard.push(String(error)) }
    )
    const { status, body } = await ask(handler, 'evaluation', question)
    expect({ status, body }).toEqual({
      status: 200,
      body: {
        decision: false,
        context: {
          error: { status: 500, code: 'unknown_role', message: 'the stored subject cannot be read' }
        }
      }
    })
    expect(heard).toEqual([expect.stringContaining('secret-role')])
  })

  it('that a store cannot give are no decision at all', async () => {
    const heard: unknown[] = []
    const failing = createHandler(
      { policy, subjects: () => Promise.reject(new Error('database is down')) },
      { onError: (error) => heard.push(String(error)) }
    )
    for (const endpoint of ['evaluation', 'evaluations']) {
      const body = { ...question, ...(endpoint === 'evaluations' && { evaluations: [{}] }) }
      expect(await ask(failing, endpoint, body)).toMatchObject({ status: 500, body: 'internal error' })
    }
    expect(heard).toEqual(['Error: database is down', 'Error: database is down'])
  })

  it('that fail in different ways fail together, and nobody misses it', async () => {
    const failing = createHandler({
      policy,
      subjects: ({ id }) => {
        if (id === 'b') throw new Error('at once')
        return Promise.reject(new Error('later'))
      }
    })
    const evaluations = ['a', 'b', 'a'].map((id) => ({ subject: { type: 'user', id } }))
    expect((await ask(failing, 'evaluations', { ...question, evaluations })).status).toBe(500)
  })

  it.each(['unavailable', 'stale_roles', 'older_revision', 'store_closed'] as const)(
    'whose store throws `%s` may be asked for again',
    async (code) => {
      const away = new CasemateError(code, 'the host db.internal does not answer')
      const find = (): Promise<never> => Promise.reject(away)
      for (const endpoint of ['evaluation', 'evaluations', 'search/action']) {
        const body = { ...question, ...(endpoint === 'evaluations' && { evaluations: [{}] }) }
        const answered = await ask(createHandler({ policy, subjects: find }), endpoint, body)
        expect(answered).toMatchObject({ status: 503, body: 'cannot decide now' })
        expect(answered.headers.get('retry-after')).toBe('1')
      }
      const gone = createHandler(() => Promise.reject(away))
      expect((await ask(gone, 'evaluation', question)).status).toBe(503)
    }
  )

  it('of another policy are no subjects', async () => {
    const other: Policy = compile(policy.document)
    const handler = createHandler({ policy, subjects: () => other.subject({ id: 'a', roles: ['reader'] }) })
    expect((await ask(handler, 'evaluation', question)).status).toBe(500)
    const same = createHandler({ policy, subjects: () => policy.subject({ id: 'a', roles: ['reader'] }) })
    expect((await ask(same, 'evaluation', question)).body).toEqual({ decision: true })
  })

  it('are looked up once for a whole request', async () => {
    let looked = 0
    const handler = createHandler({
      policy,
      subjects: ({ id }) => {
        looked++
        return Promise.resolve({ id, roles: ['reader'] })
      }
    })
    await ask(handler, 'evaluations', { ...question, evaluations: Array.from({ length: 50 }, () => ({})) })
    expect(looked).toBe(1)
  })

  it('may be replaced by ones that record', async () => {
    const recorded: unknown[] = []
    const handler = createHandler({
      ...source,
      record: (subject) => ({
        can: (action, object) => {
          recorded.push([subject.id, action, object.type])
          return subject.can(action, object)
        },
        explain: (action, object) => subject.explain(action, object),
        actionsOn: (object) => subject.actionsOn(object)
      })
    })
    expect((await ask(handler, 'evaluation', question)).body).toEqual({ decision: true })
    expect(recorded).toEqual([['a', 'read', 'note']])
  })

  it.each([
    ['no JSON', '{'],
    ['an unknown role', '{"id":"x","roles":["none"]}'],
    ['a ceiling that is null', '{"id":"x","roles":[],"scopes":null}'],
    ['a system subject', '{"system":"robot"}'],
    ['an id twice', '{"id":"x","roles":[]}\n\n{"id":"x","roles":[]}']
  ])('in a text with %s are refused with the line', (_, text) => {
    expect(() => storedSubjects(policy, `${people.join('')}${text}`)).toThrow(/^line [68]: /)
  })
})

describe('a server', () => {
  it('gives reasons only where they are asked for', async () => {
    const handler = createHandler({ ...source, reasons: true })
    expect((await ask(handler, 'evaluation', question)).body).toEqual({
      decision: true,
      context: { reason: 'granted' }
    })
    expect((await ask(handler, 'evaluation', unread)).body).toEqual({
      decision: false,
      context: { reason: 'not_granted' }
    })
  })

  it('takes the properties of a resource as the fields of an object, and no other', async () => {
    const handler = createHandler(source)
    const decide = async (properties: object): Promise<unknown> =>
      (await ask(handler, 'evaluation', { ...question, resource: { ...question.resource, properties } })).body
    expect(await decide({ owner: 'b', org: 'o1' })).toEqual({ decision: true })
    for (const wrong of [{ ownerId: 'a' }, { type: 'note' }, { id: 'n2' }, { acl: {} }, { owner: 1 }])
      expect(await decide(wrong)).toMatchObject({ decision: false, context: { error: { status: 400 } } })
  })

  it('answers each tenant from its own source, under the path of its identifier', async () => {
    const empty = { ...source, subjects: () => undefined }
    const handler = createHandler(
      (tenant) =>
        new Map([
          ['acme', source],
          ['a b', empty]
        ]).get(tenant ?? ''),
      {
        identifier: 'https://example.com/pdp'
      }
    )
    const post = async (path: string): Promise<unknown> => {
      const response = await handler(
        new Request(`http://pdp.test${path}`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(question)
        })
      )
      return response.status === 200
        ? ((await response.json()) as { decision: unknown }).decision
        : response.status
    }
    expect(await post('/pdp/acme/access/v1/evaluation')).toBe(true)
    expect(await post('/pdp/a%20b/access/v1/evaluation')).toBe(false)
    for (const path of ['/pdp', '/pdp/other', '', '/acme', '/pdp/acme/x', '/pdp/%', '/pdp/'])
      expect(await post(`${path}/access/v1/evaluation`)).toBe(404)
    const { body } = await get(handler, '/.well-known/authzen-configuration/pdp/acme')
    expect(body).toMatchObject({
      policy_decision_point: 'https://example.com/pdp/acme',
      access_evaluation_endpoint: 'https://example.com/pdp/acme/access/v1/evaluation'
    })
  })

  it('refuses other paths and methods', async () => {
    const handler = createHandler(source)
    expect((await get(handler, '/')).status).toBe(404)
    expect(await get(handler, '/access/v1/evaluation')).toMatchObject({ status: 405 })
    expect((await get(handler, '/access/v1/evaluation')).headers.get('allow')).toBe('POST')
    expect((await handler(new Request('http://pdp.test/healthz', { method: 'HEAD' }))).status).toBe(200)
  })

  it('is ready or not', async () => {
    let isReady = true
    const handler = createHandler(source, { isReady: () => isReady })
    expect((await get(handler, '/readyz')).status).toBe(200)
    isReady = false
    expect((await get(handler, '/readyz')).status).toBe(503)
    expect((await get(handler, '/healthz')).status).toBe(200)
  })

  it('counts what it answers, and takes no label from a caller', async () => {
    const handler = createHandler(source, { moreMetrics: () => 'own_metric 1\n' })
    await ask(handler, 'evaluation', question)
    await ask(handler, 'evaluations', { ...unread, evaluations: [{}, {}, 7] })
    await ask(handler, 'evaluation', '{')
    await get(handler, '/evil"label')
    const { body, headers } = await get(handler, '/metrics')
    expect(headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/)
    const lines = String(body).split('\n')
    expect(lines).toEqual(
      expect.arrayContaining([
        'casemate_requests_total{endpoint="evaluation",status="200"} 1',
        'casemate_requests_total{endpoint="evaluation",status="400"} 1',
        'casemate_requests_total{endpoint="evaluations",status="200"} 1',
        'casemate_requests_total{endpoint="none",status="404"} 1',
        'casemate_decisions_total{outcome="allow"} 1',
        'casemate_decisions_total{outcome="deny"} 2',
        'casemate_decisions_total{outcome="error"} 1',
        'casemate_request_seconds_count{endpoint="evaluation"} 2',
        'casemate_requests_open 1',
        'own_metric 1'
      ])
    )
    expect(String(body)).not.toContain('evil')
  })

  it('describes itself with a valid document', async () => {
    const { valid } = await new Validator().validate(
      JSON.parse(JSON.stringify(openApi('https://pdp.test'))) as Record<string, unknown>
    )
    expect(valid).toBe(true)
    expect((await get(createHandler(source), '/openapi.json')).body).toEqual(openApi())
  })
})
