// Checks that the content of a compiled file is a possible policy. The checksum only shows that nothing was lost; here
// every name must exist, every value have its type, and every grant be able to match. Parts of a policy document that
// no decision reads (texts for people, delegation) are unknown keys here.
import type { CompiledContent } from '../compile/compiled-file.js'
import { levelsOf } from '../document/levels.js'
import type { Path } from '../problems/path.js'
import { anyText } from './check-names.js'
import { checkOptions, checkOrgOptions } from './check-options.js'
import { checkContainers, checkResources } from './check-resources.js'
import { checkCustomRoles, checkRoles, checkSystemSubject } from './check-roles.js'
import { checkScopes } from './check-scopes.js'
import type { Known } from './known.js'
import { readEach, readFields, readName, readOneOf, refuse, type Visit } from './read-content.js'

/** Takes records without prototype. @throws PolicyError `invalid_file` for invalid content. */
export function checkContent(content: unknown): asserts content is CompiledContent {
  const at = ['content']
  const { document, siteRoles, orgRoles, containerRoles } = readFields(content, at, [
    'document',
    'siteRoles',
    'orgRoles',
    'containerRoles'
  ])
  const known = checkDocument(document, [...at, 'document'])
  const customRole = checkCustomRoles(known)
  const rolesIn = (kind: string): Visit => {
    const visit = customRole(kind)
    return (roles, path, place) => {
      readName(place, path, anyText)
      readEach(roles, path, visit)
    }
  }
  readEach(siteRoles, [...at, 'siteRoles'], customRole('site'))
  readEach(orgRoles, [...at, 'orgRoles'], rolesIn('org'))
  readEach(containerRoles, [...at, 'containerRoles'], (places, path, container) => {
    if (!known.containers.includes(container)) refuse(path, 'a container', container)
    readEach(places, path, rolesIn(container))
  })
}

function checkDocument(given: unknown, path: Path): Known {
  const document = readFields(given, path, [
    'name',
    'ids',
    'containers',
    'resources',
    'options',
    'orgOptions',
    'roles',
    'systemSubjects',
    'scopes',
    'scopeTemplates'
  ])
  readName(document['name'], [...path, 'name'], anyText)
  readOneOf(document['ids'], [...path, 'ids'], [undefined, 'string', 'uuid'])
  const containers = checkContainers(document['containers'], [...path, 'containers'])
  const roles = document['roles']
  const known: Known = {
    hasUuids: document['ids'] === 'uuid',
    containers,
    levels: levelsOf(containers),
    resources: new Map(),
    actions: new Set(),
    options: new Set(),
    orgOptions: new Map(),
    roles: roles === undefined ? {} : readEach(roles, [...path, 'roles'], () => undefined)
  }
  const each = (key: string, visit: Visit): void => {
    if (document[key] !== undefined || key === 'resources') readEach(document[key], [...path, key], visit)
  }
  each('resources', checkResources(known))
  each('options', checkOptions(known))
  each('orgOptions', checkOrgOptions(known))
  checkRoles(known, [...path, 'roles'])
  each('systemSubjects', checkSystemSubject(known))
  checkScopes(each, known)
  return known
}
