// The same as the benchmark's own SQL, typed into DuckDB. Arguments: the folder of tables, the file of results.
import { readFileSync, writeFileSync } from 'node:fs'
import { DuckDBInstance } from '@duckdb/node-api'

const [folder = '', output = ''] = process.argv.slice(2)

const queries = JSON.parse(readFileSync(`${folder}/queries.json`, 'utf8')) as string[]
const connection = await (await DuckDBInstance.create(':memory:')).connect()
for (const name of ['customer', 'lineitem', 'nation', 'orders', 'part', 'partsupp', 'region', 'supplier']) {
  await connection.run(`create view ${name} as from read_parquet('${folder}/${name}.parquet')`)
}
const pass = async () => {
  const results: unknown[][][] = []
  for (const query of queries) results.push((await connection.runAndReadAll(query)).getRows())
  return results
}
await pass()
const [began, cpu] = [performance.now(), process.cpuUsage()]
const results = await pass()
const { user, system } = process.cpuUsage(cpu)
const seconds = (performance.now() - began) / 1000
writeFileSync(
  output,
  JSON.stringify(results.map((rows) => rows.map((row) => row.map((value) => (value === null ? null : String(value)))))),
)
console.log(`BENCH ${JSON.stringify({ seconds, cpuSeconds: (user + system) / 1e6 })}`)
