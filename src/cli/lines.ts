// Standard input as lines, in batches, without ever holding more than a chunk and one unfinished line. What is too long
// for a line is never handed on in part: a piece of a request could be another request.

/** A longer line is read to its end and dropped: no request is that long. In UTF-16 code units. */
export const longestLine = 16 * 1024 * 1024

/**
 * The lines of a stream of UTF-8 text, `undefined` in the place of one that is too long; a byte order mark at its start
 * is dropped.
 */
export async function* readLines(
  input: NodeJS.ReadableStream
): AsyncGenerator<readonly (string | undefined)[]> {
  const decoder = new TextDecoder('utf-8')
  let rest: string | undefined = ''
  const append = (text: string): void => {
    rest = rest === undefined || rest.length + text.length > longestLine ? undefined : rest + text
  }
  for await (const chunk of input) {
    const [first = '', ...others] = (
      typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true })
    ).split('\n')
    const lines: (string | undefined)[] = []
    append(first)
    for (const text of others) {
      lines.push(rest)
      rest = ''
      append(text)
    }
    yield lines
  }
  append(decoder.decode())
  if (rest !== '') yield [rest]
}
