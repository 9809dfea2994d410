// The rules of a guarded store as types: a method without a rule, and a rule without a method, do not compile.
import type { ActionOf, Names, ObjectOf, ResourceOf } from '../document/index.js'
import type { Policy } from '../policy/types/index.js'
import type { Table } from '../sql/table.js'
import type { RowFilter, SqlCondition } from '../sql/where.js'

/** Any method of a store. When guarded, a synchronous one returns a promise. */
type Method = (...args: never[]) => unknown

/** The names of a store's methods, optional ones included. */
export type MethodOf<S> = { [K in keyof S]-?: NonNullable<S[K]> extends Method ? K : never }[keyof S] & string

type Args<F> = F extends (...args: infer A) => unknown ? A : never
type Result<F> = F extends (...args: never[]) => infer T ? Awaited<T> : never
type MaybePromise<T> = T | Promise<T>
type Missing = null | undefined

/** One permission to check: an action on the object that a derivation gives, for a resource. */
interface Check<N extends Names, R extends ResourceOf<Policy<N>>, Derive extends readonly unknown[], Absent> {
  readonly action: ActionOf<Policy<N>, R>
  /**
   * The object to decide about, derived from the stored state and not from what a caller claims. Gets the store, then
   * the method's arguments. Runs before the method.
   */
  readonly object: (...args: Derive) => MaybePromise<ObjectOf<Policy<N>, R> | Absent>
}

/**
 * Which refusals are answered like a missing row, by the setting `notFound`:
 *
 * - `true`: all of them.
 * - `'unreadable'`: those of a subject that may not `read` the object too. Who may read it gets the `ForbiddenError`,
 *   since the object is no secret to them. A refused call with several objects is answered like a missing row unless
 *   the subject may read all of them.
 * - `{ unreadable: 'view' }`: the same, where another action than `read` says who may see an object.
 */
type NotFound<N extends Names, R extends ResourceOf<Policy<N>>> =
  | true
  | { readonly unreadable: ActionOf<Policy<N>, R> }
  | ('read' extends ActionOf<Policy<N>, R> ? 'unreadable' : never)

/** Checks the result before the caller gets it. */
type ResultCheck<N extends Names, T> = {
  [R in ResourceOf<Policy<N>>]: {
    readonly action: ActionOf<Policy<N>, R>
    readonly result: (result: NonNullable<T>) => MaybePromise<ObjectOf<Policy<N>, R>>
    readonly notFound?: false | NotFound<N, R>
  }
}[ResourceOf<Policy<N>>]

/** Removes from a list the rows that the subject may not act on. */
type RowsCheck<N extends Names, T> = T extends readonly (infer Row)[]
  ? {
      [R in ResourceOf<Policy<N>>]: {
        readonly action: ActionOf<Policy<N>, R>
        readonly rows: (row: Row) => ObjectOf<Policy<N>, R>
      }
    }[ResourceOf<Policy<N>>]
  : never

/**
 * Hands the method, as its first argument, the condition for the rows that the subject may act on, so that the database
 * leaves out the others before it counts and pages. Rows that come back are checked too.
 */
interface Where<N extends Names, R extends ResourceOf<Policy<N>>> {
  readonly action: ActionOf<Policy<N>, R>
  /** The table that the method asks, as `defineTable` of `casemate/sql` made it. */
  readonly where: Table<N, R>
  /** The name by which the method's statement calls the table; needed where the mapping names other tables. */
  readonly as?: string
}

/** The number that a method counts is what the database says; there is no row to check. */
type WhereCheck<N extends Names, T> = {
  [R in ResourceOf<Policy<N>>]: [T] extends [number | bigint]
    ? Where<N, R>
    : T extends readonly (infer Row)[]
      ? Where<N, R> & {
          /**
           * The object of a row: the table's `toObject` if it is not given. Needed where the mapping names other tables,
           * whose rows `toObject` has to get.
           */
          readonly rows?: (row: Row) => ObjectOf<Policy<N>, R>
        }
      : never
}[ResourceOf<Policy<N>>]

/** The arguments after the condition, for a method that takes one first. */
type WhereRest<F> = F extends (where: infer W, ...rest: infer Rest) => unknown
  ? 0 extends 1 & W
    ? never
    : [W, RowFilter] extends [SqlCondition, W]
      ? Rest
      : never
  : never

type IsWhere<F> = [WhereRest<F>] extends [never] ? false : true

/** How the arguments of a method reach its rule and the method itself. */
interface Copying {
  /**
   * Rule and method get one frozen copy of the arguments, taken at the call, so that the caller cannot change what was
   * checked before it is written. Only for data: records, lists, dates, maps and sets. A call with a function or a
   * class instance in its arguments is then a `RequestError` `invalid_request`.
   */
  readonly copyArguments?: boolean
}

/** Only where a missing row has an answer may there be none. */
type ObjectCheck<N extends Names, S, F> = {
  [R in ResourceOf<Policy<N>>]: Copying &
    (
      | (Check<N, R, [store: S, ...args: Args<F>], never> & { readonly notFound?: false })
      | (Check<N, R, [store: S, ...args: Args<F>], Missing> & { readonly notFound: NotFound<N, R> })
    )
}[ResourceOf<Policy<N>>]

/** Several permissions at once. Where what is unreadable is hidden, the resource of each has the action that shows it. */
type SeveralChecks<N extends Names, S, F> = Copying &
  (
    | (Several<AnyCheck<N, [store: S, ...args: Args<F>], never>> & { readonly notFound?: false })
    | (Several<AnyCheck<N, [store: S, ...args: Args<F>], Missing>> & { readonly notFound: true })
    | {
        [A in ActionOf<Policy<N>>]: Several<
          AnyCheck<N, [store: S, ...args: Args<F>], Missing, ResourceWith<N, A>>
        > & { readonly notFound: { readonly unreadable: A } | ('read' extends A ? 'unreadable' : never) }
      }[ActionOf<Policy<N>>]
  )

/** The resources that have an action. */
type ResourceWith<N extends Names, A> = {
  [R in ResourceOf<Policy<N>>]: A extends ActionOf<Policy<N>, R> ? R : never
}[ResourceOf<Policy<N>>]

type AnyCheck<
  N extends Names,
  Derive extends readonly unknown[],
  Absent,
  R extends ResourceOf<Policy<N>> = ResourceOf<Policy<N>>
> = { [One in R]: Check<N, One, Derive, Absent> }[R]

type Several<C> = { readonly all: readonly [C, ...C[]] } | { readonly any: readonly [C, ...C[]] }

/** The arguments after the callback, for a method that runs it with an inner store and returns its result. */
type TransactionRest<S, F> = F extends (run: infer Run, ...rest: infer Rest) => Promise<infer R>
  ? Run extends (...args: infer A) => Promise<infer T>
    ? [A, T] extends [[store: infer Inner], R]
      ? Inner extends S
        ? Rest
        : never
      : never
    : never
  : never

type IsTransaction<S, F> = [TransactionRest<S, F>] extends [never] ? false : true

/**
 * How one method is guarded. A method that runs a callback with the store can only be a transaction, and one that takes a
 * condition first can only get it from the guard.
 */
export type Rule<N extends Names, S, F> =
  IsTransaction<S, F> extends true
    ? 'transaction'
    : IsWhere<F> extends true
      ? WhereCheck<N, Result<F>>
      : | 'public'
        | ObjectCheck<N, S, F>
        | SeveralChecks<N, S, F>
        | ResultCheck<N, Result<F>>
        | RowsCheck<N, Result<F>>

/**
 * A rule for every method of a store; `undefined` for an optional one that this store does not have. `Hidden` are the
 * names of functions and getters that the type does not show as methods, for example private ones: each has the rule
 * `'hidden'` and is not in the guarded store.
 */
export type Rules<N extends Names, S, Hidden extends string = never> = {
  readonly [K in MethodOf<S>]: Rule<N, S, NonNullable<S[K]>> | (undefined extends S[K] ? undefined : never)
} & { readonly [K in Hidden]: K extends MethodOf<S> ? unknown : 'hidden' }

/**
 * A method behind its rule. It always returns a promise, passes a guarded store to the callback of a transaction, and
 * takes no condition.
 */
type GuardedMethod<S, F> =
  IsTransaction<S, F> extends true
    ? <T>(run: (store: Guarded<S>) => Promise<T>, ...rest: TransactionRest<S, F>) => Promise<T>
    : IsWhere<F> extends true
      ? (...args: WhereRest<F>) => Promise<Result<F>>
      : F extends (...args: never[]) => Promise<unknown>
        ? F
        : F extends (...args: infer A) => infer R
          ? (...args: A) => Promise<Awaited<R>>
          : F

/** The methods of a store, each behind its rule. */
export type Guarded<S> = {
  readonly [K in keyof S as K extends MethodOf<S> ? K : never]: GuardedMethod<S, NonNullable<S[K]>>
}

/** How a guard answers for a missing or hidden row. */
export interface GuardSettings {
  /**
   * What a method whose rule has `notFound` answers, for a missing row and for a refusal that must look like one. An
   * `Error` of any realm is thrown; anything else is returned. It gets the name of the method and its arguments, and may throw itself. Without
   * this setting such a method returns `undefined`, which is allowed only for a rule with `result`: a refused write
   * must not look like a success.
   *
   * Where the store throws for a missing row, return or throw the same error here; an error that the store throws is
   * passed on unchanged.
   */
  readonly notFound?: ((method: string, args: readonly unknown[]) => unknown) | undefined
}
