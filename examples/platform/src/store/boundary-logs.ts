// Boundary logs. What a log says of its owner is taken from the workspace, never from a caller.
import { randomUUID } from 'node:crypto'
import type { RowFilter } from 'casemate/sql'
import type { Context } from './context.js'

/** A request of a workspace's inside that its boundary let through or stopped. */
export interface Log {
  readonly allowed: boolean
  readonly method: string
  readonly url: string
}

export interface StoredLog extends Log {
  readonly id: string
  readonly agent_id: string
  readonly owner_id: string
  readonly at: Date
}

export interface Workspace {
  readonly id: string
  readonly orgId: string
  readonly ownerId: string
}

/** Ids are UUIDs; another text in place of one is an error of the database. */
export interface BoundaryLogStore {
  /** The workspace that an agent is in. Until the transaction ends, neither can change. */
  workspaceOfAgent(agentId: string): Promise<Workspace | undefined>
  /** Stores an agent's logs under the owner of its workspace; the answer is their ids, none for an unknown agent. */
  insertLogs(agentId: string, logs: readonly Log[]): Promise<string[]>
  log(id: string): Promise<StoredLog | undefined>
  /** The newest logs, at most `count`. */
  logs(where: RowFilter, count: number): Promise<StoredLog[]>
  /** The answer is how many there were. */
  deleteLogsOlderThan(days: number): Promise<number>
}

const columns = 'id, agent_id, owner_id, at, allowed, method, url'

export function boundaryLogStore({ database }: Pick<Context, 'database'>): BoundaryLogStore {
  return {
    workspaceOfAgent: async (agentId) => {
      const { rows } = await database.query<Workspace>(
        `SELECT w.id, w.org_id AS "orgId", w.owner_id AS "ownerId"
         FROM agents AS a JOIN workspaces AS w ON w.id = a.workspace_id
         WHERE a.id = $1
         FOR SHARE`,
        [agentId]
      )
      return rows[0]
    },

    insertLogs: async (agentId, logs) => {
      // Not by RETURNING, which reads: an agent writes what it may not read.
      const ids = logs.map(() => randomUUID())
      const { rowCount } = await database.query(
        `INSERT INTO boundary_logs (id, agent_id, owner_id, allowed, method, url)
         SELECT l.id, a.id, w.owner_id, l.allowed, l.method, l.url
         FROM agents AS a JOIN workspaces AS w ON w.id = a.workspace_id,
           unnest($2::uuid[], $3::boolean[], $4::text[], $5::text[]) AS l (id, allowed, method, url)
         WHERE a.id = $1`,
        [
          agentId,
          ids,
          logs.map(({ allowed }) => allowed),
          logs.map(({ method }) => method),
          logs.map(({ url }) => url)
        ]
      )
      return rowCount === 0 ? [] : ids
    },

    log: async (id) => {
      const { rows } = await database.query<StoredLog>(`SELECT ${columns} FROM boundary_logs WHERE id = $1`, [
        id
      ])
      return rows[0]
    },

    logs: async (where, count) => {
      const condition = where.toPg(2)
      const { rows } = await database.query<StoredLog>(
        `SELECT ${columns} FROM boundary_logs AS l WHERE ${condition.text} ORDER BY at DESC, id LIMIT $1`,
        [count, ...condition.values]
      )
      return rows
    },

    deleteLogsOlderThan: async (days) => {
      const { rowCount } = await database.query(
        'DELETE FROM boundary_logs WHERE at < now() - make_interval(days => $1)',
        [days]
      )
      return rowCount ?? 0
    }
  }
}
