import type { ExpectedOf } from '../index.js'
declare module 'vitest' {
  interface Matchers<R extends void | Promise<void> = void | Promise<void>, T = unknown> extends ExpectedOf<
    R,
    T
  > {}
}
