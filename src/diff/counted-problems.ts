// Collects problems that are only counted: nobody reads them, so no nearest name is searched for.
import { RequestProblems } from '../problems/request-problems.js'

export class CountedProblems extends RequestProblems {
  override suggest(): undefined {
    return undefined
  }
}
