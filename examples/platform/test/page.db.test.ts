// The page, request by request: each is there, answers with the status that it says, and every key of every example comes
// back with its type.
import { expect, it } from 'vitest'
import { faultsIn, requests, type PageRequest } from './page.js'
import { withService, type Answer, type Service } from './service.js'
import { openBrowser } from './support/browser.js'
import { startGitHub } from './support/github.js'
import { startIssuer } from './support/issuer.js'
import { oidcCallback } from '../src/sign-in/oidc.js'

const password = 'a long password'
const address = 'ada@example.com'

/** What the requests need to know of each other. */
interface Walk extends Pick<Service, 'send' | 'sql'> {
  readonly url: string
  token: string
}

/** How each request of the page is sent, by its method and path; in an order in which each finds what it needs. */
const steps: Readonly<Record<string, (walk: Walk) => Promise<Answer>>> = {
  'POST /api/v2/users/first': async (walk) => {
    const trial_info = { company_name: '', country: '', developers: '', first_name: '' }
    const more = { job_title: '', last_name: '', phone_number: '' }
    const made = await walk.send('', 'POST', '/users/first', {
      email: address,
      name: 'Ada',
      onboarding_info: { newsletter_marketing: true, newsletter_releases: true },
      password,
      trial: true,
      trial_info: { ...trial_info, ...more },
      username: 'ada'
    })
    const signedIn = await walk.send('', 'POST', '/users/login', { email: address, password })
    walk.token = (signedIn.body as { session_token: string }).session_token
    return made
  },
  'GET /api/v2/users/first': get('/users/first'),
  'POST /api/v2/users': (walk) =>
    walk.send(walk.token, 'POST', '/users', {
      email: 'eve@example.com',
      login_type: '',
      name: 'Eve',
      organization_ids: [],
      password,
      roles: ['auditor'],
      service_account: false,
      user_status: 'active',
      username: 'eve'
    }),
  'GET /api/v2/users': get('/users?q=e&limit=10&offset=0'),
  'GET /api/v2/users/authmethods': get('/users/authmethods'),
  'GET /api/v2/users/oauth2/github/callback': get('/users/oauth2/github/callback'),
  'GET /api/v2/users/oauth2/github/device': get('/users/oauth2/github/device'),
  'GET /api/v2/users/oidc/callback': get('/users/oidc/callback'),
  'GET /api/v2/users/oidc-claims': get('/users/oidc-claims'),
  'GET /api/v2/users/{user}': get('/users/ada'),
  'GET /api/v2/users/{user}/appearance': get('/users/me/appearance'),
  'PUT /api/v2/users/{user}/appearance': put('/users/me/appearance', {
    terminal_font: '',
    theme_dark: 'light',
    theme_light: 'light',
    theme_mode: 'sync',
    theme_preference: 'dark'
  }),
  'GET /api/v2/users/{user}/autofill-parameters': async (walk) => {
    const template = '00000000-0000-4000-a000-000000000000'
    await walk.sql.query(
      `WITH w AS (INSERT INTO workspaces (org_id, owner_id, template_id, version_id)
         SELECT o.id, u.id, $1, $1 FROM organizations AS o, users AS u WHERE u.username = 'ada' RETURNING id)
       INSERT INTO workspace_parameters SELECT id, 'region', 'eu' FROM w`,
      [template]
    )
    return walk.send(walk.token, 'GET', `/users/me/autofill-parameters?template_id=${template}`)
  },
  'GET /api/v2/users/{user}/gitsshkey': get('/users/me/gitsshkey'),
  'PUT /api/v2/users/{user}/gitsshkey': put('/users/me/gitsshkey'),
  'POST /api/v2/users/{user}/keys': (walk) => walk.send(walk.token, 'POST', '/users/me/keys'),
  'POST /api/v2/users/{user}/keys/tokens': (walk) =>
    walk.send(walk.token, 'POST', '/users/me/keys/tokens', {
      allow_list: [{ id: '*', type: '*' }],
      lifetime: 0,
      scope: 'all',
      scopes: ['all'],
      token_name: 'string'
    }),
  'GET /api/v2/users/{user}/keys/tokens': get('/users/me/keys/tokens?include_expired=true'),
  'GET /api/v2/users/{user}/keys/tokens/{keyname}': get('/users/me/keys/tokens/string'),
  'GET /api/v2/users/{user}/keys/{keyid}': async (walk) =>
    walk.send(walk.token, 'GET', `/users/me/keys/${await keyId(walk)}`),
  'PUT /api/v2/users/{user}/keys/{keyid}/expire': async (walk) =>
    walk.send(walk.token, 'PUT', `/users/me/keys/${await keyId(walk)}/expire`),
  'DELETE /api/v2/users/{user}/keys/{keyid}': async (walk) =>
    walk.send(walk.token, 'DELETE', `/users/me/keys/${await keyId(walk)}`),
  'GET /api/v2/users/{user}/login-type': get('/users/me/login-type'),
  'GET /api/v2/users/{user}/organizations': get('/users/me/organizations'),
  'GET /api/v2/users/{user}/organizations/{organizationname}': get('/users/me/organizations/default'),
  'PUT /api/v2/users/{user}/password': put('/users/me/password', {
    old_password: password,
    password: 'another long password'
  }),
  'GET /api/v2/users/{user}/preferences': get('/users/me/preferences'),
  'PUT /api/v2/users/{user}/preferences': put('/users/me/preferences', {
    agent_chat_send_shortcut: 'enter',
    code_diff_display_mode: 'auto',
    shell_tool_display_mode: 'auto',
    task_notification_alert_dismissed: true,
    thinking_display_mode: 'auto'
  }),
  'PUT /api/v2/users/{user}/profile': put('/users/me/profile', { name: 'Ada Lovelace', username: 'ada' }),
  'GET /api/v2/users/{user}/roles': get('/users/ada/roles'),
  'PUT /api/v2/users/{user}/roles': put('/users/eve/roles', { roles: ['user-admin'] }),
  'PUT /api/v2/users/{user}/status/suspend': put('/users/eve/status/suspend'),
  'PUT /api/v2/users/{user}/status/activate': put('/users/eve/status/activate'),
  'DELETE /api/v2/users/{user}': (walk) => walk.send(walk.token, 'DELETE', '/users/eve'),
  'POST /api/v2/users/logout': (walk) => walk.send(walk.token, 'POST', '/users/logout')
}

const nameOf = ({ method, path }: PageRequest): string => `${method} ${path}`

it('is walked as a whole', () => {
  expect(Object.keys(steps).sort()).toEqual(requests.map(nameOf).sort())
})

it('is answered as it says, request by request', async () => {
  await withProviders(async (service) => {
    const walk: Walk = { ...service, token: '' }
    const faults: string[] = []
    for (const [name, step] of Object.entries(steps)) {
      const page = requests.find((request) => nameOf(request) === name)
      const { status, body } = await step(walk)
      if (page?.statuses.includes(status) !== true) faults.push(`${name}: ${status} ${JSON.stringify(body)}`)
      else if (page.answer !== undefined)
        faults.push(...faultsIn(body, page.answer.shape).map((fault) => `${name}: ${fault}`))
      // A list without elements would show nothing.
      if (Array.isArray(body) && body.length === 0) faults.push(`${name}: nothing in its list`)
    }
    expect(faults).toEqual([])
  })
})

it('has claims of who comes from the issuer, in a session that a browser keeps', async () => {
  await withProviders(async (service, issuer) => {
    await steps['POST /api/v2/users/first']?.({ ...service, token: '' })
    issuer.set('7', { email: 'Grace@Example.com', email_verified: true, preferred_username: 'grace' })
    const browser = openBrowser()
    const start = await fetch(`${service.url}${oidcCallback}`, { redirect: 'manual' })
    expect(start.status).toBe(307)
    const there = new URL(start.headers.get('location') ?? '')
    there.searchParams.set('login_hint', '7')
    const back = await browser.visit(there, `${service.url}${oidcCallback}`)
    const state = start.headers.getSetCookie().map((cookie) => cookie.split(';')[0])
    const finished = await fetch(back, { redirect: 'manual', headers: { cookie: state.join('; ') } })
    expect(finished.status).toBe(307)
    const session = /coder_session_token=([^;]+)/.exec(finished.headers.getSetCookie().join('\n'))?.[1] ?? ''
    const me = await service.send(session, 'GET', '/users/me')
    expect(me).toMatchObject({ body: { username: 'grace', email: 'grace@example.com', login_type: 'oidc' } })
    const claims = await service.send(session, 'GET', '/users/oidc-claims')
    expect(claims).toMatchObject({ body: { claims: { sub: '7', email: 'Grace@Example.com' } } })
    const byCookie = { cookie: `coder_session_token=${session}` }
    expect((await service.send('', 'GET', '/users/me', undefined, byCookie)).status).toBe(200)
    const fromElsewhere = { ...byCookie, 'sec-fetch-site': 'cross-site' }
    expect((await service.send('', 'POST', '/users/logout', undefined, fromElsewhere)).status).toBe(401)
    expect((await service.send('', 'POST', '/users/logout', undefined, byCookie)).status).toBe(200)
    expect((await service.send('', 'GET', '/users/me', undefined, byCookie)).status).toBe(401)
  })
})

function get(path: string): (walk: Walk) => Promise<Answer> {
  return (walk) => walk.send(walk.token, 'GET', path)
}

function put(path: string, body?: unknown): (walk: Walk) => Promise<Answer> {
  return (walk) => walk.send(walk.token, 'PUT', path, body)
}

async function keyId(walk: Walk): Promise<string> {
  const { body } = await walk.send(walk.token, 'GET', '/users/me/keys/tokens/string')
  return (body as { id: string }).id
}

/** A service with both providers, and nobody in it. */
async function withProviders(
  use: (service: Service, accounts: Map<string, Readonly<Record<string, unknown>>>) => Promise<void>
): Promise<void> {
  const github = await startGitHub()
  let issuer: Awaited<ReturnType<typeof startIssuer>> | undefined
  try {
    await withService((service) => use(service, issuer?.accounts ?? new Map<string, never>()), {
      isEmpty: true,
      signIn: async (url) => {
        issuer = await startIssuer(`${url}${oidcCallback}`)
        return { oidc: issuer.settings, github: github.settings }
      }
    })
  } finally {
    await issuer?.stop()
    await github.stop()
  }
}
