// The explorer: what its page holds, and the page as one text. `page/` is what runs in the page.
export { exploreData, shownDiff } from './data.js'
export type { ExploreData, ExploreDiff, ExploreProofs, PlacedFinding } from './data.js'
export { readLogReport } from './log.js'
export type { LoggedPermission, LogReport } from './log.js'
export { explorePage, exploreParts, pageText } from './page-text.js'
export type { BuiltPage, PageParts } from './page-text.js'
export type { ExploreRequest } from './request.js'
