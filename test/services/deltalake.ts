import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Row, Value } from '../../src/base/kernel/index.ts'

/** The Python that has it. */
export const python = join(
  process.env.MILLRACE_CACHE ?? join(homedir(), '.cache/millrace'),
  'peers/deltalake/bin/python',
)

/** Whether deltalake (PyPI) is installed; tests that need it are skipped without. */
export const hasDeltalake = existsSync(python)

/** Belongs into the name of such tests, so that a skipped one says how it is enabled. */
export const DELTALAKE_HINT = 'enable: scripts/peers/install-python.sh deltalake'

/** A table as deltalake sees it; rows in the form of `comparable`. */
export interface DeltalakeTable {
  readonly version: number
  readonly columns: readonly string[]
  readonly partitionBy: readonly string[]
  readonly rows: readonly string[]
}

const READ = `
import sys, os, json, datetime, decimal, deltalake, pyarrow
def plain(v):
    if isinstance(v, bool) or v is None: return v
    if isinstance(v, int): return v if abs(v) < 2**53 else str(v)
    if isinstance(v, decimal.Decimal): return format(v, 'f')
    if isinstance(v, (datetime.datetime, datetime.date)): return v.isoformat()
    if isinstance(v, bytes): return v.hex()
    if isinstance(v, dict): return {k: plain(x) for k, x in v.items()}
    if isinstance(v, (list, tuple)): return [plain(x) for x in v]
    return v
out = []
for folder in sys.argv[1:]:
    t = deltalake.DeltaTable(folder)
    # Not to_pyarrow_table: it writes a negative decimal of a partition wrongly (-1.-25).
    a = pyarrow.table(deltalake.QueryBuilder().register('t', t).execute('select * from t').read_all())
    out.append({'version': t.version(), 'columns': a.column_names, 'partitionBy': t.metadata().partition_columns,
                'rows': [plain(r) for r in a.to_pylist()]})
json.dump(out, sys.stdout)
sys.stdout.flush()
# Its threads now and then abort an orderly exit.
os._exit(0)
`

/** Reads tables with deltalake: what another implementation of the protocol makes of what we wrote. */
export async function readAllWithDeltalake(folders: readonly string[]): Promise<DeltalakeTable[]> {
  const { stdout } = await promisify(execFile)(python, ['-c', READ, ...folders], { maxBuffer: 1 << 28 })
  const tables = JSON.parse(stdout) as (Omit<DeltalakeTable, 'rows'> & { rows: Row[] })[]
  return tables.map((table) => ({ ...table, rows: comparable(table.rows) }))
}

/** Reads one table with deltalake. */
export async function readWithDeltalake(folder: string): Promise<DeltalakeTable> {
  const [table] = await readAllWithDeltalake([folder])
  if (!table) throw new Error(`deltalake read nothing at ${folder}`)
  return table
}

/** Rows as sorted text that is equal for equal rows, whichever reader they came from. */
export function comparable(rows: readonly Row[]): string[] {
  return rows.map((row) => JSON.stringify(plain(row))).sort()
}

function plain(value: Value): unknown {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value)
  if (typeof value === 'string') return instant(value)
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex')
  if (value instanceof Map) return [...value].map(([key, item]) => [plain(key), plain(item)])
  if (Array.isArray(value)) return value.map(plain)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, item]) => [name, plain(item)]),
  )
}

function instant(text: string): string {
  const parts = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:\.(\d+))?(Z|\+00:00)?$/.exec(text)
  if (!parts) return text
  const [, date, time, fraction = '', zone] = parts
  return `${date}T${time}.${fraction.padEnd(6, '0')}${zone ? 'Z' : ''}`
}
