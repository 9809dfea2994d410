// The rules of a guarded store as types: a method without a rule, and a rule without a method, do not compile.
import type { ActionOf, Names, ObjectOf, ResourceOf } from '../document/index.js'
import type { Policy } from '../api/index.js'

/** Any method of a store. */
type Method = (...args: never[]) => Promise<unknown>

/** The names of a store's methods. */
export type MethodOf<S> = { [K in keyof S]-?: S[K] extends Method ? K : never }[keyof S] & string

type Args<F> = F extends (...args: infer A) => unknown ? A : never
type Result<F> = F extends (...args: never[]) => Promise<infer T> ? T : never
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

type ObjectCheck<N extends Names, S, F> =
  | (Check<N, [store: S, ...args: Args<F>], never> & { readonly notFound?: false })
  | (Check<N, [store: S, ...args: Args<F>], Missing> & { readonly notFound: true })

/** Several permissions at once. */
type SeveralChecks<N extends Names, S, F> =
  | (Several<Check<N, [store: S, ...args: Args<F>], never>> & { readonly notFound?: false })
  | (Several<Check<N, [store: S, ...args: Args<F>], Missing>> & { readonly notFound: true })

type Several<C> = { readonly all: readonly [C, ...C[]] } | { readonly any: readonly [C, ...C[]] }

type TransactionRule<S, F> = F extends (
  run: (store: S) => Promise<infer _>,
  ...rest: infer _
) => Promise<unknown>
  ? 'transaction'
  : never

/** How one method is guarded. */
export type Rule<N extends Names, S, F> =
  | 'public'
  | TransactionRule<S, F>
  | ObjectCheck<N, S, F>
  | SeveralChecks<N, S, F>
  | ResultCheck<N, Result<F>>
  | RowsCheck<N, Result<F>>

/** A rule for every method of a store. */
export type Rules<N extends Names, S> = { readonly [K in MethodOf<S>]: Rule<N, S, S[K]> }

/** The methods of a store, each behind its rule. */
export type Guarded<S> = { readonly [K in MethodOf<S>]: S[K] }

export interface GuardSettings {
  /**
   * What a method with `notFound: true` answers, for a refusal and for a missing row alike: an `Error` is thrown,
   * anything else is returned. Without it such a method returns `undefined`.
   */
  readonly notFound?: (() => unknown) | undefined
}
