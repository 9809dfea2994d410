// Every request about a member, what it is sent with, and what the policy is asked about it: the second column of the
// auditor's page, without a word of how the service goes about it.
import type { ActionOf, ResourceOf } from 'casemate'
import type { policy } from '../../src/policy.js'
import type { Person } from '../people.js'

type Resource = ResourceOf<typeof policy>

/** A permission on an object of the member: their account, a key of theirs, their organization. */
export type Asked = { [R in Resource]: readonly [type: R, action: ActionOf<typeof policy, R>] }[Resource]

export interface Request {
  readonly name: string
  /** The status for who may. */
  readonly success: number
  /** `public`: nobody has to sign in. `own`: about the caller. `list`: what the caller may see of all. */
  readonly about?: 'public' | 'own' | 'list' | 'user'
  /** All of it is needed, the first on some object at least before anything is looked for. */
  readonly needs: readonly Asked[]
  /** The first of it is asked of each row of a list, and one that has none is answered too. */
  readonly isFiltered?: boolean
  /** The scopes that a key needs, where it is more than that. */
  readonly scopes?: readonly string[]
  /** Whoever is refused and may not do this learns nothing of the object. By default: who may not read the account. */
  readonly shownBy?: Asked
  /** Besides, one must be able to give and take each role of the member, whatever the key lets through or with it. */
  readonly above?: 'person' | 'key'
  /** The path below `/api/v2`, and the body. */
  readonly path: (target: Target) => string
  readonly body?: (target: Target) => unknown
  /** Whether it changes what others ask about, so that each has a member of their own. */
  readonly changes?: boolean
}

export interface Target extends Person {
  readonly keyId: string
}

const readsAccount: Asked = ['user', 'read']
const readsKey: Asked = ['api_key', 'read']
const user =
  (rest: string) =>
  ({ id }: Target) =>
    `/users/${id}${rest}`
const fixed = (path: string) => () => path

const personal = (name: string, rest: string): Request => ({
  name,
  success: 200,
  needs: [['user', 'read_personal']],
  path: user(rest)
})

const change = (name: string, rest: string, body: unknown, needs: readonly Asked[] = []): Request => ({
  name,
  success: 200,
  needs: [['user', 'update_personal'], ...needs],
  path: user(rest),
  body: () => body,
  changes: true
})

export const requests: readonly Request[] = [
  {
    name: 'GET /users/authmethods',
    success: 200,
    about: 'public',
    needs: [],
    path: fixed('/users/authmethods')
  },
  { name: 'GET /users/first', success: 200, about: 'public', needs: [], path: fixed('/users/first') },
  {
    name: 'GET /users/oidc/callback',
    success: 400,
    about: 'public',
    needs: [],
    path: fixed('/users/oidc/callback')
  },
  {
    name: 'GET /users/oauth2/github/callback',
    success: 400,
    about: 'public',
    needs: [],
    path: fixed('/users/oauth2/github/callback')
  },
  {
    name: 'GET /users/oauth2/github/device',
    success: 400,
    about: 'public',
    needs: [],
    path: fixed('/users/oauth2/github/device')
  },
  {
    name: 'POST /users/first',
    success: 403,
    about: 'public',
    needs: [],
    path: fixed('/users/first'),
    body: () => ({ email: 'first@example.com', username: 'founder', password: 'a long password' })
  },
  {
    name: 'POST /users/logout',
    success: 200,
    about: 'own',
    needs: [['api_key', 'delete']],
    path: fixed('/users/logout'),
    changes: true
  },
  {
    name: 'GET /users/oidc-claims',
    success: 200,
    about: 'own',
    needs: [['user', 'read_personal']],
    path: fixed('/users/oidc-claims')
  },
  { name: 'GET /users', success: 200, about: 'list', needs: [readsAccount], path: fixed('/users') },
  {
    name: 'POST /users',
    success: 201,
    about: 'list',
    needs: [['user', 'create'], ['organization_member', 'create'], readsAccount],
    path: fixed('/users'),
    body: ({ name }) => ({ email: `${name}@example.net`, username: `${name}x`, password: 'a long password' }),
    changes: true
  },
  { name: 'GET /users/{user}', success: 200, needs: [readsAccount], path: user('') },
  {
    name: 'DELETE /users/{user}',
    success: 200,
    needs: [['user', 'delete']],
    above: 'person',
    path: user(''),
    changes: true
  },
  {
    ...change('PUT /users/{user}/profile', '/profile', undefined, [readsAccount]),
    body: ({ name }) => ({ username: name, name: 'Renamed' }),
    above: 'person'
  },
  {
    ...change('PUT /users/{user}/password', '/password', {
      password: 'another password',
      old_password: 'a long password'
    }),
    success: 204,
    above: 'key'
  },
  personal('GET /users/{user}/login-type', '/login-type'),
  ...(['activate', 'suspend'] as const).map((status): Request => ({
    name: `PUT /users/{user}/status/${status}`,
    success: 200,
    needs: [['user', 'update'], readsAccount],
    above: 'person',
    path: user(`/status/${status}`),
    changes: true
  })),
  { ...personal('GET /users/{user}/roles', '/roles') },
  {
    name: 'PUT /users/{user}/roles',
    success: 200,
    needs: [readsAccount, ['assign_role', 'assign']],
    path: user('/roles'),
    body: () => ({ roles: ['auditor'] }),
    changes: true
  },
  personal('GET /users/{user}/appearance', '/appearance'),
  change('PUT /users/{user}/appearance', '/appearance', { theme_preference: 'dark' }),
  personal('GET /users/{user}/preferences', '/preferences'),
  change('PUT /users/{user}/preferences', '/preferences', {}),
  personal('GET /users/{user}/autofill-parameters', '/autofill-parameters?template_id=none'),
  personal('GET /users/{user}/gitsshkey', '/gitsshkey'),
  { ...change('PUT /users/{user}/gitsshkey', '/gitsshkey', undefined), above: 'person' },
  {
    name: 'POST /users/{user}/keys',
    success: 201,
    needs: [['api_key', 'create']],
    // A session may do everything, and no key makes one that may do more than itself.
    scopes: ['coder:all'],
    shownBy: readsKey,
    above: 'person',
    path: user('/keys')
  },
  {
    name: 'POST /users/{user}/keys/tokens',
    success: 201,
    needs: [['api_key', 'create']],
    shownBy: readsKey,
    above: 'person',
    path: user('/keys/tokens'),
    body: () => ({ scopes: ['api_key:create'] })
  },
  {
    name: 'GET /users/{user}/keys/tokens',
    success: 200,
    needs: [readsKey, readsAccount],
    isFiltered: true,
    path: user('/keys/tokens')
  },
  {
    name: 'GET /users/{user}/keys/tokens/{keyname}',
    success: 200,
    needs: [readsKey],
    shownBy: readsKey,
    path: user('/keys/tokens/test')
  },
  {
    name: 'GET /users/{user}/keys/{keyid}',
    success: 200,
    needs: [readsKey],
    shownBy: readsKey,
    path: ({ id, keyId }) => `/users/${id}/keys/${keyId}`
  },
  {
    name: 'PUT /users/{user}/keys/{keyid}/expire',
    success: 204,
    needs: [['api_key', 'update']],
    shownBy: readsKey,
    path: ({ id, keyId }) => `/users/${id}/keys/${keyId}/expire`,
    changes: true
  },
  {
    name: 'DELETE /users/{user}/keys/{keyid}',
    success: 204,
    needs: [['api_key', 'delete']],
    shownBy: readsKey,
    path: ({ id, keyId }) => `/users/${id}/keys/${keyId}`,
    changes: true
  },
  {
    name: 'GET /users/{user}/organizations',
    success: 200,
    needs: [['organization', 'read'], readsAccount],
    path: user('/organizations')
  },
  {
    name: 'GET /users/{user}/organizations/{organizationname}',
    success: 200,
    needs: [['organization', 'read'], readsAccount],
    path: user('/organizations/acme')
  }
]
