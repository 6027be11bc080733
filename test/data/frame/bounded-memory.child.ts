import { openDuckDb } from '../../../src/data/engine/index.ts'
import { expr, frameSession, range, withSession } from '../../../src/data/frame/index.ts'

// Iterates over so many rows that they would not fit into the memory this process may have.
const rows = Number(process.argv[2])
await using engine = await openDuckDb({ memoryLimit: '300MB', threads: 2 })
const session = await frameSession({ engine })
await withSession(session, async () => {
  const frame = range(rows).select('id', expr("repeat('x', 500) || cast(id as string)").as('text'))
  let count = 0
  let sum = 0n
  for await (const { id, text } of frame.toIterator()) {
    count += 1
    sum += BigInt(String(id))
    if (String(text).length < 501) throw new Error('a text is too short')
  }
  const peak = process.resourceUsage().maxRSS * 1024
  process.stdout.write(JSON.stringify({ count, sum: String(sum), peak }))
})
