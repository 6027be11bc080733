/**
 * A writer for crash and concurrency tests: `append-batches.ts FOLDER WRITER BATCHES [ROWS] [plain]` appends
 * batches of rows, each with the writer's txn (none with `plain`), and can be killed by a failpoint. The folder is a
 * path or `s3://…`, reached by AWS's environment variables.
 */
import { sql } from '../../../../src/base/sql/index.ts'
import { openStore } from '../../../../src/base/store/index.ts'
import { openDuckDb } from '../../../../src/data/engine/index.ts'
import { appendTo, DeltaTable } from '../../../../src/data/table/index.ts'

const [folder = '', writer = '', batches = '1', rows = '10', plain] = process.argv.slice(2)
await using engine = await openDuckDb({ threads: 1 })
await using connection = await engine.connect()
const table = await DeltaTable.openOrCreate(openStore(folder), {
  schema: {
    fields: [
      { name: 'writer', type: { kind: 'string' }, nullable: true },
      { name: 'id', type: { kind: 'long' }, nullable: true },
    ],
  },
  ...(engine.files ? { parquet: engine.files } : {}),
})
for (let batch = 1; batch <= Number(batches); batch += 1) {
  const start = (batch - 1) * Number(rows)
  const query = sql`select ${writer} as writer, ${start} + range as id from range(${Number(rows)})`
  await appendTo(table, query, { connection, ...(plain ? {} : { txn: { appId: writer, version: batch } }) })
}
