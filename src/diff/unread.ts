// Problems of a request that only count: nobody reads them, so that no nearest name is looked for.
import { RequestProblems } from '../problems/request-problems.js'

export class Unread extends RequestProblems {
  override suggest(): undefined {
    return undefined
  }
}
