// Somebody has shown who they are → a session. Nobody has signed in yet, so the service asks for it as itself.
import { ApiError, NotFoundError } from '../api-error.js'
import type { Act } from '../rules/index.js'
import type { Caller } from './context.js'
import { isReserved } from '../reserved-names.js'
import { verifyPassword } from '../secrets/password.js'
import type { Identity } from '../sign-in/identity.js'
import type { Guarded } from 'casemate/guard'
import type { Store } from './index.js'
import type { SigningIn } from './sign-in.js'
import type { User } from './users.js'

/** The same for every wrong answer, and as late: it says nothing of who has an account. */
const wrong = new ApiError(401, 'The address or the password is wrong.')

/** A new session of the user with this address and password; the answer is the text of its key. */
export async function admitByPassword(
  act: Act,
  service: Caller,
  {
    email,
    password,
    address
  }: { readonly email: string; readonly password: string; readonly address: string }
): Promise<string> {
  const attempt = { account: email, address }
  const found = await act(service, async (store) => {
    await store.countAttempt(attempt)
    const user = await store.userByEmail(email)
    const hash = user?.login_type === 'password' ? await store.passwordHash(user.id) : undefined
    return { user, hash }
  })
  // Not while a transaction waits for it. It takes as long where there is no such user.
  if (!(await verifyPassword(password, found.hash)) || found.user === undefined) throw wrong
  const { id, status } = found.user
  requireAccess(status, 401)
  return act(service, async (store) => {
    await store.forgiveAttempt(id, attempt)
    return store.createSession(id, 'password')
  })
}

/**
 * A new session of the user who is this at a provider. The first time, it is the one whom an account was opened for; with
 * `opensAccounts`, one is opened for whoever has none.
 */
export function admitIdentity(
  act: Act,
  service: Caller,
  identity: Identity,
  opensAccounts: boolean
): Promise<string> {
  return act(service, async (store) => {
    const user = (await store.userByLink(identity)) ?? (await invited(store, identity))
    if (user === undefined && !opensAccounts)
      throw new ApiError(403, 'There is no account for this address, and somebody else has to open it.')
    const id = user?.id ?? (await open(store, identity))
    requireAccess(user?.status ?? 'active', 403)
    await store.link(id, identity)
    return store.createSession(id, identity.provider)
  })
}

/**
 * An account that was opened for this address and this way to sign in, and that nobody has signed in to yet. Another one is
 * somebody else's, though the provider gave them the address since.
 */
async function invited(store: Guarded<Store>, { email, provider }: Identity): Promise<SigningIn | undefined> {
  const user = await store.userByEmail(email)
  if (user !== undefined && (user.login_type !== provider || user.is_linked))
    throw new ApiError(403, 'This address belongs to an account of somebody who signs in otherwise.')
  return user
}

async function open(store: Guarded<Store>, identity: Identity): Promise<string> {
  if (!(await store.hasUsers())) throw new ApiError(403, 'The first account has to be made first.')
  const id = await store.createUser({
    username: await freeName(store, identity.username),
    email: identity.email,
    name: identity.name,
    avatarUrl: identity.avatarUrl,
    loginType: identity.provider,
    status: 'active',
    isServiceAccount: false
  })
  const organization = await store.defaultOrganization()
  if (organization !== undefined) await store.addMember(id, organization, false)
  return id
}

/** The proposed name, or the first with a number behind it that nobody has. */
async function freeName(store: Guarded<Store>, proposed: string): Promise<string> {
  for (let number = 1; ; number++) {
    const name = number === 1 ? proposed : `${proposed.slice(0, 26).replace(/-$/, '')}-${number}`
    if (isReserved(name)) continue
    try {
      await store.findUser(name)
    } catch (error) {
      if (error instanceof NotFoundError) return name
      throw error
    }
  }
}

function requireAccess(status: User['status'], refusal: 401 | 403): void {
  if (status === 'suspended') throw new ApiError(refusal, 'This account is locked.')
}
