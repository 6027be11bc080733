import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { plainRows, sameRows } from '../contestants/tpch/plain.ts'
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
  const answers: unknown[][][] = []
  for (const [text] of queries) answers.push((await connection.runAndReadAll(String(text))).getRows())
  await writeFile(
    join(folder, 'answers.json'),
    JSON.stringify(
      answers.map((rows) => rows.map((row) => row.map((value) => (value === null ? null : String(value))))),
    ),
  )
  connection.closeSync()
}

/** Each result against that of DuckDB's SQL; those that differ are named. */
async function verdict(folder: string, file: string): Promise<string> {
  const [found, expected] = (await Promise.all(
    [file, join(folder, 'answers.json')].map(async (one) => JSON.parse(await readFile(one, 'utf8'))),
  )) as [unknown[][][], unknown[][][]]
  const wrong = expected.flatMap((rows, i) =>
    sameRows(plainRows(found[i] ?? []), plainRows(rows)) ? [] : [`q${i + 1}`],
  )
  return wrong.length === 0 ? `all ${expected.length} results` : `other results of ${wrong.join(', ')}`
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
      result: (out) => verdict(folder, join(out, 'results.json')),
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
