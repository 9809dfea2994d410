import { SignInError, type SignInCode } from '../../src/sign-in/errors.js'

/** The code of the error with which a sign-in fails; `undefined` if it succeeds. Any other error is the test's. */
export async function codeOf(signIn: Promise<unknown>): Promise<SignInCode | undefined> {
  try {
    await signIn
    return undefined
  } catch (error) {
    if (error instanceof SignInError) return error.code
    throw error
  }
}
