// What a page hears of the command that serves it.
import type { News } from '../news.js'

/** The state that was put into the page under an id. It was written by the release that this script is of. */
export function readState(id: string): News {
  return JSON.parse(document.getElementById(id)?.textContent ?? '') as News
}

interface Hearing {
  readonly onNews: (news: News) => void
  /** The command does not answer; it is asked again. */
  readonly onSilence: () => void
}

/** Hears what the command says until the page is closed. */
export function hearNews({ onNews, onSilence }: Hearing): void {
  const source = new EventSource('events')
  source.addEventListener('message', ({ data }: MessageEvent<string>) => {
    onNews(JSON.parse(data) as News)
  })
  source.addEventListener('error', onSilence)
}
