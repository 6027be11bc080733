import { execFile } from 'node:child_process'
import { cp } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Contestant } from './bench.ts'
import { peerPython, ROOT } from './cache.ts'
import { duck, fingerprint } from './fingerprint.ts'

const script = (name: string) => join(ROOT, 'bench/contestants', name)

/** The rows of the benches of Delta tables: 4 columns, of which the last has 20 values. */
export const ROWS = (from: number, to: number): string =>
  `select i as id, 'name ' || i as name, i / 7.0 as amount, (hash(i) % 20)::integer as part from range(${from}, ${to}) as r(i)`
const COLUMNS = ['id::bigint', 'name::varchar', 'amount::double', 'part::integer']

/** Makes a Delta table of a query by deltalake, file by file of `rows` rows, so that neither side finds its own work. */
export async function baseTable(
  folder: string,
  { rows, files, partitionBy = [] }: { rows: number; files: number; partitionBy?: readonly string[] },
): Promise<void> {
  const python = await peerPython('deltalake')
  await duck(`copy (${ROWS(0, rows)}) to '${folder}/all.parquet' (format parquet)`)
  const code = `
import sys, pyarrow.parquet as parquet
from deltalake import write_deltalake
rows = parquet.read_table(sys.argv[1])
files, by = int(sys.argv[3]), [name for name in sys.argv[4:] if name]
size = -(-rows.num_rows // files)
for at in range(files):
    write_deltalake(sys.argv[2], rows.slice(at * size, size), mode='append', partition_by=by or None)`
  const words = [join(folder, 'all.parquet'), join(folder, 'table'), String(files), ...partitionBy]
  await promisify(execFile)(python, ['-c', code, ...words])
}

/**
 * Both sides of one act on a table, which each does on a copy of its own; the copying is not counted. What they left is
 * read by deltalake.
 * @param base the folder of the table that lies ready; none for one that is created
 */
export async function deltaContestants(act: string, input: string, base?: string): Promise<readonly Contestant[]> {
  const python = await peerPython('deltalake')
  const result = async (out: string) => {
    await promisify(execFile)(python, [script('delta-table.py'), 'read', join(out, 'table'), join(out, 'read.parquet')])
    return fingerprint(`read_parquet('${out}/read.parquet')`, COLUMNS)
  }
  const prepared = async (out: string) => {
    if (base !== undefined) await cp(base, join(out, 'table'), { recursive: true })
    return [act, input, join(out, 'table')]
  }
  return [
    {
      name: 'Millrace',
      role: 'ours',
      version: 'millrace/delta on DuckDB 1.5.5',
      work: async (out) => ({
        command: process.execPath,
        args: [script('delta-table.mjs'), ...(await prepared(out))],
      }),
      result,
    },
    {
      name: 'deltalake',
      role: 'peer',
      version: '1.6.6',
      work: async (out) => ({ command: python, args: [script('delta-table.py'), ...(await prepared(out))] }),
      result,
    },
  ]
}

/** DuckDB's plain copy of the same rows. */
export function parquetCopy(input: string): Contestant {
  return {
    name: 'DuckDB COPY',
    role: 'reference',
    version: '1.5.5',
    work: (out) => ({ command: process.execPath, args: [script('parquet-copy.ts'), input, join(out, 'table')] }),
    result: (out) => fingerprint(`read_parquet('${out}/table/*.parquet')`, COLUMNS),
  }
}
