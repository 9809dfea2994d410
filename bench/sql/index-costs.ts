// What happens without each index: it is dropped, and made again.
import type pg from 'pg'
import { compare, usePlans } from './measure.js'
import { markdown, ms } from './report.js'
import { waysFor, type Kind, type Query } from './ways.js'
import { indexes } from './world.js'

const asked: Readonly<Record<keyof typeof indexes, readonly (readonly [Kind, Query])[]>> = {
  documents_created: [['admin', 'newest 50']],
  documents_org: [
    ['admin', 'newest 50'],
    ['admin', 'count']
  ],
  documents_owner: [
    ['admin', 'newest 50'],
    ['admin', 'count'],
    ['member', 'newest 50']
  ],
  document_acl_grantee: [
    ['admin, shared', 'newest 50'],
    ['member, shared', 'count']
  ],
  document_acl_document: [['member, shared', 'count']]
}
const people = [1, 1000]

export async function indexTable(client: pg.Client): Promise<string> {
  await usePlans(client, 'default')
  const measure = async (questions: readonly (readonly [Kind, Query])[]): Promise<readonly string[][]> => {
    const rows: string[][] = []
    for (const [kind, query] of questions) {
      const cells: string[] = []
      for (const count of people)
        cells.push(ms((await compare(client, waysFor(kind, count, query).slice(0, 1), 3))[0]!.time))
      rows.push(cells)
    }
    return rows
  }
  const rows: string[][] = []
  for (const [index, on] of Object.entries(indexes)) {
    const questions = asked[index as keyof typeof indexes]
    const having = await measure(questions)
    await client.query(`DROP INDEX ${index}`)
    const without = await measure(questions)
    await client.query(`CREATE INDEX ${index} ${on}`)
    questions.forEach(([kind, query], row) => {
      const cells = people.flatMap((_, at) => [having[row]?.[at] ?? '', without[row]?.[at] ?? ''])
      rows.push([`\`${index}\``, `${kind}, ${query}`, ...cells])
    })
  }
  return markdown(['index', '', '1: with it', 'without', '1,000: with it', 'without'], rows)
}
