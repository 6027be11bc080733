// The 22 queries as frames, against the built package; a pass over all of them comes first and is not timed.
// Arguments: the folder of tables, the file of results.
import { writeFileSync } from 'node:fs'
import { read } from 'millrace/frame'
import { QUERIES, type Tables } from './frames.ts'

const [folder = '', output = ''] = process.argv.slice(2)

const tables = Object.fromEntries(
  ['customer', 'lineitem', 'nation', 'orders', 'part', 'partsupp', 'region', 'supplier'].map((name) => [
    name,
    read.parquet(`${folder}/${name}.parquet`),
  ]),
) as unknown as Tables

const pass = async () => {
  const results: unknown[][][] = []
  for (const query of QUERIES) results.push((await query(tables).collect()).map((row) => Object.values(row)))
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
