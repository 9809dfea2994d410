// The types of a question and its answer: who asks, about what, and the decision. Nothing in this file runs.
/** Organization settings by organization id. */
export type OrgOptions = Readonly<Record<string, Readonly<Record<string, OptionValue | undefined>>>>

/** A role held: a site role by its name, an organization role with the organization, a container's role with its id. */
export type RoleHeld<Role extends string = string> =
  | Role
  | {
      readonly role: Role
      readonly org?: string | null | undefined
      readonly [container: string]: string | null | undefined
    }

/**
 * An instance of a scope template. `policy.scopes.template` returns a checked one; a plain one is checked when used.
 */
export interface TemplateScope {
  /** The template's name. */
  readonly template: string
  /** An id, or for a flag a boolean, by parameter. */
  readonly params: Readonly<Record<string, string | boolean | undefined>>
}

/** A ceiling as written. A key that is present is a ceiling; `undefined` or `null` in its place is an error. */
export interface CeilingInput<Scope = string | TemplateScope> {
  /** Scope names, aliases and template instances. An empty list allows nothing. */
  readonly scopes?: readonly Scope[]
  /** Entries `type:id`, `type:*`, `*:id`, `*:*`; at most 128. An empty list allows nothing. */
  readonly allowList?: readonly string[]
  /**
   * Where it may act: ids of organizations, `*none` for objects in no organization, `*` for everywhere; at most 128. An
   * empty list allows nothing.
   */
  readonly onlyOrgs?: readonly string[]
}

/** A subject as given to `policy.subject`. It belongs to the organizations in which it holds a role. */
export interface SubjectInput<Role = RoleHeld, Scope = string | TemplateScope> extends CeilingInput<Scope> {
  /** Who it is, as objects name their owner. Never empty. */
  readonly id: string
  /** The roles held. Without it: none, and then only ACLs allow anything. */
  readonly roles?: readonly Role[] | undefined
  /** The groups that ACL entries may name. */
  readonly groups?: readonly string[] | undefined
  /** Settings by organization. */
  readonly orgOptions?: OrgOptions | undefined
}

/** Who may do what to one object, in addition to the roles: from ids to actions, `*` for every action. */
export interface Acl<Action extends string = string> {
  /** Actions by the id of a subject. */
  readonly users?: Readonly<Record<string, readonly (Action | '*')[]>> | undefined
  /** Actions by the name of a group, or by the id of an organization for all who belong to it. */
  readonly groups?: Readonly<Record<string, readonly (Action | '*')[]>> | undefined
}

/**
 * What is asked about. A missing, null or empty-string field means "none". Further fields are those that the policy
 * declares: a container's name with an id or a list of ids, an attribute with one of its values.
 */
export interface ObjectRef {
  /** The resource. */
  readonly type: string
  /** Its id; allow lists match it. */
  readonly id?: string | null | undefined
  /** The id of the subject that owns it. */
  readonly owner?: string | null | undefined
  /** The organization that it is in. */
  readonly org?: string | null | undefined
  /** Asks "in at least one organization that the subject belongs to?"; excludes `org`. */
  readonly anyOrg?: boolean | null | undefined
  /** Who else may do what to it. */
  readonly acl?: Acl | null | undefined
}

/** The vote of one level: `deny` if any grant denies, else `allow` if any allows, else `abstain`. */
export type Vote = 'allow' | 'deny' | 'abstain'

/** A role (or `system:NAME`) whose grant decided, with the grant as the document has it. */
export interface DecidingGrant {
  /** The role's name, or `system:NAME`. */
  readonly role: string
  /** The included role in which the grant is written; absent where it is the role's own. */
  readonly included?: string
  /** The organization in which the role is held; absent for a site role and a system subject. */
  readonly org?: string
  /** The id of the container in which the role is held; its kind is that of `level`. */
  readonly container?: string
  /** The level at which the role grants it. */
  readonly level: Level
  /** As written: `boundary_log:read`, `workspace:*`, `*:*`, `workspace:* except ssh`. */
  readonly permission: string
  /** Where in the document, as `roles.owner.grants.site.allow.boundary_log`. */
  readonly path: string
}

/** One level's vote on one question. Under `anyOrg` the organization levels vote once per organization. */
export interface LevelVote {
  /** The level that votes. */
  readonly level: Level
  /** The organization in which it votes; absent at `site` and `user`. */
  readonly org?: string
  /** What it says. */
  readonly vote: Vote
  /** Every grant that cast this vote, in the order in which the roles are held. */
  readonly by: readonly DecidingGrant[]
}

/** The ACL entry that granted. */
export interface AclEntry {
  /** Whether it names a subject, or a group. */
  readonly list: 'users' | 'groups'
  /** Whom it names. */
  readonly id: string
  /** The action as the entry has it; `*` for all. */
  readonly action: string
}

/** Which part of a ceiling refused. */
export interface CeilingRefusal {
  /** The number of the ceiling, in the order in which `within` added them: 0 is the first. */
  readonly ceiling: number
  /** The scopes themselves, the allow list of a scope template, or a list of the ceiling. */
  readonly by: 'scopes' | 'scope_list' | 'allow_list' | 'organizations'
  /** The scopes as given: all of them for `scopes`, those whose own list refused for `scope_list`. */
  readonly scopes?: readonly string[]
  /** The entries that did not match, for `scope_list` and `allow_list`. */
  readonly allowList?: readonly string[]
  /** The entries of the list, for `organizations`. */
  readonly onlyOrgs?: readonly string[]
}

/** Why a decision is what it is; see "Reasons" in docs/semantics.md. */
export type Reason =
  | 'granted'
  | 'granted_by_acl'
  | 'denied'
  | 'not_granted'
  | 'outside_scope'
  | 'outside_allow_list'
  | 'outside_org'

/** The answer to one question with its reasons. */
export interface Decision {
  /** The answer, the same as that of `can`. */
  readonly allowed: boolean
  /** Why, as one word. */
  readonly reason: Reason
  /** What was asked for. */
  readonly action: string
  /** What was asked about. */
  readonly object: ObjectRef
  /** `resource:action`. */
  readonly permission: string
  /**
   * The level that decided about the roles; absent where every level abstained. Under `anyOrg` the widest at which some
   * organization allows.
   */
  readonly level?: Level
  /** The grants that decided, all of them; empty where none did. */
  readonly roles: readonly DecidingGrant[]
  /** Every level that applies to the object with its vote, widest first; also those that did not decide. */
  readonly votes: readonly LevelVote[]
  /** The ACL entry that granted; absent where the roles decided. */
  readonly acl?: AclEntry
  /** The ceiling that refused what roles or an ACL granted; absent where none did. */
  readonly ceiling?: CeilingRefusal
}

// What the policy document and its decisions share: effects, levels, option values, placements.

/** A permission's effect inside one level: any deny beats every allow of the same level. */
export type Effect = 'allow' | 'deny'

/** A level that every policy has. */
export type FixedLevel = 'site' | 'org' | 'orgMember' | 'user'

/**
 * How far a grant reaches; docs/semantics.md defines each. A container `project` adds the levels `project` and
 * `projectMember`.
 */
export type Level = FixedLevel | (string & {})

/** A value of an object's attribute. */
export type AttributeValue = string | boolean

/** A declared value of an option; compared with strict equality. */
export type OptionValue = string | number | boolean

/** Whether objects of a resource live in an organization, or in a container. */
export type OrgPlacement = 'optional' | 'required' | 'never'
