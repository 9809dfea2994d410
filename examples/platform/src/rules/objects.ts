// What is stored → the object of the policy that it is. An account is its own owner; keys and logs belong to a user, and
// none of them is in an organization.
import type { ObjectOf } from 'casemate'
import type { policy } from '../policy.js'
import type { StoredLog, Workspace } from '../store/boundary-logs.js'
import type { ApiKey } from '../store/keys.js'
import type { Organization } from '../store/organizations.js'
import type { Store } from '../store/index.js'

export const toUser = ({ id }: { readonly id: string }): ObjectOf<typeof policy, 'user'> => ({
  type: 'user',
  id,
  owner: id
})

export const toKey = ({
  id,
  user_id
}: Pick<ApiKey, 'id' | 'user_id'>): ObjectOf<typeof policy, 'api_key'> => ({
  type: 'api_key',
  id,
  owner: user_id
})

export const toOrganization = ({ id }: Organization): ObjectOf<typeof policy, 'organization'> => ({
  type: 'organization',
  id,
  org: id
})

export const toWorkspace = ({ id, ownerId, orgId }: Workspace): ObjectOf<typeof policy, 'workspace'> => ({
  type: 'workspace',
  id,
  owner: ownerId,
  org: orgId
})

export const toLog = ({ id, owner_id }: StoredLog): ObjectOf<typeof policy, 'boundary_log'> => ({
  type: 'boundary_log',
  id,
  owner: owner_id
})

/** The account that a method's first argument is the id of. */
export const account = (_store: Store, userId: string): ObjectOf<typeof policy, 'user'> =>
  toUser({ id: userId })

/** A key that is to be made for the user of a method's first argument. */
export const newKey = (_store: Store, userId: string): ObjectOf<typeof policy, 'api_key'> => ({
  type: 'api_key',
  owner: userId
})

/** The key that a method's first two arguments name, if there is one. */
export const storedKey = async (
  store: Store,
  userId: string,
  keyId: string
): Promise<ObjectOf<typeof policy, 'api_key'> | undefined> => {
  const key = await store.key(userId, keyId)
  return key && toKey(key)
}

/** The object that a method is about whose first argument is an agent: read from the state that is written to. */
export const byAgent =
  <T>(toObject: (workspace: Workspace) => T) =>
  async (store: Store, agentId: string): Promise<T | undefined> => {
    const workspace = await store.workspaceOfAgent(agentId)
    return workspace && toObject(workspace)
  }
