// The names of a policy as types. Documents and policies carry them.
import type { AttributeValue, OptionValue, OrgPlacement } from '../types.js'
import type { PolicyData, TemplateParameter } from './types.js'

/** What the types know about a resource. */
export interface ResourceNames {
  readonly actions: string
  readonly org: OrgPlacement
  /** By container. One that is missing here is one in which its objects never are. */
  readonly in: { readonly [container: string]: OrgPlacement }
  /** Values by attribute. */
  readonly attributes: { readonly [attribute: string]: AttributeValue }
  /** The attributes that have a default. */
  readonly defaults: string
  readonly acl: boolean
  /** The levels that an entry of an ACL may name. */
  readonly levels: string
}

/** The names of a policy as types. With plain `Names` (a policy that came from a file) every name is a string. */
export interface Names {
  /** Actions, placement, attributes and ACL by resource. */
  readonly resources: { readonly [resource: string]: ResourceNames }
  /** The names of the containers. */
  readonly containers: string
  /** The names of the site roles. */
  readonly siteRoles: string
  /** The names of the organization roles. */
  readonly orgRoles: string
  /** By the name of a role that is held in containers, the name of their kind. */
  readonly containerRoles: { readonly [role: string]: string }
  /** The names of the declared scopes and their aliases. */
  readonly scopes: string
  /** Parameters by scope template. */
  readonly templates: { readonly [template: string]: { readonly [parameter: string]: TemplateParameter } }
  /** The names of the system subjects. */
  readonly systemSubjects: string
  /** Values by deployment option. */
  readonly options: { readonly [option: string]: OptionValue }
  /** Values by organization option. */
  readonly orgOptions: { readonly [option: string]: OptionValue }
}

/** The key under which a document or a policy carries its names. A type only: at run time there is no such key. */
export declare const names: unique symbol

/** A checked policy document that knows its names. Frozen. */
export interface PolicyDocument<N extends Names = Names> extends PolicyData {
  readonly [names]?: N
}

/** The names that a typed document or a policy carries; plain `Names` where it carries none. */
export type NamesOf<P> = P extends { readonly [names]?: infer N } ? ([N] extends [Names] ? N : Names) : Names
