/**
 * One act on a Delta table. Arguments: create|overwrite|compact|merge|open, input (Parquet), table. The table lies ready
 * but for `create`. Prints how long the act itself took. JavaScript with the built package, as it is installed: taking types
 * away as the program starts would cost 18 MB.
 */
import { appendTo, DeltaTable, openStore, optimize, overwrite, sql } from 'millrace/delta'
import { openDuckDb } from 'millrace/engine'

const [act = '', input = '', folder = ''] = process.argv.slice(2)

await using engine = await openDuckDb()
await using connection = await engine.connect()
const parquet = engine.files
const open = () => DeltaTable.open(openStore(folder), '', { parquet })
const rows = sql`select * from read_parquet(${input})`

const acts = {
  async create() {
    const schema = await connection.describe(rows)
    const table = await DeltaTable.create(openStore(folder), { schema, parquet })
    await appendTo(table, rows, { connection })
  },
  overwrite: async () => overwrite(await open(), rows, { connection, where: { part: 7 } }),
  compact: async () => optimize(await open(), { connection }),
  merge: async () =>
    (await open())
      .merge(rows, 't.id = s.id', { connection, targetAlias: 't', sourceAlias: 's' })
      .whenMatchedUpdateAll()
      .whenNotMatchedInsertAll()
      .execute(),
  async open() {
    const table = await open()
    const paths = table.scan().map(({ url }) => url)
    if (paths.length !== 100_000) throw new Error(`${paths.length} files`)
  },
}
const before = process.cpuUsage()
const began = performance.now()
await acts[act]?.()
const seconds = (performance.now() - began) / 1000
const { user, system } = process.cpuUsage(before)
console.log(`BENCH ${JSON.stringify({ seconds, cpuSeconds: (user + system) / 1e6 })}`)
