// What the examples share: the compiled policy, who is signed in, a store behind rules, and what a client is told of a
// refusal. A server has people and projects in its database; the handlers next to this file would not change.
import { compile, isForbidden, type NamesOf, type ObjectOf, type SubjectOf } from 'casemate'
import { guard, type Guarded, type Rules } from 'casemate/guard'
import saas from '../policies/saas/index.js'

export const policy = compile(saas)

const sessions = new Map<string, SubjectOf<typeof policy>>([
  ['Bearer ada', policy.subject({ id: 'ada', roles: ['account', { role: 'owner', org: 'acme' }] })],
  [
    'Bearer eve',
    policy.subject({
      id: 'eve',
      roles: ['account', { role: 'member', org: 'acme' }, { role: 'viewer', project: 'p1' }]
    })
  ]
])

export interface Project {
  readonly id: string
  readonly name: string
  readonly ownerId: string
  readonly tenantId: string
}

const projects: readonly Project[] = [
  { id: 'p1', name: 'Rocket', ownerId: 'ada', tenantId: 'acme' },
  { id: 'p2', name: 'Submarine', ownerId: 'bob', tenantId: 'globex' }
]

/** A row of the projects table as the policy sees it. A project is a place for roles too, so its row names itself. */
function projectObject({ id, ownerId, tenantId }: Project): ObjectOf<typeof policy, 'project'> {
  return { type: 'project', id, owner: ownerId, org: tenantId, project: id }
}

interface Store {
  projects(): Promise<readonly Project[]>
  deleteProject(id: string): Promise<void>
}

const store: Store = {
  projects: () => Promise.resolve(projects),
  // Keeps it, so that the examples can be asked again.
  deleteProject: () => Promise.resolve()
}

const rules: Rules<NamesOf<typeof policy>, Store> = {
  projects: { action: 'read', rows: projectObject },
  deleteProject: {
    action: 'delete',
    object: (_store, id) => {
      const project = projects.find((one) => one.id === id)
      return project && projectObject(project)
    },
    // Who may see the project is told that they may not delete it, everybody else that there is none.
    notFound: 'unreadable'
  }
}

class NotFoundError extends Error {}
const guarded = guard(policy, store, rules, { notFound: () => new NotFoundError('not found') })

export type AppStore = Guarded<Store>

/** The store for who sends this `Authorization` header; `undefined` for nobody. Once a request. */
export function storeFor(authorization: string | null | undefined): AppStore | undefined {
  const subject = sessions.get(authorization ?? '')
  return subject && guarded.as(subject)
}

interface Answer {
  readonly status: 403 | 404
  readonly body: { readonly code: string; readonly message: string }
}

/** What a client is told of a refusal or a missing row, and not why; `undefined` for an error that is neither. */
export function answerFor(error: unknown): Answer | undefined {
  if (isForbidden(error)) return { status: error.status, body: error.toJSON() }
  if (error instanceof NotFoundError)
    return { status: 404, body: { code: 'not_found', message: error.message } }
  return undefined
}
