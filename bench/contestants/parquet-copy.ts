// The same rows as one plain Parquet file, by DuckDB alone. Arguments: input (Parquet), output folder.
import { mkdirSync } from 'node:fs'
import { DuckDBInstance } from '@duckdb/node-api'

const [input = '', folder = ''] = process.argv.slice(2)
mkdirSync(folder, { recursive: true })
const connection = await (await DuckDBInstance.create(':memory:')).connect()
const before = process.cpuUsage()
const began = performance.now()
await connection.run(
  `copy (select * from read_parquet('${input}')) to '${folder}/rows.parquet' (format parquet, compression zstd)`,
)
const seconds = (performance.now() - began) / 1000
const { user, system } = process.cpuUsage(before)
console.log(`BENCH ${JSON.stringify({ seconds, cpuSeconds: (user + system) / 1e6 })}`)
