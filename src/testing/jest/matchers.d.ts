import type { ExpectedOf } from '../index.js'
declare module 'expect' {
  interface Matchers<R extends void | Promise<void>, T = unknown> extends ExpectedOf<R, T> {}
}
