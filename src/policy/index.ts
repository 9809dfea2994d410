// The door of this room: a document → the policy that a user holds. It joins the compiled form with what asks it
// questions, and decides nothing itself.
import type { Policy } from '../api/index.js'
import { addRoles } from '../compile/role-index.js'
import type { Permission } from '../compile/catalogue.js'
import { compileDocument, requireOptions, type CompiledPolicy } from '../compile/compile.js'
import { findPermission, subjectState, systemSubjectState } from '../decide/ask.js'
import type { SubjectState } from '../decide/state.js'
import { DelegatingSubject } from '../delegate/subject.js'
import { parsePolicy, parseRoles, type Names, type PolicyDocument } from '../document/index.js'
import type { OptionValue } from '../document/types.js'
import { compiledForm, createdSubject } from '../compiled-form.js'
import { isRecord, requireText, shapeError } from '../request-problems.js'
import { resourceInfo, roles, scopes } from './info.js'

export interface CompileSettings<N extends Names = Names> {
  /** Values of the deployment's options; one without default that a role reads must be given. */
  readonly options?: { readonly [O in keyof N['options']]?: N['options'][O] | undefined } | undefined
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
  const { options = {} } = settings
  if (!isRecord(options)) throw shapeError(['options'], 'a record of options', options)
  const given = Object.entries(options).filter(
    (entry): entry is [string, OptionValue] => entry[1] !== undefined
  )
  return createPolicy(compileDocument(parsePolicy(document), Object.fromEntries(given)))
}

/** A policy around a compiled form; all its subjects, those that are parsed too, are made by `createSubject`. */
export function createPolicy(
  engine: CompiledPolicy,
  createSubject: (state: SubjectState) => DelegatingSubject = (state) => new DelegatingSubject(state)
): Policy {
  const { document, catalogue } = engine
  function permission<R extends string, A extends string>(resource: R, action: A): Permission<R, A>
  function permission(resource: string, action: string): Permission {
    return findPermission(engine, action, resource)
  }
  const policy: Policy = {
    [compiledForm]: engine,
    [createdSubject]: createSubject,
    name: document.name,
    document,
    options: Object.freeze(Object.fromEntries(engine.options)),
    subject: (input) => createSubject(subjectState(engine, input)),
    systemSubject: (name) => createSubject(systemSubjectState(engine, name)),
    permission,
    withRoles: (added, place = {}) => {
      if (!isRecord(place)) throw shapeError(['place'], 'a place, `{ org }`', place)
      const org =
        place.org === undefined ? undefined : requireText(['place', 'org'], 'an organization', place.org)
      const checked = parseRoles(document, added, { org })
      requireOptions(engine, checked)
      return createPolicy(
        {
          ...engine,
          ballots: engine.ballots.anew(),
          roles: addRoles(engine.roles, checked, org, engine.context)
        },
        createSubject
      )
    },
    resources: Object.freeze({
      list: () => [...catalogue.resources.values()].map((resource) => resourceInfo(engine, resource)),
      get: (name: string) => {
        const resource = catalogue.resources.get(requireText(['name'], 'the name of a resource', name))
        return resource && resourceInfo(engine, resource)
      }
    }),
    roles: Object.freeze(roles(engine)),
    scopes: Object.freeze(scopes(engine))
  }
  // A printed policy shows what a user may read of it.
  for (const hidden of [compiledForm, createdSubject])
    Object.defineProperty(policy, hidden, { enumerable: false })
  return Object.freeze(policy)
}
