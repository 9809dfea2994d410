// How large a page of matrices may be, so that reading any page takes seconds at most. A page over a limit gets a
// problem with the line, and nothing of it is checked.
import type { PageProblems } from './problem.js'

export interface Line {
  readonly text: string
  /** The marks of quotes and of items of lists at its beginning. */
  readonly marks: number
}

const mostCharacters = 1_048_576
const mostLines = 50_000
const mostInLine = 100_000
const mostMarks = 20_000
const deepest = 64
const mostDefinitions = 1_000

/** The lines of a page; none if it is over a limit. */
export function measurePage(markdown: string, problems: PageProblems): Line[] {
  const refuse = (line: number, message: string): [] => {
    problems.add('page_too_large', line, message)
    return []
  }
  if (markdown.length > mostCharacters)
    return refuse(1, `this page has ${markdown.length} characters, at most ${mostCharacters} are read`)
  const texts = markdown.split(/\r\n|\n|\r/)
  if (texts.length > mostLines) return refuse(1, `this page has more than ${mostLines} lines`)
  const lines: Line[] = []
  let marks = 0
  let definitions = 0
  for (const [index, text] of texts.entries()) {
    if (text.length > mostInLine)
      return refuse(index + 1, `this line has ${text.length} characters, at most ${mostInLine} are read`)
    const start = measureStart(text)
    if (start.depth > deepest)
      return refuse(index + 1, `this line is in more than ${deepest} quotes and lists`)
    marks += start.marks
    if (marks > mostMarks)
      return refuse(index + 1, `this page has more than ${mostMarks} quotes and items of lists`)
    definitions += text.split(']:').length - 1
    if (definitions > mostDefinitions)
      return refuse(index + 1, `this page has more than ${mostDefinitions} link definitions`)
    lines.push({ text, marks: start.marks })
  }
  return lines
}

/** What a line begins with: each mark opens or goes on with a container, and two columns of space go on with a list. */
function measureStart(text: string): { marks: number; depth: number } {
  let marks = 0
  let columns = 0
  for (let at = 0; at < text.length && marks + columns / 2 <= deepest;) {
    const sign = text[at]
    if (sign === ' ' || sign === '\t') {
      columns += sign === ' ' ? 1 : 4
      at++
      continue
    }
    const [mark] = /^(?:>|(?:[-+*]|\d{1,9}[.)])(?=[ \t]|$))/.exec(text.slice(at, at + 12)) ?? []
    if (mark === undefined || isRule(text, at)) break
    marks++
    at += mark.length
  }
  return { marks, depth: marks === 0 ? 0 : Math.ceil(marks + columns / 2) }
}

/** Whether what is left of a line is a rule, such as `* * *`. */
function isRule(text: string, at: number): boolean {
  return /^([-*])(?:[ \t]*\1){2,}[ \t]*$/.test(text.slice(at))
}
