// The rules of a guarded store as types: a method without a rule, and a rule without a method, do not compile.
import type { ActionOf, Names, ObjectOf, ResourceOf } from '../document/index.js'
import type { Policy } from '../policy/types/index.js'

/** Any method of a store; one that answers at once does so through a promise when it is guarded. */
type Method = (...args: never[]) => unknown

/** The names of a store's methods, optional ones included. */
export type MethodOf<S> = { [K in keyof S]-?: NonNullable<S[K]> extends Method ? K : never }[keyof S] & string

type Args<F> = F extends (...args: infer A) => unknown ? A : never
type Result<F> = F extends (...args: never[]) => infer T ? Awaited<T> : never
type MaybePromise<T> = T | Promise<T>
type Missing = null | undefined

/** One permission to check: an action on the object that a derivation gives, for any one resource. */
type Check<N extends Names, Derive extends readonly unknown[], Absent> = {
  [R in ResourceOf<Policy<N>>]: {
    readonly action: ActionOf<Policy<N>, R>
    /**
     * What is asked about, from the stored state and never from what a caller claims: the store first, then the
     * method's arguments. Runs before the method does.
     */
    readonly object: (...args: Derive) => MaybePromise<ObjectOf<Policy<N>, R> | Absent>
  }
}[ResourceOf<Policy<N>>]

/** Checks what came back before anybody sees it. */
type ResultCheck<N extends Names, T> = {
  [R in ResourceOf<Policy<N>>]: {
    readonly action: ActionOf<Policy<N>, R>
    readonly result: (result: NonNullable<T>) => MaybePromise<ObjectOf<Policy<N>, R>>
    readonly notFound?: boolean
  }
}[ResourceOf<Policy<N>>]

/** Leaves out of a list what the subject may not act on. */
type RowsCheck<N extends Names, T> = T extends readonly (infer Row)[]
  ? {
      [R in ResourceOf<Policy<N>>]: {
        readonly action: ActionOf<Policy<N>, R>
        readonly rows: (row: Row) => ObjectOf<Policy<N>, R>
      }
    }[ResourceOf<Policy<N>>]
  : never

/** How the arguments of a method reach its rule and the method itself. */
interface Copying {
  /**
   * Rule and method see one frozen copy of the arguments, taken when the call is made, so that the caller cannot
   * change what was checked before it is written. For data: records, lists, dates, maps and sets; a call with a
   * function or a class instance in its arguments is then a `RequestError` `invalid_request`.
   */
  readonly copyArguments?: boolean
}

type ObjectCheck<N extends Names, S, F> = Copying &
  (
    | (Check<N, [store: S, ...args: Args<F>], never> & { readonly notFound?: false })
    | (Check<N, [store: S, ...args: Args<F>], Missing> & { readonly notFound: true })
  )

/** Several permissions at once. */
type SeveralChecks<N extends Names, S, F> = Copying &
  (
    | (Several<Check<N, [store: S, ...args: Args<F>], never>> & { readonly notFound?: false })
    | (Several<Check<N, [store: S, ...args: Args<F>], Missing>> & { readonly notFound: true })
  )

type Several<C> = { readonly all: readonly [C, ...C[]] } | { readonly any: readonly [C, ...C[]] }

/** The arguments after the callback of a method that runs it with an inner store, and gives back what it gave. */
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

/** How one method is guarded. What runs a callback with the store itself is a transaction and nothing else. */
export type Rule<N extends Names, S, F> =
  IsTransaction<S, F> extends true
    ? 'transaction'
    : | 'public'
      | ObjectCheck<N, S, F>
      | SeveralChecks<N, S, F>
      | ResultCheck<N, Result<F>>
      | RowsCheck<N, Result<F>>

/**
 * A rule for every method of a store; `undefined` for an optional one that this store does not have. `Hidden` are the
 * names of functions and getters that the type does not show as methods, private ones say: each has the rule `'hidden'`
 * and is not there for anybody.
 */
export type Rules<N extends Names, S, Hidden extends string = never> = {
  readonly [K in MethodOf<S>]: Rule<N, S, NonNullable<S[K]>> | (undefined extends S[K] ? undefined : never)
} & { readonly [K in Hidden]: K extends MethodOf<S> ? unknown : 'hidden' }

/** A method behind its rule always answers through a promise, and gives the callback of a transaction a guarded store. */
type GuardedMethod<S, F> =
  IsTransaction<S, F> extends true
    ? <T>(run: (store: Guarded<S>) => Promise<T>, ...rest: TransactionRest<S, F>) => Promise<T>
    : F extends (...args: never[]) => Promise<unknown>
      ? F
      : F extends (...args: infer A) => infer R
        ? (...args: A) => Promise<Awaited<R>>
        : F

/** The methods of a store, each behind its rule. */
export type Guarded<S> = {
  readonly [K in keyof S as K extends MethodOf<S> ? K : never]: GuardedMethod<S, NonNullable<S[K]>>
}

/** How a guard answers where nothing is to be seen. */
export interface GuardSettings {
  /**
   * What a method with `notFound: true` answers, for a refusal and for a missing row alike: an `Error`, of whatever
   * realm, is thrown, whatever else is given back is returned. It is told of the method and its arguments, and may throw itself. Without
   * it such a method returns `undefined`, which only a rule with `result` may do: a refused write must not look done.
   *
   * Where the store throws for a missing row, give back or throw that same error here; one that the store throws is
   * passed on as it is.
   */
  readonly notFound?: ((method: string, args: readonly unknown[]) => unknown) | undefined
}
