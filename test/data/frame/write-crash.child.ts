import { openDuckDb } from '../../../src/data/engine/index.ts'
import { createDataFrame, frameSession, withSession, writeFrame } from '../../../src/data/frame/index.ts'

// Writes the second version of a day over the first; the test kills it on the way.
const [dir = '.', format = 'parquet', path = 'x'] = process.argv.slice(2)
await using engine = await openDuckDb({ threads: 1 })
const session = await frameSession({ engine, dir })
const rows = [10, 20, 30].map((n) => ({ date: '2024-01-02', kind: n > 15 ? 'b' : 'a', n }))
await withSession(session, () =>
  writeFrame(session, createDataFrame(rows, 'date date, kind string, n int'), {
    format: format as 'parquet',
    path,
    mode: 'overwrite',
    partitionBy: ['date', 'kind'],
    run: { ds: '2024-01-02', key: 'p/t/2024-01-02' },
  }),
)
