import { execFile } from 'node:child_process'
import { symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Bench } from '../harness/bench.ts'
import { cached, ROOT } from '../harness/cache.ts'
import { copyExample } from '../harness/example.ts'
import { fingerprint } from '../harness/fingerprint.ts'

const FIRST = '2001-01-01'

/** The last of so many days. */
const dayAfter = (days: number) => new Date(Date.parse(FIRST) + (days - 1) * 86_400_000).toISOString().slice(0, 10)

/** The flights by hour of all days; a mean is compared to the ninth digit. */
const hours = (folder: string) =>
  fingerprint(`read_parquet('${folder}/date=*/*.parquet', hive_partitioning = true, hive_types = {'date': date})`, [
    'date::date',
    'hour::integer',
    'flights::bigint',
    'round(mean_delay, 9)::double',
    'late::bigint',
  ])

export default {
  name: 'flights-backfill',
  summary: 'flights_daily over 60 days by `millrace backfill`, and its overhead per day over the same SQL by hand',
  async prepare(scale) {
    const days = Math.max(1, Math.round(60 * scale))
    const landing = await cached('flights-landing', async (folder) => {
      const generate = join(ROOT, 'examples/flights/data/generate.ts')
      await promisify(execFile)(process.execPath, [generate, '--out', folder])
    })
    return {
      data: `${days} days of flights, a file of some 16,000 rows each: three Delta tables, a suite and a check a day.`,
      contestants: [
        {
          name: 'Millrace',
          role: 'ours',
          version: 'millrace backfill flights_daily, one day at a time',
          work: async (out) => {
            const project = await copyExample('flights', out)
            await promisify(execFile)('mkdir', ['-p', join(project, 'lake')])
            await symlink(landing, join(project, 'lake/landing'))
            const range = ['--from', FIRST, '--to', dayAfter(days)]
            const args = [join(ROOT, 'bin/millrace.js'), 'backfill', 'flights_daily', ...range]
            return { command: process.execPath, args, cwd: project }
          },
          result: (out) => hours(join(out, 'examples/flights/lake/daily/hours')),
        },
        {
          name: 'DuckDB SQL',
          role: 'reference',
          version: '1.5.5, to plain Parquet',
          work: (out) => {
            const script = join(ROOT, 'bench/contestants/flights-daily.ts')
            return { command: process.execPath, args: [script, landing, out, FIRST, String(days)] }
          },
          result: (out) => hours(join(out, 'hours')),
        },
      ],
      targets: [],
      remarks: (results) => {
        const [ours, theirs] = [results.get('Millrace')?.median, results.get('DuckDB SQL')?.median]
        if (!ours || !theirs) return []
        const perDay = (seconds: number) => `${Math.round((seconds / days) * 1000)} ms`
        return [
          `A day takes ${perDay(ours.wall)}, by hand ${perDay(theirs.wall)}: the overhead of a run of five tasks that can be resumed, with its log, checks and three Delta commits, is ${perDay(ours.wall - theirs.wall)} a day.`,
        ]
      },
    }
  },
} satisfies Bench
