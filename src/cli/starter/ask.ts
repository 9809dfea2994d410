// Asks on a terminal, one question a line. An empty answer is the first of the choices; a wrong one is asked again.
import { createInterface } from 'node:readline'
import { suggest } from '../../problems/suggest.js'
import { terminalLine } from '../../output/terminal.js'

/** A question with the answers that it takes. */
export interface Question {
  readonly text: string
  readonly choices: readonly string[]
}

/** Somebody who answers. */
export interface Asked {
  /** One of the choices; the first where the answer is empty or the input has ended. */
  readonly answer: (question: Question) => Promise<string>
  /** Ends the reading. */
  readonly close: () => void
}

/** Whether somebody can be asked. */
export function canAsk(): boolean {
  return process.stdin.isTTY && process.stderr.isTTY
}

/** Begins to ask, on standard error: standard output has the result alone. */
export function startAsking(): Asked {
  const reader = createInterface({ input: process.stdin })
  // Keeps the lines that come before they are asked for.
  const lines = reader[Symbol.asyncIterator]()
  return {
    async answer({ text, choices }) {
      const [first = ''] = choices
      let query = `${text} (${choices.join(', ')}) [${first}] `
      for (;;) {
        process.stderr.write(query)
        const line: IteratorResult<string, unknown> = await lines.next()
        const answer = line.done === true ? '' : line.value.trim()
        if (answer === '') return first
        if (choices.includes(answer)) return answer
        const hint = suggest(answer, choices)
        const said = terminalLine(`not one of them: ${answer.slice(0, 100)}`)
        query = `${said}${hint === undefined ? '' : `; did you mean ${hint}?`} `
      }
    },
    close: () => {
      reader.close()
    }
  }
}
