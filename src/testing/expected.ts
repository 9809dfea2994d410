// The types of the matchers that `expect.extend(matchers)` adds, for the declarations of every runner.
import type { ActionOf, ObjectOf, ResourceOf } from '../document/index.js'
import type { MatrixOptions } from '../verify/index.js'
import type { DenialOptions } from './matchers.js'

/** The matchers on a value of type `T`, a subject or a policy, each of which returns `R`. */
export interface ExpectedOf<R, T> {
  /**
   * The subject may do this to the object. Fails for a malformed question, also after `.not`. Like all of these, it
   * needs `expect.extend(matchers)`.
   */
  toBeAllowed<Type extends ResourceOf<T>>(action: ActionOf<T, Type>, object: ObjectOf<T, Type>): R
  /** The subject may not do this to the object, for this reason where one is given. */
  toBeDenied<Type extends ResourceOf<T>>(
    action: ActionOf<T, Type>,
    object: ObjectOf<T, Type>,
    why?: DenialOptions
  ): R
  /** Every cell of every matrix on the Markdown page holds. A page that cannot be read fails, also after `.not`. */
  toMatchMatrix(markdown: string, options?: MatrixOptions): R
  /** Every invariant of the policy's document is proved. A document without any fails, also after `.not`. */
  toHoldInvariants(): R
}

declare global {
  // What vitest 3 and 4 and `@types/jest` read, with the parameters that all of them declare. Other runners have an
  // entry point of their own.
  namespace jest {
    interface Matchers<R, T = {}> extends ExpectedOf<R, T> {}
  }
}
