// A hundred appends of ten thousand rows to a Delta table. Arguments: input (Parquet), output.
import { appendTo, DeltaTable, openStore, sql } from 'millrace/delta'
import { openDuckDb } from 'millrace/engine'

const [input = '', output = ''] = process.argv.slice(2)

await using engine = await openDuckDb()
await using connection = await engine.connect()
const parquet = engine.files
if (!parquet) throw new Error('this engine has no files')
await connection.execute(sql`create temporary table rows as select * from read_parquet(${input})`)
const schema = await connection.describe(sql`select * exclude (batch) from rows`)
const table = await DeltaTable.create(openStore(output), { path: '', schema, parquet })
for (let batch = 0n; batch < 100n; batch++) {
  await appendTo(table, sql`select * exclude (batch) from rows where batch = ${batch}`, { connection })
}
