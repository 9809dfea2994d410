// Keeps a page as new as its files: another version loads the page anew, and what is wrong with the files now stands above
// the page that they made before, or in its place where they never made one.
import { visible } from '../../../output/visible.js'
import { hearNews, readState } from './news.js'

const { version } = readState('live')
const isAlone = version === ''
const banner = document.createElement(isAlone ? 'main' : 'section')
banner.className = 'news'
banner.setAttribute('aria-label', 'The files of this page')
banner.hidden = true
const words = document.createElement(isAlone ? 'h1' : 'p')
const list = document.createElement('ul')
list.setAttribute('aria-live', 'polite')
banner.append(words, list)
document.body.prepend(banner)

function show(text: string, problems: readonly string[]): void {
  banner.hidden = text === ''
  words.textContent = text
  list.replaceChildren(
    ...problems.map((problem) => {
      const item = document.createElement('li')
      item.textContent = visible(problem)
      return item
    })
  )
}

hearNews({
  onNews(news) {
    if (news.version !== version) location.reload()
    else if (news.problems.length === 0) show('', [])
    else
      show(
        isAlone
          ? 'There is no page yet: something is wrong'
          : 'Not the newest page, since now something is wrong:',
        news.problems
      )
  },
  onSilence() {
    show('The command that keeps this page new has ended, or cannot be reached.', [])
  }
})
