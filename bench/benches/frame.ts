import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import type { Bench, Contestant } from '../harness/bench.ts'
import { cached, duckdbExtension, peerPython, ROOT } from '../harness/cache.ts'

const TABLES = ['customer', 'lineitem', 'nation', 'orders', 'part', 'partsupp', 'region', 'supplier']

/** The tables and queries of DuckDB's generator, which is the benchmark's own. */
async function generate(folder: string, scale: number): Promise<void> {
  const extensions = await duckdbExtension('tpch')
  const connection = await (await DuckDBInstance.create(':memory:', { extension_directory: extensions })).connect()
  await connection.run('load tpch')
  await connection.run(`call dbgen(sf=${scale})`)
  for (const name of TABLES) {
    await connection.run(`copy ${name} to '${folder}/${name}.parquet' (format parquet, compression snappy)`)
  }
  const queries = (await connection.runAndReadAll('select query from tpch_queries() order by query_nr')).getRows()
  await writeFile(join(folder, 'queries.json'), JSON.stringify(queries.map(([text]) => text)))
  connection.closeSync()
}

/** Results are compared query by query, so that a difference is found by its number. */
const results = async (out: string) => {
  const all = JSON.parse(await readFile(join(out, 'results.json'), 'utf8')) as string[]
  const { createHash } = await import('node:crypto')
  return all.map((one, i) => `q${i + 1}:${createHash('sha256').update(one).digest('hex').slice(0, 6)}`).join(' ')
}

export default {
  name: 'frame',
  summary: 'the 22 queries of TPC-H as frames over Parquet, against DuckDB SQL, PySpark local[2] and Polars',
  async prepare(scale) {
    const folder = await cached(`tpch-${scale}`, (target) => generate(target, scale))
    const script = (name: string) => join(ROOT, 'bench/contestants/tpch', name)
    const [spark, polars] = [await peerPython('pyspark'), await peerPython('polars')]
    const side = (
      name: string,
      role: Contestant['role'],
      version: string,
      command: string,
      file: string,
    ): Contestant => ({
      name,
      role,
      version,
      work: (out) => ({ command, args: [script(file), folder, join(out, 'results.json')] }),
      result: results,
    })
    return {
      data: `TPC-H scale ${scale}, one Parquet file a table; the second pass over all queries of a process.`,
      contestants: [
        side('Millrace', 'ours', 'frames, built package', process.execPath, 'millrace.ts'),
        side('DuckDB SQL', 'reference', '1.5.5, the benchmark’s SQL', process.execPath, 'duckdb.ts'),
        side('PySpark', 'peer', '4.2.0, local[2], the benchmark’s SQL', spark, 'spark.py'),
        side('Polars', 'peer', '2.1.0, lazy frames', polars, 'polars_frames.py'),
      ],
      targets: [
        { against: 'DuckDB SQL', measure: 'cpu', atLeast: 1 / 1.05 },
        { against: 'PySpark', measure: 'wall', atLeast: 4 },
        { against: 'Polars', measure: 'wall', atLeast: 1 },
      ],
    }
  },
} satisfies Bench
