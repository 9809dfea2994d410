// What the policy says a request is answered with, computed from `can`, `canSome` and `canAssign` alone: not from the
// service.
import type { ObjectRef, SubjectOf } from 'casemate'
import { policy } from '../../src/policy.js'
import { memberRoles } from '../people.js'
import type { Asked, Request } from './requests.js'
import { leastScopes, type Who } from './subjects.js'

const memberId = '00000000-0000-4000-a000-00000000000a'
const otherId = '00000000-0000-4000-a000-00000000000b'
const org = '00000000-0000-4000-a000-00000000000c'
const workspaceId = '00000000-0000-4000-a000-00000000000d'

/** The status that the policy asks for. */
export function expectedStatus(request: Request, who: Who): number {
  const { success, about = 'user', needs, shownBy = ['user', 'read'], above, isFiltered = false } = request
  if (about === 'public') return success
  const subject = subjectOf(who, request)
  if (subject === undefined) return 401
  const [first] = needs
  if (first !== undefined && !subject.canSome(first[1], first[0])) return 403
  if (about === 'list')
    return needs.every((asked) => may(subject, asked, undefined)) || first?.[1] === 'read' ? success : 403
  if (about === 'own') return needs.every((asked) => may(subject, asked, subject.id)) ? success : 403
  const refused = needs.slice(isFiltered ? 1 : 0).find((asked) => !may(subject, asked, memberId))
  if (refused !== undefined)
    // What may not be read is not there, and neither is what may not be changed by who may not read it.
    return refused[1] === 'read' || !may(subject, shownBy, memberId) ? 404 : 403
  return above === undefined || subject.id === memberId || mayGiveAndTake(who, above, request) ? success : 403
}

type Subject = SubjectOf<typeof policy>

function may(subject: Subject, asked: Asked, owner: string | undefined): boolean {
  const [type, action] = asked
  if (type === 'assign_role') return subject.canAssign('auditor')
  return subject.can(action, objectOf(type, owner) as never)
}

function objectOf(type: Asked[0], owner: string | undefined): ObjectRef {
  if (type === 'organization') return { type, id: org, org }
  if (type === 'organization_member') return { type, org }
  if (owner === undefined) return { type }
  return type === 'user' ? { type, id: owner, owner } : { type, owner }
}

/** Asked of the person, or of what their key lets through. */
function mayGiveAndTake(who: Who, above: 'person' | 'key', request: Request): boolean {
  const subject = subjectOf(above === 'person' ? withoutScopes(who) : who, request)
  return [
    ...memberRoles.site.map((role) => [role] as const),
    ...memberRoles.org.map((role) => [role, org] as const)
  ].every(([role, place]) => subject?.canAssign(role, place) === true && subject.canUnassign(role, place))
}

function withoutScopes({ title, is, site, org }: Who): Who {
  return { title, is, site, org }
}

function subjectOf(
  { is, site, org: inOrg, scopes, isSuspended }: Who,
  request: Request
): Subject | undefined {
  if (is === 'nobody' || isSuspended === true) return undefined
  const subject = policy.subject({
    id: is === 'other' ? otherId : memberId,
    roles: [...site, ...inOrg.map((role) => ({ role, org }))]
  })
  if (is === 'agent') {
    const params = { workspaceId, ownerId: memberId, templateId: workspaceId, versionId: workspaceId }
    return subject.within({ scopes: [{ template: 'workspace_agent', params }] })
  }
  if (scopes === undefined) return subject
  return subject.within({
    scopes: (scopes === 'least' ? leastScopes(request) : [otherScope]) as never[]
  })
}

/** No request of the page is about templates. */
export const otherScope = 'template:read'
