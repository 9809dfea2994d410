// Who may call what of the store: one rule a method, each about the object that the stored state says it is. A method
// without a rule does not compile.
import { guard, type Guarded, type Rules } from 'casemate/guard'
import type { ObjectOf } from 'casemate'
import { policy, type AppNames, type AppSubject } from './policy.js'
import type { Store, StoredLog, Workspace } from './store.js'

/** There is no such thing, or it is not for the subject to know whether there is. */
export class NotFoundError extends Error {}

const toLog = ({ id, ownerId }: StoredLog): ObjectOf<typeof policy, 'boundary_log'> => ({
  type: 'boundary_log',
  id,
  owner: ownerId
})

const toWorkspace = ({ id, ownerId, orgId }: Workspace): ObjectOf<typeof policy, 'workspace'> => ({
  type: 'workspace',
  id,
  owner: ownerId,
  org: orgId
})

/** The object that a method is about whose first argument is an agent: read from the state that is written to. */
const byAgent =
  <T>(toObject: (workspace: Workspace) => T) =>
  async (store: Store, agentId: string): Promise<T | undefined> => {
    const workspace = await store.workspaceOfAgent(agentId)
    return workspace && toObject(workspace)
  }

export const rules: Rules<AppNames, Store> = {
  workspaceOfAgent: { action: 'read', result: toWorkspace, notFound: true },

  // A log belongs to the owner of the agent's workspace, whoever writes it. That the writer must reach the workspace
  // too keeps an agent from writing in the name of its owner's other agents: its key names one workspace.
  insertLogs: {
    all: [
      { action: 'create', object: byAgent(({ ownerId }) => ({ type: 'boundary_log', owner: ownerId })) },
      { action: 'read', object: byAgent(toWorkspace) }
    ],
    notFound: true
  },

  log: { action: 'read', result: toLog, notFound: true },
  logs: { action: 'read', rows: toLog },
  deleteLogsOlderThan: { action: 'delete', object: () => ({ type: 'boundary_log' }) },
  createToken: { action: 'create', object: (_store, userId) => ({ type: 'api_key', owner: userId }) },
  transaction: 'transaction'
}

/** Does something for a subject, all of it in one transaction: what was checked is what is written. */
export type Act = <T>(subject: AppSubject, work: (store: Guarded<Store>) => Promise<T>) => Promise<T>

/**
 * The only way to the store. A refusal is a `ForbiddenError`, or a `NotFoundError` where nobody may know. `storeFor` gives
 * the store whose transactions say to the database who asks: what gets past a rule does not get past that.
 */
export function actOn(storeFor: (subject: AppSubject) => Store): Act {
  return (subject, work) => {
    const settings = { notFound: () => new NotFoundError('not found') }
    return guard(policy, storeFor(subject), rules, settings).as(subject).transaction(work)
  }
}
