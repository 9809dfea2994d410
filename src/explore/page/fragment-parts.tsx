// Parts of a view that change the fragment: a link inside the page, and the field that says which rows are shown.
import type { ComponentChildren, JSX } from 'preact'
import { visible } from '../../output/visible.js'
import { Input } from './parts.js'
import type { Fragment, Page } from './state.js'

/** A link inside the page; opened in a new tab it shows the same. */
export function LinkTo({
  page,
  to,
  children
}: {
  readonly page: Page
  readonly to: Fragment
  readonly children: ComponentChildren
}): JSX.Element {
  return <a href={page.link(to)}>{children}</a>
}

/** A line of the policy's file; a button where one can go there. */
export function FileLine({ page, line }: { readonly page: Page; readonly line: number }): JSX.Element {
  const { goToLine, data } = page
  const text = `${visible(data.file ?? '')}:${line}`
  if (goToLine === undefined) return <b>{text} </b>
  return (
    <>
      <button
        type="button"
        class="line"
        onClick={() => {
          goToLine(line)
        }}
      >
        {text}
      </button>{' '}
    </>
  )
}

/** The text that rows have to have in them. */
export function RowsWith({
  page,
  placeholder
}: {
  readonly page: Page
  readonly placeholder: string
}): JSX.Element {
  return (
    <Input
      label="Rows with"
      value={page.fragment.value.find ?? ''}
      placeholder={placeholder}
      onType={(find) => {
        page.change({ find })
      }}
    />
  )
}
