// SQL text with holes for values. What numbers the parameters comes later, so that one fragment serves every driver.

/** A place for a value in SQL text. */
export interface Hole {
  /** The same for holes that send the same for the same ids. Of one slot, they share a parameter. */
  readonly encoding: string
  /** The slot whose ids are the value. */
  readonly slot: number
  /** The type of the parameter, as the dialect names it. */
  readonly type: string
  /** The ids that can be in a column, as the value that is sent. */
  readonly value: (ids: readonly string[]) => string | null
}

/** `strings` has one text more than there are holes, like the arguments of a template tag. */
export interface Fragment {
  readonly strings: readonly string[]
  readonly holes: readonly Hole[]
}

export type Piece = string | Fragment | Hole

/** SQL from pieces: texts as they are, fragments, and holes. */
export function fragment(...pieces: readonly Piece[]): Fragment {
  const strings: string[] = []
  const holes: Hole[] = []
  let text = ''
  for (const piece of pieces) {
    if (typeof piece === 'string') text += piece
    else if ('strings' in piece) {
      piece.strings.forEach((part, at) => {
        if (at > 0) {
          strings.push(text)
          text = ''
        }
        text += part
      })
      holes.push(...piece.holes)
    } else {
      holes.push(piece)
      strings.push(text)
      text = ''
    }
  }
  return { strings: [...strings, text], holes }
}

/** Fragments with a text between them. */
export function joined(parts: readonly Piece[], between: string): Fragment {
  return fragment(...parts.flatMap((part, at) => (at === 0 ? [part] : [between, part])))
}
