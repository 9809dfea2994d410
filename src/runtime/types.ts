// Public types of the runtime: a policy that decides and explains, and its subjects. Nothing here runs.
import type { Subject } from '../policy/types/index.js'
import type { Permission } from '../compile/catalogue.js'
import type {
  ActionOf,
  Names,
  names,
  ResourceOf,
  ScopeOf,
  SubjectInputOf,
  SystemSubjectOf,
  TemplateScopeOf
} from '../document/index.js'
import type { CeilingInput } from '../types.js'

interface Named<N extends Names> {
  readonly [names]?: N
}

/** The members of the full package's subject without delegation. */
type Deciding =
  'id' | 'can' | 'authorize' | 'explain' | 'actionsOn' | 'filter' | 'canEach' | 'canSome' | typeof names

/** The user or service that asks; decides and explains exactly as the full package's `Subject` does. */
export interface RuntimeSubject<N extends Names = Names> extends Pick<Subject<N>, Deciding> {
  /** The subject under one more ceiling; it only narrows. A ceiling with neither key is an error. */
  within(ceiling: CeilingInput<ScopeOf<Named<N>> | TemplateScopeOf<Named<N>>>): RuntimeSubject<N>
}

/** A policy that was compiled ahead of time. Immutable. */
export interface RuntimePolicy<N extends Names = Names> {
  readonly [names]?: N
  /** As the document has it. */
  readonly name: string

  /**
   * A subject; it belongs to the organizations in which it holds a role.
   *
   * @throws RequestError with the codes of roles, options, scopes and allow lists; `empty_subject_id`.
   */
  subject(input: SubjectInputOf<Named<N>>): RuntimeSubject<N>

  /**
   * A service of the application itself.
   *
   * @throws RequestError `unknown_system_subject`.
   */
  systemSubject(name: SystemSubjectOf<Named<N>>): RuntimeSubject<N>

  /**
   * A permission resolved once, for `can(permission, object)`.
   *
   * @throws RequestError `unknown_resource`, `unknown_action`.
   */
  permission<R extends ResourceOf<Named<N>>, A extends ActionOf<Named<N>, R>>(
    resource: R,
    action: A
  ): Permission<R, A>
}
