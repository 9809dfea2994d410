// Who may call what of the store: one rule a method, each about the object that the stored state says it is. A method
// without a rule does not compile.
//
// Who may not even see the account answers to nobody: with `unreadable`, a refusal about it is the one that there is for
// no account at all.
import { guard, type Guarded, type Rules } from 'casemate/guard'
import { NotFoundError } from '../api-error.js'
import { policy, type AppNames } from '../policy.js'
import type { Caller } from '../store/context.js'
import type { Store } from '../store/index.js'
import {
  account,
  byAgent,
  newKey,
  storedKey,
  toKey,
  toLog,
  toOrganization,
  toUser,
  toWorkspace
} from './objects.js'
import { keys, logs, organizations, users } from './tables.js'

/** What is private about an account is hidden with it. */
const readsPrivate = { action: 'read_personal', object: account, notFound: 'unreadable' } as const
const changesPrivate = { action: 'update_personal', object: account, notFound: 'unreadable' } as const

export const rules: Rules<AppNames, Store> = {
  // Accounts. An id alone says nothing: whatever is done with it has a rule.
  findUser: 'public',
  user: { action: 'read', result: toUser, notFound: true },
  userWithRoles: readsPrivate,
  users: { action: 'read', where: users, as: 'u' },
  countUsers: { action: 'read', where: users, as: 'u' },
  createUser: { action: 'create', object: () => ({ type: 'user' }) },
  setProfile: changesPrivate,
  setStatus: { action: 'update', object: account, notFound: 'unreadable' },
  deleteUser: { action: 'delete', object: account, notFound: 'unreadable' },

  // What is private about them.
  loginType: readsPrivate,
  passwordHash: changesPrivate,
  setPassword: changesPrivate,
  appearance: readsPrivate,
  setAppearance: changesPrivate,
  preferences: readsPrivate,
  setPreferences: changesPrivate,
  parameters: readsPrivate,
  gitSshKey: readsPrivate,
  replaceGitSshKey: changesPrivate,
  claims: readsPrivate,

  // Roles: the store asks who may give and take each, under its lock. Here, whether there is such an account at all.
  setSiteRoles: { action: 'read', object: account, notFound: true },
  addMember: {
    action: 'create',
    object: (_store, userId, org) => ({ type: 'organization_member', owner: userId, org })
  },

  // Keys.
  createSession: { action: 'create', object: newKey, notFound: 'unreadable' },
  createToken: { action: 'create', object: newKey, notFound: 'unreadable' },
  key: { action: 'read', result: toKey, notFound: true },
  tokenByName: { action: 'read', result: toKey, notFound: true },
  tokens: { action: 'read', where: keys, as: 'k' },
  expireKey: { action: 'update', object: storedKey, notFound: 'unreadable' },
  deleteKey: { action: 'delete', object: storedKey, notFound: 'unreadable' },

  // Organizations.
  organizationsOf: { action: 'read', where: organizations, as: 'o' },
  organizationOf: { action: 'read', result: toOrganization, notFound: true },
  defaultOrganization: 'public',
  createDefaultOrganization: { action: 'create', object: () => ({ type: 'organization' }) },

  // Signing in: nobody has signed in yet, so the service asks as itself.
  hasUsers: 'public',
  userByEmail: { action: 'read', result: toUser },
  userByLink: { action: 'read', result: toUser },
  link: changesPrivate,
  giveFirstRoles: { action: 'update', object: account },
  countAttempt: 'public',
  forgiveAttempt: changesPrivate,

  // Boundary logs. A log belongs to the owner of the agent's workspace, whoever writes it. That the writer must reach the
  // workspace too keeps an agent from writing in the name of its owner's other agents: its key names one workspace.
  workspaceOfAgent: { action: 'read', result: toWorkspace, notFound: true },
  insertLogs: {
    all: [
      { action: 'create', object: byAgent(({ ownerId }) => ({ type: 'boundary_log', owner: ownerId })) },
      { action: 'read', object: byAgent(toWorkspace) }
    ],
    notFound: true
  },
  log: { action: 'read', result: toLog, notFound: true },
  logs: { action: 'read', where: logs, as: 'l' },
  deleteLogsOlderThan: { action: 'delete', object: () => ({ type: 'boundary_log' }) },

  transaction: 'transaction'
}

/** Does something for a caller, all of it in one transaction: what was checked is what is written. */
export type Act = <T>(caller: Caller, work: (store: Guarded<Store>) => Promise<T>) => Promise<T>

/**
 * The only way to the store. A refusal is a `ForbiddenError`, or a `NotFoundError` where nobody may know. Its transactions
 * say to the database who asks: what gets past a rule does not get past that.
 */
export function actOn(store: Store): Act {
  const guarded = guard(policy, store, rules, { notFound: () => new NotFoundError() })
  return (caller, work) => guarded.as(caller.subject).transaction(work, caller)
}
