// The work of flights_daily typed into DuckDB: each day read, written, checked and summed, file by file.
// Arguments: landing folder, output folder, first day, number of days.
import { mkdirSync } from 'node:fs'
import { DuckDBInstance } from '@duckdb/node-api'

const [landing = '', out = '', first = '', days = '0'] = process.argv.slice(2)

const connection = await (await DuckDBInstance.create(':memory:')).connect()
for (let n = 0; n < Number(days); n++) {
  const ds = new Date(Date.parse(first) + n * 86_400_000).toISOString().slice(0, 10)
  for (const table of ['flights', 'airports', 'hours']) mkdirSync(`${out}/${table}/date=${ds}`, { recursive: true })
  const loaded = `read_parquet('${out}/flights/date=${ds}/part.parquet')`
  const late = 'count(*) filter (where delay >= 15) as late'
  await connection.run(`
    copy (select * from read_parquet('${landing}/day=${ds}/*.parquet', hive_partitioning = false)
          where departed_at::date = '${ds}') to '${out}/flights/date=${ds}/part.parquet' (format parquet, compression zstd)`)
  await connection.runAndReadAll(`
    select count(*), count(*) filter (where departed_at is null), count(*) filter (where delay is null),
      count(*) filter (where not regexp_matches(origin, '^[A-Z]{3}$')) from ${loaded}`)
  await connection.run(`
    copy (select origin, count(*) as flights, avg(delay) as mean_delay, ${late} from ${loaded} group by origin)
    to '${out}/airports/date=${ds}/part.parquet' (format parquet, compression zstd)`)
  await connection.run(`
    copy (select hour(departed_at) as hour, count(*) as flights, avg(delay) as mean_delay, ${late} from ${loaded} group by all)
    to '${out}/hours/date=${ds}/part.parquet' (format parquet, compression zstd)`)
  await connection.runAndReadAll(
    `select count(*), count(distinct origin) from read_parquet('${out}/airports/date=${ds}/part.parquet')`,
  )
}
