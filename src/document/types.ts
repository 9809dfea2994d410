import type { Level, OptionValue, OrgPlacement } from '../types.js'

// The policy document as plain data: what JSON, YAML and a parsed TypeScript literal have in common.
// Names are plain strings here; `define.ts` infers the literal ones. Nothing in this file runs.
/** Which actions of a resource a permission set names: all, a list, or all but a list. */
export type ActionList<Action extends string = string> =
  '*' | readonly Action[] | { readonly except: readonly Action[] }

/** From resource to actions; the key `'*'` stands for every resource without a key of its own (in an allow). */
export type PermissionSet = Readonly<Record<string, ActionList>>

export interface Effects {
  readonly allow?: PermissionSet | undefined
  readonly deny?: PermissionSet | undefined
}

export type Grants = { readonly [L in Level]?: Effects | undefined }

export interface OptionDocument {
  readonly values: readonly OptionValue[]
  readonly default?: OptionValue | undefined
  readonly description?: string | undefined
}

export interface ResourceDocument {
  readonly description?: string | undefined
  readonly acl?: boolean | undefined
  readonly org?: OrgPlacement | undefined
  /** From action to its description. */
  readonly actions: Readonly<Record<string, string>>
}

export type RoleKind = 'site' | 'org'

/** Applied where every option in `when` has the value: the keys it names replace the role's of that level and effect. */
export interface RoleVariant {
  readonly when: Readonly<Record<string, OptionValue>>
  readonly grants: Grants
}

export interface RoleDocument {
  readonly title?: string | undefined
  readonly kind: RoleKind
  readonly description?: string | undefined
  readonly grants?: Grants | undefined
  readonly variants?: readonly RoleVariant[] | undefined
  /** Role names, `'*'`, `'custom:site'`, `'custom:org'`. */
  readonly assigns?: readonly string[] | undefined
  readonly assignable?: boolean | undefined
}

export interface SystemSubjectDocument {
  readonly title?: string | undefined
  readonly description?: string | undefined
  readonly id?: string | undefined
  readonly grants?: Pick<Grants, 'site' | 'user'> | undefined
  readonly assigns?: readonly string[] | undefined
}

export interface ScopeDocument {
  readonly title?: string | undefined
  readonly description?: string | undefined
  readonly allow: PermissionSet
  readonly aliases?: readonly string[] | undefined
  readonly public?: boolean | undefined
}

export type TemplateParameter = 'required' | 'optional' | 'flag'

export interface ScopeTemplateDocument {
  readonly title?: string | undefined
  readonly description?: string | undefined
  readonly params: Readonly<Record<string, TemplateParameter>>
  readonly allow: PermissionSet
  readonly variants?:
    readonly { readonly when: Readonly<Record<string, boolean>>; readonly allow: PermissionSet }[] | undefined
  readonly allowList?: readonly string[] | undefined
}

/** A statement that `verify` proves, with one of `only` and `always`; see "Statements" in `docs/semantics.md`. */
export interface InvariantDocument {
  /** What a report calls it. */
  readonly name: string
  /** Why it must hold, for people. */
  readonly description?: string | undefined
  /** `resource:action` or `resource:*`. */
  readonly permissions: readonly string[]
  /** Whoever is allowed one of them holds one of these roles (`owner`) or is one of these (`system:dbpurge`). */
  readonly only?: readonly string[] | undefined
  /** Whoever holds one of these is allowed them. */
  readonly always?: readonly string[] | undefined
  /** As in a matrix: `own`, `other, own org`, `no org`, `all`. */
  readonly relation?: string | undefined
  /** A scope or template that the subject has. */
  readonly scope?: string | undefined
  /** Leaves ACL entries out. */
  readonly acl?: false | undefined
}

export interface LintDocument {
  /** The rule, the path of the finding, and why it is meant. */
  readonly ignore?: readonly LintException[] | undefined
}
interface LintException {
  /** The id of a lint rule. */
  readonly rule: string
  /** Where in the document, as the finding says it. */
  readonly path: string
  /** Why it is meant to be so, for people. */
  readonly reason: string
}

/** Which permission a subject needs, besides a declared delegation, to give or take a role. */
export interface AssignPermissions {
  readonly site?: string | undefined
  readonly org?: string | undefined
}

/** The whole policy; `docs/semantics.md` says what each key means. */
export interface PolicyData {
  readonly $schema?: string | undefined
  readonly name: string
  readonly description?: string | undefined
  readonly ids?: 'uuid' | 'string' | undefined
  readonly resources: Readonly<Record<string, ResourceDocument>>
  readonly options?: Readonly<Record<string, OptionDocument>> | undefined
  readonly orgOptions?: Readonly<Record<string, OptionDocument>> | undefined
  readonly roles?: Readonly<Record<string, RoleDocument>> | undefined
  readonly assignPermissions?: AssignPermissions | undefined
  readonly unassignPermissions?: AssignPermissions | undefined
  readonly systemSubjects?: Readonly<Record<string, SystemSubjectDocument>> | undefined
  readonly scopes?: Readonly<Record<string, ScopeDocument>> | undefined
  readonly publicScopes?: readonly string[] | undefined
  readonly defaultScopes?: readonly string[] | undefined
  readonly scopeTemplates?: Readonly<Record<string, ScopeTemplateDocument>> | undefined
  readonly invariants?: readonly InvariantDocument[] | undefined
  readonly lint?: LintDocument | undefined
}
