import type { AttributeValue, OptionValue, OrgPlacement } from '../types.js'

// The policy document as plain data: what JSON, YAML and a parsed TypeScript literal have in common.
// Names are plain strings here; `define.ts` infers the literal ones. Nothing in this file runs.

/** Values by attribute, one or several: an object matches that has one of them for each attribute named. */
export type Where = Readonly<Record<string, AttributeValue | readonly AttributeValue[]>>

/** Some actions, for objects with certain attributes. */
export interface ActionsWhere<Action extends string = string> {
  /** All of the resource, or a list. */
  readonly actions: '*' | readonly Action[]
  /** Which objects it is about. */
  readonly where: Where
}

/** All actions but a list, of every object or of those with certain attributes. */
export interface ActionsExcept<Action extends string = string> {
  /** The actions that are left out. */
  readonly except: readonly Action[]
  /** Which objects it is about. Default: every object. */
  readonly where?: Where | undefined
}

/** Which actions of a resource a permission set names: all, a list, or all but a list. */
export type ActionList<Action extends string = string> =
  '*' | readonly (Action | ActionsWhere<Action>)[] | ActionsWhere<Action> | ActionsExcept<Action>

/** The same without conditions on attributes, for the levels of an ACL. */
export type PlainActionList<Action extends string = string> =
  '*' | readonly Action[] | { readonly except: readonly Action[] }

/** From resource to actions; the key `'*'` stands for every resource without a key of its own (in an allow). */
export type PermissionSet = Readonly<Record<string, ActionList>>

/** What one level of a role allows and what it denies. A deny wins over an allow of the same level. */
export interface Effects {
  /** What is allowed. */
  readonly allow?: PermissionSet | undefined
  /** What is denied. It wins over every allow of this level, those of other roles included. */
  readonly deny?: PermissionSet | undefined
}

/**
 * Grants by level. A site role has `site` and `user`, an organization role `org` and `orgMember`; an organization role
 * that ships with the policy may have all four. A role of a container `project` has `project` and `projectMember`.
 */
export interface Grants {
  /** Every object. */
  readonly site?: Effects | undefined
  /** Objects of the organization in which the role is held. */
  readonly org?: Effects | undefined
  /** Those of them that the subject owns. */
  readonly orgMember?: Effects | undefined
  /** Objects that the subject owns and that are in no organization and no container. */
  readonly user?: Effects | undefined
  /** Of a container's role: `project`, the objects in the project in which it is held; `projectMember`, its own ones. */
  readonly [containerLevel: string]: Effects | undefined
}

/** A setting whose value changes what roles allow: see `RoleVariant`. */
export interface OptionDocument {
  /** Every value that it can have. */
  readonly values: readonly OptionValue[]
  /** The value where none is given. Without it, a value must be given as soon as a role reads the option. */
  readonly default?: OptionValue | undefined
  /** What it is for, in words. */
  readonly description?: string | undefined
}

/** A kind of place in which roles are held, besides organizations: a project, a team, a folder. */
export interface ContainerDocument {
  /** Its name: the field of an object, the kind of its roles and the level of their grants. */
  readonly name: string
  /** What it is for, in words. */
  readonly description?: string | undefined
}

/** A fact about an object, with a few values. */
export interface AttributeDocument {
  /** Every value: 2 to 16 texts, or `true` and `false`. */
  readonly values: readonly AttributeValue[]
  /** The value of an object that has none. Without it, an object must have one. */
  readonly default?: AttributeValue | undefined
  /** What it says, in words. */
  readonly description?: string | undefined
}

/** What entries of an ACL may say, and what they beat. */
export interface AclDocument {
  /** Names for sets of actions that an entry may name in place of an action. */
  readonly levels?: Readonly<Record<string, PlainActionList>> | undefined
  /** Whether an entry for a user counts only if the user belongs to the object's organization. Default: no. */
  readonly members?: boolean | undefined
  /** An action that roles must allow on the same object for any entry to count. */
  readonly requires?: string | undefined
  /** Whether an entry beats a role's deny. Default: yes. */
  readonly overridesDeny?: boolean | undefined
}

/** A kind of thing, and what can be done to it. */
export interface ResourceDocument {
  /** What it is for, in words. */
  readonly description?: string | undefined
  /** Whether its objects may carry an ACL, and how it counts. Default: no; an object with one is then an error. */
  readonly acl?: boolean | AclDocument | undefined
  /** Whether its objects are in an organization. Default: `'optional'`. */
  readonly org?: OrgPlacement | undefined
  /** By container, whether its objects are in one. Default: `'never'`. */
  readonly in?: Readonly<Record<string, OrgPlacement>> | undefined
  /** Facts about its objects that grants may ask for. */
  readonly attributes?: Readonly<Record<string, AttributeDocument>> | undefined
  /** From action to its description. */
  readonly actions: Readonly<Record<string, string>>
  /** From an action to those that whoever is allowed it is allowed too. */
  readonly implies?: Readonly<Record<string, readonly string[]>> | undefined
}

/** Where a role is held: everywhere (`site`), in one organization (`org`), or in one container, by the container's name. */
export type RoleKind = 'site' | 'org' | (string & {})

/** Applies where every option in `when` has its value: its keys replace those of the role at that level and effect. */
export interface RoleVariant {
  /** From option to value; all of them must match. */
  readonly when: Readonly<Record<string, OptionValue>>
  /** The keys to replace, by level and effect. */
  readonly grants: Grants
}

/** A named set of grants. */
export interface RoleDocument {
  /** Its name for people. */
  readonly title?: string | undefined
  /** Where it is held: `site` everywhere, `org` in one organization, a container's name in one container. */
  readonly kind: RoleKind
  /** What it is for, in words. */
  readonly description?: string | undefined
  /** Shipped roles of the same kind: it grants and denies whatever they do. */
  readonly includes?: readonly string[] | undefined
  /** What it allows and denies. Without it: nothing. */
  readonly grants?: Grants | undefined
  /** Changes to `grants` under some values of options, in the order in which they are applied. */
  readonly variants?: readonly RoleVariant[] | undefined
  /** Role names, `'*'`, `'custom:site'`, `'custom:org'`, `'custom:'` with a container's name. */
  readonly assigns?: readonly string[] | undefined
  /** Whether `canAssign` can allow it. Default: yes; with `false` only code gives the role. */
  readonly assignable?: boolean | undefined
}

/** A service of the application. It has no roles, groups or organizations. */
export interface SystemSubjectDocument {
  /** Its name for people. */
  readonly title?: string | undefined
  /** What it is for, in words. */
  readonly description?: string | undefined
  /** Its subject id, as objects name their owner. Without it, it owns nothing and no ACL entry names it. */
  readonly id?: string | undefined
  /** What it allows and denies; `user` needs an `id`. */
  readonly grants?: Pick<Grants, 'site' | 'user'> | undefined
  /** Role names, `'*'`, `'custom:site'`, `'custom:org'`, `'custom:'` with a container's name. */
  readonly assigns?: readonly string[] | undefined
}

/** A named ceiling for keys. It never grants. */
export interface ScopeDocument {
  /** Its name for people. */
  readonly title?: string | undefined
  /** What it is for, in words. */
  readonly description?: string | undefined
  /** What it lets through. */
  readonly allow: PermissionSet
  /** Other names that mean the same. */
  readonly aliases?: readonly string[] | undefined
  /** Whether a user may ask for it in a token request. Default: no. */
  readonly public?: boolean | undefined
}

/** An id that must be given, an id that may be given, or a boolean. */
export type TemplateParameter = 'required' | 'optional' | 'flag'

/** A scope with parameters, and with an allow list of its own. */
export interface ScopeTemplateDocument {
  /** Its name for people. */
  readonly title?: string | undefined
  /** What it is for, in words. */
  readonly description?: string | undefined
  /** Its parameters by name. */
  readonly params: Readonly<Record<string, TemplateParameter>>
  /** What it lets through. */
  readonly allow: PermissionSet
  /** Changes to `allow` where flags have these values, in the order in which they are applied. */
  readonly variants?:
    readonly { readonly when: Readonly<Record<string, boolean>>; readonly allow: PermissionSet }[] | undefined
  /**
   * Entries `type:id`, in which `{name}` stands for a parameter. An entry whose parameter is not given is left
   * out.
   */
  readonly allowList?: readonly string[] | undefined
}

/**
 * A statement that `verify` proves; see "Statements" in docs/semantics.md. It is about who is allowed `permissions`, with
 * exactly one of `only` and `always`; or about who may assign roles: `assigns`, with `only`; or it is a `ladder`.
 */
export interface InvariantDocument {
  /** Its name in reports; unique. */
  readonly name: string
  /** What it is for, in words. */
  readonly description?: string | undefined
  /** `resource:action` or `resource:*`. */
  readonly permissions?: readonly string[] | undefined
  /** Roles: whoever may assign one of them, anywhere, holds one of `only`. */
  readonly assigns?: readonly string[] | undefined
  /** Roles of one kind, the one that may least first: held alone, whatever one may do, the next may. */
  readonly ladder?: readonly string[] | undefined
  /**
   * Whoever is allowed one of the permissions, or may assign one of the roles, holds one of these roles (`owner`) or is one
   * of these (`system:dbpurge`).
   */
  readonly only?: readonly string[] | undefined
  /** Roles and system subjects that are allowed all of it. Each is checked alone. */
  readonly always?: readonly string[] | undefined
  /** As in a matrix: `own`, `other, own org`, `no org`, `own project`, `status = draft`, `shared`, `all`. */
  readonly relation?: string | undefined
  /** A scope or template that the subject has. */
  readonly scope?: string | undefined
  /** With `false`, `only` is about objects without ACL. Without it, an ACL entry for somebody else disproves it. */
  readonly acl?: false | undefined
}

/** Settings of the linter. */
export interface LintDocument {
  /** Findings that are intended: the rule, the path of the finding, and why. */
  readonly ignore?: readonly LintException[] | undefined
}
interface LintException {
  /** The id of a lint rule. */
  readonly rule: string
  /** The path in the document, as in the finding. */
  readonly path: string
  /** Why it is intended, for people. */
  readonly reason: string
}

/** Which permission a subject needs, besides a declared delegation, to give or take a role. */
export interface AssignPermissions {
  /** `resource:action` for site roles. Without it, the delegation is enough for a subject without a ceiling. */
  readonly site?: string | undefined
  /** `resource:action` for organization roles. Without it, the delegation is enough for a subject without a ceiling. */
  readonly org?: string | undefined
  /** `resource:action` for the roles of a container. Likewise. */
  readonly [container: string]: string | undefined
}

/** The whole policy; docs/semantics.md says under "The document" what each key means. */
export interface PolicyData {
  /** For editors: `casemate/schema.json`. Nothing reads it. */
  readonly $schema?: string | undefined
  /** What the policy is called in reports and generated files. */
  readonly name: string
  /** What it is for, in words. */
  readonly description?: string | undefined
  /** How ids in allow lists and scope templates are checked. Default: `'string'`. UUIDs are lower-cased. */
  readonly ids?: 'uuid' | 'string' | undefined
  /** Places for roles besides organizations, at most three, in the order in which their levels are asked. */
  readonly containers?: readonly ContainerDocument[] | undefined
  /** Every resource with its actions. Any other name is an error. */
  readonly resources: Readonly<Record<string, ResourceDocument>>
  /** Settings of the deployment, fixed when the policy is compiled. */
  readonly options?: Readonly<Record<string, OptionDocument>> | undefined
  /** Settings of one organization, given with the subject. */
  readonly orgOptions?: Readonly<Record<string, OptionDocument>> | undefined
  /** Every role, by its name. */
  readonly roles?: Readonly<Record<string, RoleDocument>> | undefined
  /** The permissions that a subject needs to give somebody a role. */
  readonly assignPermissions?: AssignPermissions | undefined
  /** The permissions that a subject needs to take a role from somebody. */
  readonly unassignPermissions?: AssignPermissions | undefined
  /** Services of the application, by name. */
  readonly systemSubjects?: Readonly<Record<string, SystemSubjectDocument>> | undefined
  /** Ceilings for keys, by name. Every `resource:action` and `resource:*` is a scope without being listed. */
  readonly scopes?: Readonly<Record<string, ScopeDocument>> | undefined
  /** Low-level scopes (`note:read`) that a user may ask for. */
  readonly publicScopes?: readonly string[] | undefined
  /** What a token request without scopes means. Without it, such a request must name them. */
  readonly defaultScopes?: readonly string[] | undefined
  /** Scopes with parameters, by name. */
  readonly scopeTemplates?: Readonly<Record<string, ScopeTemplateDocument>> | undefined
  /** Statements that `verify` proves. */
  readonly invariants?: readonly InvariantDocument[] | undefined
  /** Settings of the linter. */
  readonly lint?: LintDocument | undefined
}
