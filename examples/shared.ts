// What the examples share: the compiled policy, who is signed in, and a few projects. A server has the latter two in
// its database; the handlers next to this file would not change.
import { compile, type ObjectOf, type SubjectOf } from 'casemate'
import saas from '../policies/saas/index.js'

export const policy = compile(saas)

/** A subject of this policy. */
export type AppSubject = SubjectOf<typeof policy>

const sessions = new Map([
  ['Bearer ada', policy.subject({ id: 'ada', roles: ['account', { role: 'owner', org: 'acme' }] })],
  [
    'Bearer eve',
    policy.subject({
      id: 'eve',
      roles: ['account', { role: 'member', org: 'acme' }, { role: 'viewer', project: 'p1' }]
    })
  ]
])

/** The subject of a request by its `Authorization` header; `undefined` for nobody. Once a request. */
export function subjectFor(authorization: string | null | undefined): AppSubject | undefined {
  return sessions.get(authorization ?? '')
}

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

export const listProjects = (): readonly Project[] => projects
export const findProject = (id: string): Project | undefined => projects.find((project) => project.id === id)

/** A row of the projects table as the policy sees it. A project is a place for roles too, so its row names itself. */
export function projectObject(project: Project): ObjectOf<typeof policy, 'project'> {
  return {
    type: 'project',
    id: project.id,
    owner: project.ownerId,
    org: project.tenantId,
    project: project.id
  }
}
