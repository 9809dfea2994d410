// What a decision server answers from, in the words of AuthZEN on one side and of the policy on the other.
import type { Names } from '../document/index.js'
import type { Policy, Subject } from '../policy/types/index.js'

/** A JSON object as the request has it. */
export type Properties = Readonly<Record<string, unknown>>

/** A subject or a resource of AuthZEN. */
export interface Entity {
  /** A resource, or a type of subjects. */
  readonly type: string
  /** Never empty. */
  readonly id: string
  /** What the request says of it; `{}` where it says nothing. */
  readonly properties: Properties
}

/** An action of AuthZEN. */
export interface Action {
  /** An action of the policy. */
  readonly name: string
  /** What the request says of it; `{}` where it says nothing. */
  readonly properties: Properties
}

/** A value, now or later. */
export type MaybePromise<T> = T | Promise<T>

/** One entity that may be found by a search: its id, or the id and what is known of it. */
export type Listed = string | { readonly id: string; readonly properties?: Properties | undefined }

/** Every entity of a type after an id, in an order that stays: the next page begins after the last id of this one. */
export type List = (type: string, after: string | undefined) => Iterable<Listed> | AsyncIterable<Listed>

/**
 * Looks a subject or an object up, with the request's `context`. The answer is data in the form of `docs/semantics.md`
 * ("Requests as data"), for a subject also a subject of the policy; `undefined` for one that is not known, who is allowed
 * nothing. What it throws is an answer of 500, and no decision; a `CasemateError` with the code `unavailable`, and what
 * a store of `casemate/postgres` throws that has lost its database for a while, is one of 503.
 */
export type Find = (entity: Entity, context: Properties) => MaybePromise<object | null | undefined>

/** Where subjects or objects come from. Without `list` there is no search for them. */
export interface Store {
  /** Looks up one entity by its id. */
  readonly find: Find
  /** Lists them for searches; without it, a search is refused. */
  readonly list?: List | undefined
}

/** The questions that a server asks a subject. A subject that also writes down its decisions is one. */
export type AskedSubject = Pick<Subject, 'can' | 'explain' | 'actionsOn'>

/** A policy, and who and what there is: what one server, or one tenant of it, answers from. */
export interface DecisionSource<N extends Names = Names> {
  /** Who is asked. */
  readonly policy: Policy<N>
  /**
   * Where subjects come from; what a request says of them is then not read. With `'properties'` everything about a user
   * is read from the `properties` of the request, in the form of a subject of `docs/semantics.md` without its id: whoever
   * may send requests then decides what roles there are, and an unknown property is an error.
   */
  readonly subjects: Store | Find | 'properties'
  /** System subjects that may ask, as subjects of the type `system`. Default: none. */
  readonly systems?: readonly string[] | undefined
  /** Where objects come from. By default they are what the request says: `type`, `id`, and the fields in `properties`. */
  readonly resources?: Store | Find | undefined
  /** The policy's name of an action. By default its own name, whatever its properties. */
  readonly action?: ((action: Action, resource: Entity) => string) | undefined
  /** The way back, for action search; `undefined` leaves an action out. By default the name as it is. */
  readonly actionName?: ((action: string, resource: Entity) => string | undefined) | undefined
  /** Adds the code of the reason to each decision, as `context.reason`. Default: no. */
  readonly reasons?: boolean | undefined
  /** What is asked instead of the subject: one that answers the same and records it. */
  readonly record?: ((subject: Subject) => AskedSubject) | undefined
}

/** How often a caller may ask. Those with one token are one caller; so are all without any. */
export interface Rate {
  /** Requests a second, on average. */
  readonly perSecond: number
  /** Requests at once. Default: as many as in a second. */
  readonly burst?: number | undefined
}

/** Accepts or refuses a bearer token, for the tenant in the path. */
export type TokenCheck = (token: string, tenant: string | undefined) => MaybePromise<boolean>

/** How a server answers. Limits that are exceeded are errors of the whole request. */
export interface HandlerSettings {
  /**
   * The public URL of the server, without query: its metadata is given only with it. A path in it stands before every
   * path of the server.
   */
  readonly identifier?: string | undefined
  /** The bearer tokens of callers, or what checks one. Without it everybody may ask. */
  readonly tokens?: readonly string[] | TokenCheck | undefined
  /** Bytes of a body. Default: 1 MiB. */
  readonly maxBody?: number | undefined
  /** Items of one request. Default: 1,000. */
  readonly maxEvaluations?: number | undefined
  /** Results on a page of a search, at most and by default: 1,000. */
  readonly pageSize?: number | undefined
  /** Entities that are looked at for one page; a page may then be short. Default: 10,000. */
  readonly maxScanned?: number | undefined
  /** Default: no limit. */
  readonly rate?: Rate | undefined
  /** Signs the tokens of pages. Several processes behind one address need the same. Default: a new one for each handler. */
  readonly pageSecret?: string | undefined
  /** What `/readyz` says. Default: always ready. */
  readonly isReady?: (() => boolean) | undefined
  /** Lines that `/metrics` adds to its own, in the text format of Prometheus. */
  readonly moreMetrics?: (() => string) | undefined
  /** Hears of what was answered with 500 or 503, and of stored subjects and objects that the policy cannot read. */
  readonly onError?: ((error: unknown) => void) | undefined
  /** Milliseconds that never go back. Default: `performance.now`. */
  readonly clock?: (() => number) | undefined
}

/** Answers one request. It never rejects. */
export type Handler = (request: Request) => Promise<Response>

/** Gives what a tenant is answered from, at each request; `undefined` for a tenant that there is not. */
export type SourceOf<N extends Names = Names> = (
  tenant: string | undefined
) => MaybePromise<DecisionSource<N> | undefined>
