// Every rule of the store on a real PostgreSQL, seen to allow and to refuse.
import { it } from 'vitest'
import { auditGuard } from 'casemate/testing'
import { tokenRequestParser } from 'casemate/scopes'
import { NotFoundError } from '../src/api-error.js'
import { authenticate } from '../src/http/authenticate.js'
import { policy, type AppSubject } from '../src/policy.js'
import { rules } from '../src/rules/index.js'
import type { Link } from '../src/store/sign-in.js'
import { addPerson, memberRoles } from './people.js'
import { addLog, withService, type Service } from './service.js'

const logs = [{ allowed: true, method: 'GET', url: 'https://example.com/' }]
const search = { texts: [], limit: 10, offset: 0 }
const link: Link = { provider: 'oidc', subject: 'issuer#1', claims: {} }
const nanoseconds = 60 * 60 * 1e9
const parsed = tokenRequestParser(policy, { maxLifetime: nanoseconds, defaultLifetime: nanoseconds })({})
const newUser = (username: string): Parameters<Service['store']['createUser']>[0] => ({
  username,
  email: `${username}@example.org`,
  name: '',
  loginType: 'password',
  status: 'active',
  isServiceAccount: false
})

async function subjectOf({ sql, app }: Service, token: string): Promise<AppSubject> {
  const caller = await authenticate(sql, app.roles, token)
  if (caller === undefined) throw new Error('a token of the people is nobody')
  return caller.subject
}

it('has seen every rule allow and refuse', async () => {
  await withService(async (service) => {
    const { people, store, sql } = service
    if (!parsed.ok) throw new Error('an empty token request is one')
    const { stored } = parsed
    const { ada: adas, eve: eves } = people
    const id = await addLog(service, adas)
    const ada = await subjectOf(service, adas.token)
    const owner = await subjectOf(service, people.owner.token)
    const auditor = await subjectOf(service, people.auditor.token)
    const agent = await subjectOf(service, adas.agentToken)
    const reader = ada.within({ scopes: ['workspace:read'] })
    const system = policy.systemSubject('system')
    const dbpurge = policy.systemSubject('dbpurge')
    const gone = await addPerson(sql, people.org, 'Gone', memberRoles)
    const { id: key } = await one(sql, 'SELECT id FROM user_keys WHERE user_id = $1', adas.id)
    const { id: evesKey } = await one(sql, 'SELECT id FROM user_keys WHERE user_id = $1', eves.id)
    await auditGuard(
      policy,
      store,
      rules,
      {
        user: [(guard) => guard.as(ada).user(adas.id), (guard) => guard.as(ada).user(eves.id)],
        userWithRoles: [
          (guard) => guard.as(ada).userWithRoles(adas.id),
          (guard) => guard.as(auditor).userWithRoles(adas.id)
        ],
        users: [(guard) => guard.as(ada).users(search), (guard) => guard.as(reader).users(search)],
        countUsers: [
          (guard) => guard.as(ada).countUsers(search),
          (guard) => guard.as(reader).countUsers(search)
        ],
        createUser: [
          (guard) => guard.as(owner).createUser(newUser('one')),
          (guard) => guard.as(ada).createUser(newUser('two'))
        ],
        setProfile: [
          (guard) => guard.as(ada).setProfile(adas.id, { username: 'ada', name: 'Ada' }),
          (guard) => guard.as(auditor).setProfile(adas.id, { username: 'adah', name: '' })
        ],
        setStatus: [
          (guard) => guard.as(owner).setStatus(gone.id, 'suspended'),
          (guard) => guard.as(ada).setStatus(adas.id, 'suspended')
        ],
        deleteUser: [
          (guard) => guard.as(owner).deleteUser(gone.id),
          (guard) => guard.as(ada).deleteUser(adas.id)
        ],
        loginType: [
          (guard) => guard.as(ada).loginType(adas.id),
          (guard) => guard.as(auditor).loginType(adas.id)
        ],
        passwordHash: [
          (guard) => guard.as(ada).passwordHash(adas.id),
          (guard) => guard.as(ada).passwordHash(eves.id)
        ],
        setPassword: [
          (guard) => guard.as(owner).setPassword(gone.id, ''),
          (guard) => guard.as(ada).setPassword(eves.id, '')
        ],
        appearance: [
          (guard) => guard.as(ada).appearance(adas.id),
          (guard) => guard.as(ada).appearance(eves.id)
        ],
        setAppearance: [
          (guard) => guard.as(ada).setAppearance(adas.id, {}),
          (guard) => guard.as(ada).setAppearance(eves.id, {})
        ],
        preferences: [
          (guard) => guard.as(ada).preferences(adas.id),
          (guard) => guard.as(ada).preferences(eves.id)
        ],
        setPreferences: [
          (guard) => guard.as(ada).setPreferences(adas.id, {}),
          (guard) => guard.as(ada).setPreferences(eves.id, {})
        ],
        parameters: [
          (guard) => guard.as(ada).parameters(adas.id, ''),
          (guard) => guard.as(auditor).parameters(adas.id, '')
        ],
        gitSshKey: [
          (guard) => guard.as(ada).gitSshKey(adas.id),
          (guard) => guard.as(auditor).gitSshKey(adas.id)
        ],
        replaceGitSshKey: [
          (guard) => guard.as(ada).replaceGitSshKey(adas.id),
          (guard) => guard.as(ada).replaceGitSshKey(eves.id)
        ],
        claims: [
          (guard) => guard.as(ada).claims(adas.id, 'oidc'),
          (guard) => guard.as(ada).claims(eves.id, 'oidc')
        ],
        setSiteRoles: [
          (guard) => guard.as(owner).transaction((inner) => inner.setSiteRoles(eves.id, ['auditor'])),
          (guard) => guard.as(ada).setSiteRoles(eves.id, [])
        ],
        addMember: [
          (guard) => guard.as(owner).addMember(eves.id, people.org, false),
          (guard) => guard.as(ada).addMember(eves.id, people.org, false)
        ],
        createSession: [
          (guard) => guard.as(ada).createSession(adas.id, 'password'),
          (guard) => guard.as(ada).createSession(eves.id, 'password')
        ],
        createToken: [
          (guard) => guard.as(ada).createToken(adas.id, stored),
          (guard) => guard.as(ada).createToken(eves.id, stored)
        ],
        key: [(guard) => guard.as(ada).key(adas.id, key), (guard) => guard.as(auditor).key(adas.id, key)],
        tokenByName: [
          (guard) => guard.as(ada).tokenByName(adas.id, 'test'),
          (guard) => guard.as(auditor).tokenByName(adas.id, 'test')
        ],
        tokens: [
          (guard) => guard.as(ada).tokens(adas.id, true),
          (guard) => guard.as(auditor).tokens(adas.id, true)
        ],
        expireKey: [
          (guard) => guard.as(ada).expireKey(adas.id, key),
          (guard) => guard.as(auditor).expireKey(adas.id, key)
        ],
        deleteKey: [
          (guard) => guard.as(ada).deleteKey(adas.id, key),
          (guard) => guard.as(ada).deleteKey(eves.id, evesKey)
        ],
        organizationsOf: [
          (guard) => guard.as(ada).organizationsOf(adas.id),
          (guard) => guard.as(reader).organizationsOf(adas.id)
        ],
        organizationOf: [
          (guard) => guard.as(ada).organizationOf(adas.id, 'acme'),
          (guard) => guard.as(reader).organizationOf(adas.id, 'acme')
        ],
        createDefaultOrganization: [
          async (guard) => {
            await sql.query('UPDATE organizations SET is_default = false')
            return guard.as(owner).createDefaultOrganization()
          },
          (guard) => guard.as(ada).createDefaultOrganization()
        ],
        userByEmail: [
          (guard) => guard.as(system).userByEmail('Ada@example.com'),
          (guard) => guard.as(ada).userByEmail('Eve@example.com')
        ],
        userByLink: [
          async (guard) => {
            await store.link(eves.id, link)
            return guard.as(system).userByLink(link)
          },
          (guard) => guard.as(ada).userByLink(link)
        ],
        forgiveAttempt: [
          (guard) => guard.as(system).forgiveAttempt(eves.id, { account: '', address: '' }),
          (guard) => guard.as(ada).forgiveAttempt(eves.id, { account: '', address: '' })
        ],
        link: [(guard) => guard.as(system).link(eves.id, link), (guard) => guard.as(ada).link(eves.id, link)],
        giveFirstRoles: [
          (guard) => guard.as(system).transaction((inner) => inner.giveFirstRoles(eves.id)),
          (guard) => guard.as(ada).giveFirstRoles(adas.id)
        ],
        workspaceOfAgent: [
          (guard) => guard.as(ada).workspaceOfAgent(adas.agentId),
          (guard) => guard.as(ada).workspaceOfAgent(eves.agentId)
        ],
        insertLogs: [
          (guard) => guard.as(agent).transaction((inner) => inner.insertLogs(adas.agentId, logs)),
          (guard) => guard.as(agent).insertLogs(eves.agentId, logs)
        ],
        log: [(guard) => guard.as(owner).log(id), (guard) => guard.as(ada).log(id)],
        logs: [(guard) => guard.as(owner).logs(10), (guard) => guard.as(ada).logs(10)],
        deleteLogsOlderThan: [
          (guard) => guard.as(dbpurge).deleteLogsOlderThan(30),
          (guard) => guard.as(owner).deleteLogsOlderThan(30)
        ]
      },
      { notFound: () => new NotFoundError() }
    )
  })
})

async function one(sql: Service['sql'], query: string, value: string): Promise<{ readonly id: string }> {
  const { rows } = await sql.query<{ id: string }>(query, [value])
  if (rows[0] === undefined) throw new Error('there is no such row')
  return rows[0]
}
