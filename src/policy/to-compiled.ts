// A compiled policy → the file that `fromCompiled` of the runtime reads. It leaves out what decisions do not use: texts
// for people, delegation, which scopes are public, invariants. Decisions and explanations must stay the same.
import type { Policy } from './types/index.js'
import type {
  AttributeDocument,
  OptionDocument,
  PolicyData,
  ResourceDocument,
  RoleDocument,
  ScopeDocument,
  ScopeTemplateDocument,
  SystemSubjectDocument
} from '../document/types.js'
import {
  checksumOf,
  fileVersion,
  type CompiledContent,
  type CompiledFile,
  type RolesByPlace
} from '../compile/compiled-file.js'
import { type CompiledPolicy, compiledOf } from '../compile/compile.js'
import { listRoles } from '../compile/role-index.js'
import type { CompiledRole } from '../compile/roles.js'

/** The policy as plain data, with the options it was compiled with and its custom roles. */
export function toCompiled(policy: Policy): CompiledFile {
  return fileOf(compiledOf(policy))
}

/** As `toCompiled`, of the compiled form itself. */
export function fileOf(compiled: CompiledPolicy): CompiledFile {
  const custom = listRoles(compiled.roles).filter(({ isCustom }) => isCustom)
  const { containers } = compiled.catalogue
  const content: CompiledContent = {
    document: reduce(compiled),
    siteRoles: rolesOf(custom.filter(({ place }) => place === undefined)),
    orgRoles: rolesByPlace(custom, 'org'),
    containerRoles: Object.fromEntries(containers.map((kind) => [kind, rolesByPlace(custom, kind)]))
  }
  return { casemate: fileVersion, checksum: checksumOf(JSON.stringify(content)), content }
}

function rolesByPlace(custom: readonly CompiledRole[], kind: string): RolesByPlace {
  const held = custom.filter((role) => role.kind === kind)
  const places = new Set(held.flatMap(({ place }) => place ?? []))
  return Object.fromEntries(
    [...places].map((here) => [here, rolesOf(held.filter(({ place }) => place === here))])
  )
}

function rolesOf(roles: readonly CompiledRole[]): Record<string, RoleDocument> {
  return Object.fromEntries(roles.map(({ name, document }) => [name, reduceRole(document)]))
}

function reduce({ document, options }: CompiledPolicy): PolicyData {
  const { name, ids, containers, resources, orgOptions, roles, systemSubjects, scopes, scopeTemplates } =
    document
  const chosen = [...options].map(([option, value]): [string, OptionDocument] => [
    option,
    { values: [value], default: value }
  ])
  return {
    name,
    ids,
    containers: containers?.map(({ name }) => ({ name })),
    resources: mapValues(resources, reduceResource),
    options: Object.fromEntries(chosen),
    orgOptions: mapValues(orgOptions, reduceOption),
    roles: mapValues(roles, reduceRole),
    systemSubjects: mapValues(systemSubjects, reduceSystemSubject),
    scopes: mapValues(scopes, reduceScope),
    scopeTemplates: mapValues(scopeTemplates, reduceTemplate)
  }
}

function mapValues<T>(
  record: Readonly<Record<string, T>> | undefined,
  map: (value: T) => T
): Record<string, T> {
  return Object.fromEntries(Object.entries(record ?? {}).map(([key, value]) => [key, map(value)]))
}

const reduceResource = (resource: ResourceDocument): ResourceDocument => ({
  org: resource.org,
  in: resource.in,
  attributes: resource.attributes && mapValues(resource.attributes, reduceAttribute),
  acl: resource.acl,
  actions: mapValues(resource.actions, () => ''),
  implies: resource.implies
})

const reduceAttribute = (attribute: AttributeDocument): AttributeDocument => ({
  values: attribute.values,
  default: attribute.default
})

const reduceOption = (option: OptionDocument): OptionDocument => ({
  values: option.values,
  default: option.default
})

const reduceRole = ({ kind, includes, grants, variants }: RoleDocument): RoleDocument => ({
  kind,
  includes,
  grants,
  variants
})

const reduceSystemSubject = ({ id, grants }: SystemSubjectDocument): SystemSubjectDocument => ({ id, grants })

const reduceScope = ({ allow, aliases }: ScopeDocument): ScopeDocument => ({ allow, aliases })

const reduceTemplate = (template: ScopeTemplateDocument): ScopeTemplateDocument => ({
  params: template.params,
  allow: template.allow,
  variants: template.variants,
  allowList: template.allowList
})
