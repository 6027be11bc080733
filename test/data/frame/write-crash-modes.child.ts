import { openDuckDb } from '../../../src/data/engine/index.ts'
import {
  createDataFrame,
  frameSession,
  type WriteTarget,
  withSession,
  writeFrame,
} from '../../../src/data/frame/index.ts'

// Writes rows in one of the modes; the test kills it on the way.
const [dir = '.', format = 'parquet', path = 'x', kind = 'run'] = process.argv.slice(2)
await using engine = await openDuckDb({ threads: 1 })
const session = await frameSession({ engine, dir })
const run = { ds: '2024-01-02', key: 'p/t/2024-01-02' }
const KINDS: Record<string, Partial<WriteTarget>> = {
  run: { mode: 'overwrite', partitionBy: ['date', 'kind'], run },
  append: { mode: 'append', partitionBy: ['date', 'kind'], run },
  dynamic: { mode: 'overwrite', partitionBy: ['date', 'kind'], options: { partitionOverwriteMode: 'dynamic' } },
  static: { mode: 'overwrite', partitionBy: ['date', 'kind'], options: { maxRecordsPerFile: 1 } },
}
const rows = [10, 20, 30].map((n) => ({ date: '2024-01-02', kind: n > 15 ? 'b' : 'a', n }))
await withSession(session, () =>
  writeFrame(session, createDataFrame(rows, 'date date, kind string, n int'), {
    format: format as 'parquet',
    path,
    ...KINDS[kind],
  }),
)
