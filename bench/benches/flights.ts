import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Bench } from '../harness/bench.ts'
import { ROOT } from '../harness/cache.ts'
import { copyExample } from '../harness/example.ts'
import { duck, fingerprint } from '../harness/fingerprint.ts'

const MARTS = ['delay_by_airport', 'delay_by_distance', 'delay_by_hour', 'delay_by_route', 'worst_days']

/** The rows of all marts of a database file. */
async function marts(file: string): Promise<string> {
  await duck(`attach '${file}' as made (read_only)`)
  try {
    const found: string[] = []
    for (const mart of MARTS) found.push(await fingerprint(`made.main.${mart}`, [`${mart}::varchar`]))
    return found.join('; ')
  } finally {
    await duck('detach made')
  }
}

export default {
  name: 'flights',
  summary: 'examples/flights in one load, whole processes, against the same SQL typed into DuckDB',
  async prepare() {
    const vega = join(ROOT, 'node_modules/vega-datasets/data')
    const script = (name: string) => join(ROOT, 'bench/contestants', name)
    return {
      data: '3,003,376 flights: load by month, nine checks, a frame, seven models, five tests, six closing checks.',
      contestants: [
        {
          name: 'Millrace',
          role: 'ours',
          version: 'millrace run flights, to Delta',
          work: async (out) => {
            const project = await copyExample('flights', out)
            const args = [join(ROOT, 'bin/millrace.js'), 'run', 'flights']
            return { command: process.execPath, args, cwd: project }
          },
          result: (out) => marts(join(out, 'examples/flights/flights.duckdb')),
        },
        {
          name: 'DuckDB SQL',
          role: 'reference',
          version: '1.5.5, to plain Parquet',
          work: async (out) => {
            await mkdir(join(out, 'raw'))
            const values = [`out=${out}`, `flights=${vega}/flights-3m.parquet`, `airports=${vega}/airports.csv`]
            const args = [script('sql-script.ts'), join(out, 'flights.duckdb'), script('flights.sql'), ...values]
            return { command: process.execPath, args }
          },
          result: (out) => marts(join(out, 'flights.duckdb')),
        },
      ],
      targets: [{ against: 'DuckDB SQL', measure: 'wall', atLeast: 1 / 1.5 }],
      remarks: () => [
        'Both times hold the start of Node; ours also the metadata database, the Delta log and dbt’s artifacts.',
      ],
    }
  },
} satisfies Bench
