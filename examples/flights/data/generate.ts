/**
 * Lays three million flights out as an airline would send them: a Parquet file for each day.
 *
 *   node data/generate.ts [--from 2001-01-01] [--to 2001-06-30] [--out lake/landing] [--hold-back 2001-01-15]
 *   node data/generate.ts --late 2001-01-15
 *
 * `--hold-back` leaves out the flights of one day from noon on; `--late` brings them, as a second file of that day.
 * The rows are those of flights-3m.parquet of vega-datasets (from the US Bureau of Transportation Statistics).
 */
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { DuckDBInstance } from '@duckdb/node-api'

const { values } = parseArgs({
  options: {
    from: { type: 'string', default: '2001-01-01' },
    to: { type: 'string', default: '2001-06-30' },
    out: { type: 'string', default: join(import.meta.dirname, '..', 'lake', 'landing') },
    'hold-back': { type: 'string' },
    late: { type: 'string' },
  },
})
const out = resolve(values.out)
// The same file that sources/aviation.yml reads.
const all = join(import.meta.dirname, '../../../node_modules/vega-datasets/data/flights-3m.parquet')

/** A day of the calendar, written into SQL as it is. */
function day(text: string): string {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) throw new Error(`"${text}" is not a day such as 2001-01-31`)
  return `date '${text}'`
}

const text = (path: string): string => `'${path.replaceAll("'", "''")}'`
const instance = await DuckDBInstance.create(':memory:')
const connection = await instance.connect()
const columns = 'date as departed_at, delay, distance, origin, destination'

if (values.late !== undefined) {
  const folder = join(out, `day=${values.late}`)
  mkdirSync(folder, { recursive: true })
  // Written elsewhere and moved, so that no run reads half of it.
  const draft = join(folder, '.late.parquet')
  await connection.run(`
    copy (select ${columns} from ${text(all)} where date::date = ${day(values.late)} and hour(date) >= 12 order by all)
    to ${text(draft)} (format parquet)`)
  renameSync(draft, join(folder, 'late.parquet'))
  console.log(`The flights of ${values.late} from noon on have arrived.`)
} else {
  if (existsSync(out)) rmSync(out, { recursive: true })
  mkdirSync(out, { recursive: true })
  const held = values['hold-back']
  const rest = held === undefined ? '' : `and not (date::date = ${day(held)} and hour(date) >= 12)`
  await connection.run(`
    copy (select date::date as day, ${columns} from ${text(all)}
          where date::date between ${day(values.from)} and ${day(values.to)} ${rest} order by all)
    to ${text(out)} (format parquet, partition_by (day), filename_pattern 'flights_{i}', overwrite_or_ignore)`)
  console.log(`Flights from ${values.from} to ${values.to} lie in ${out}, a folder a day.`)
}
connection.closeSync()
instance.closeSync()
