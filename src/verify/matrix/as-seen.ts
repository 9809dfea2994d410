// Texts of cells as a reader of the page sees them, in which two different names may be the same.

/** Letters of other alphabets that look like those of `yes` and `no`. */
const lookalikes: Readonly<Record<string, string>> = {
  ...{ у: 'y', ү: 'y', е: 'e', ѕ: 's', о: 'o', ո: 'n' },
  ...{ Υ: 'Y', Ү: 'Y', У: 'Y', Ε: 'E', Е: 'E', Ѕ: 'S', Ν: 'N', ο: 'o', Ο: 'O', О: 'O' }
}

/**
 * A text as a reader sees it: without invisible characters and marks, look-alikes as the letters that they look like.
 * It only says that a table is a matrix, and the names in it are then read as they are written, so that a disguised
 * one is a problem and not a table that nobody checks.
 */
export function asSeen(text: string): string {
  return withoutInvisible(text.normalize('NFKD'))
    .replace(/\p{M}/gu, '')
    .replace(/\p{L}/gu, (letter) =>
      Object.hasOwn(lookalikes, letter) ? (lookalikes[letter] ?? letter) : letter
    )
    .trim()
}

/** A text without the characters that show nothing. */
export function withoutInvisible(text: string): string {
  return text.replace(/[\p{Default_Ignorable_Code_Point}\p{Cf}]/gu, '')
}
