// A document → the public policy object. It connects the compiled form with its methods, and decides nothing itself.
import type { Policy } from './types/index.js'
import { addRoles, customRolesIn, removeRoles } from '../compile/role-index.js'
import { entriesOf, getIn } from '../compile/persistent-map.js'
import type { Permission } from '../compile/catalogue.js'
import { compileDocument, requireOptions, type CompiledPolicy, compiledPolicy } from '../compile/compile.js'
import { resolvePermission, subjectState, systemSubjectState } from '../request/ask.js'
import { openState, type StateHandle, type SubjectState } from '../request/state.js'
import { DecidingSubject } from '../decide/subject.js'
import { DelegatingSubject } from '../delegate/subject.js'
import {
  parsePolicy,
  parseRoles,
  type RolePlace,
  type Names,
  type OptionSettings,
  type PolicyDocument
} from '../document/index.js'
import { createdSubject, provenState } from './internals.js'
import { nameClass } from '../named-class.js'
import { ownField, withoutPrototypes } from '../problems/own-fields.js'
import { RequestProblems, requireText, shapeError } from '../problems/request-problems.js'
import { resourceInfo, roles, scopes } from './info.js'
import { isRecord } from '../problems/plain.js'
import type { OptionValue } from '../types.js'

/** What is fixed when a policy is compiled. */
export interface CompileSettings<N extends Names = Names> {
  /** Values of the deployment's options; one without default that a role reads must be given. */
  readonly options?: OptionSettings<N['options']> | undefined
  /**
   * Whether an object that code asks about may have no other fields than those that casemate reads: with `true` a row
   * with `ownerId` for `owner` is `invalid_request` and not a quiet no. For development and tests. Default: `false`.
   */
  readonly strictObjects?: boolean | undefined
}

/**
 * Compiles a policy. A document that `definePolicy` or `parsePolicy` did not return is parsed first.
 *
 * @throws PolicyError for a document that is not a policy.
 * @throws RequestError `unknown_option`, `invalid_option`, `missing_option`.
 */
export function compile<N extends Names>(
  document: PolicyDocument<N>,
  settings?: CompileSettings<N>
): Policy<N>
export function compile(document: PolicyDocument, settings: CompileSettings = {}): Policy {
  if (!isRecord(settings)) throw shapeError(['settings'], 'settings, `{ options }`', settings)
  const given = ownField(settings, 'options')
  const options = given === undefined ? {} : given
  if (!isRecord(options)) throw shapeError(['options'], 'a record of options', options)
  const chosen = Object.entries(options).filter(
    (entry): entry is [string, OptionValue] => entry[1] !== undefined
  )
  const strictObjects = ownField(settings, 'strictObjects') ?? false
  if (typeof strictObjects !== 'boolean') throw shapeError(['strictObjects'], 'true or false', strictObjects)
  return createPolicy(compileDocument(parsePolicy(document), Object.fromEntries(chosen), strictObjects))
}

/** The internals of a policy. They are on the prototype only, so that a copy of a policy's own keys is not a policy. */
class PolicyHandle {
  static {
    nameClass(this, 'Policy')
  }

  readonly #compiled: CompiledPolicy
  readonly #createSubject: CreateSubject

  constructor(compiled: CompiledPolicy, createSubject: CreateSubject) {
    this.#compiled = compiled
    this.#createSubject = createSubject
  }

  get [compiledPolicy](): CompiledPolicy {
    return this.#compiled
  }

  get [createdSubject](): (state: StateHandle) => DelegatingSubject {
    return (state) => this.#createSubject(openState(state))
  }

  get [provenState](): typeof DecidingSubject.stateIn {
    return (subject) => DecidingSubject.stateIn(subject)
  }
}

type CreateSubject = (state: SubjectState) => DelegatingSubject

/** A policy around a compiled form. `createSubject` makes all its subjects, also the parsed ones. */
export function createPolicy(
  compiled: CompiledPolicy,
  createSubject: CreateSubject = (state) => new DelegatingSubject(state)
): Policy {
  const { document, catalogue } = compiled
  function permission<R extends string, A extends string>(resource: R, action: A): Permission<R, A>
  function permission(resource: string, action: string): Permission {
    return resolvePermission(compiled, action, resource)
  }
  const policy: Policy = Object.assign(new PolicyHandle(compiled, createSubject), {
    name: document.name,
    document,
    options: Object.freeze(Object.fromEntries(compiled.options)),
    subject: (input: unknown) => createSubject(subjectState(compiled, input)),
    systemSubject: (name: unknown) => createSubject(systemSubjectState(compiled, name)),
    permission,
    withRoles: (added: unknown, place: unknown = {}) => {
      const given = readPlace(place, catalogue.containers)
      const checked = withoutPrototypes(parseRoles(document, added, given))
      requireOptions(compiled, checked)
      const [[kind, id] = ['site', undefined]] = Object.entries(given)
      return createPolicy(
        {
          ...compiled,
          roleTables: compiled.roleTables.anew(),
          roles: addRoles(compiled.roles, checked, id, compiled.context, kind)
        },
        createSubject
      )
    },
    withoutRoles: (names: unknown, place: unknown = {}) => {
      const given = readPlace(place, catalogue.containers)
      const [kind, id] = requirePlace(given)
      const removed = readCustomNames(compiled, names, id, kind)
      return createPolicy(
        {
          ...compiled,
          roleTables: compiled.roleTables.anew(),
          roles: removeRoles(compiled.roles, removed, id, kind)
        },
        createSubject
      )
    },
    resources: Object.freeze({
      list: () => [...catalogue.resources.values()].map((resource) => resourceInfo(compiled, resource)),
      get: (name: string) => {
        const resource = catalogue.resources.get(requireText(['name'], 'the name of a resource', name))
        return resource && resourceInfo(compiled, resource)
      }
    }),
    roles: Object.freeze(roles(compiled)),
    scopes: Object.freeze(scopes(compiled))
  })
  return Object.freeze(policy)
}

/** The one place that is named. `parseRoles` refuses the same in `withRoles`. */
function requirePlace(place: RolePlace): readonly [kind: string, id: string | undefined] {
  const [first, another] = Object.entries(place)
  if (another !== undefined) throw shapeError(['place', another[0]], 'one place', place)
  const [kind, id] = first ?? ['site', undefined]
  if (id === '') throw shapeError(['place', kind], 'an id', id)
  return [kind, id]
}

/** The names of custom roles of a place. Any other is an error: the role that was meant would stay in force. */
function readCustomNames(
  compiled: CompiledPolicy,
  names: unknown,
  id: string | undefined,
  kind: string
): readonly string[] {
  if (!Array.isArray(names)) throw shapeError(['names'], 'a list of names', names)
  const there = id === undefined ? compiled.roles.customSite : customRolesIn(compiled.roles, id, kind)
  const problems = new RequestProblems()
  const read = Array.from(names, (name: unknown, i) => {
    const text = requireText(['names', i], 'the name of a role', name)
    if (there !== undefined && getIn(there, text) !== undefined) return text
    const known = new Set(Array.from(entriesOf(there), ([one]) => one))
    problems.addUnknown('unknown_role', ['names', i], 'custom role', text, known)
    return text
  })
  problems.throwFirst()
  return read
}

/** Where custom roles are added: an organization or a container; nothing for the site. */
function readPlace(place: unknown, containers: readonly string[]): RolePlace {
  if (!isRecord(place)) throw shapeError(['place'], 'a place, `{ org }`', place)
  const keys = ['org', ...containers]
  const problems = new RequestProblems()
  problems.addInherited(['place'], place, keys)
  problems.throwFirst()
  return Object.fromEntries(
    Object.keys(place).flatMap((key): [string, string][] => {
      const id = ownField(place, key)
      if (id === undefined) return []
      return [
        [key, requireText(['place', key], key === 'org' ? 'an organization' : `the id of a ${key}`, id)]
      ]
    })
  )
}
