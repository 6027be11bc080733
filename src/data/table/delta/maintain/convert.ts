import { randomUUID } from 'node:crypto'
import { type Field, MillraceError, type Schema } from '../../../../base/kernel/index.ts'
import type { StoreEntry } from '../../../../base/store/index.ts'
import type { ParquetPort, WrittenFile } from '../../parquet-port.ts'
import { readableFiles } from '../../readable-files.ts'
import { addFile } from '../add-file.ts'
import { commit } from '../commit.ts'
import { type DeltaLog, listLog, tableAddress } from '../log/delta-log.ts'
import { deltaSchema } from '../schema/fit-schema.ts'
import type { Snapshot } from '../snapshot.ts'
import { folderValues } from './folder-values.ts'

/** How a folder of Parquet files becomes a table. */
export interface ConvertOptions {
  /** The folder inside the store; the store itself by default. */
  readonly path?: string
  /** Reads the files' footers: `engine.files`. */
  readonly parquet: ParquetPort<never>
  /**
   * The columns that stand in the names of folders (`day=2024-01-31`), in their order, with their types. Told from the
   * folders by default: whole numbers and dates where all values are, otherwise texts.
   */
  readonly partitionBy?: readonly Field[]
  /** Table properties, such as `{ 'delta.appendOnly': 'true' }`. */
  readonly properties?: Readonly<Record<string, string>>
}

/**
 * Makes a Delta table of the folder of a log: its Parquet files stay where they are and get a log with their statistics,
 * taken from their footers. Files whose names begin with `_` or `.` are left out.
 * @throws MillraceError TABLE_EXISTS, STORE_NOT_FOUND when there is no Parquet file, DELTA_SCHEMA_MISMATCH when files
 *   have columns of one name and types that do not fit together, OPTION_INVALID for folders that are no partitions
 */
export async function convertFolder(log: DeltaLog, options: ConvertOptions): Promise<Snapshot> {
  const { parquet, properties = {} } = options
  const { store } = log
  if ((await listLog(log)).length > 0) {
    throw new MillraceError('TABLE_EXISTS', `converting ${tableAddress(log)}`, {
      hint: 'It is a Delta table already.',
    })
  }
  const entries = await parquetFiles(log)
  const partitions = folderValues(
    entries.map(({ path }) => path),
    options.partitionBy,
    tableAddress(log),
  )
  const above = log.path === '' ? '' : `${log.path}/`
  const located = entries.map(({ path, tag }) => ({ path: above + path, ...(tag === undefined ? {} : { tag }) }))
  const { schema: inFiles, files } = await parquet.inspect(await readableFiles(store, located, parquet))
  const schema = withPartitions(inFiles, partitions.fields)
  const partitionBy = partitions.fields.map(({ name }) => name)
  const adds = files.map((file, at) => {
    const { path = '', size = 0, modified = 0 } = entries[at] ?? {}
    const written: WrittenFile = { ...file, path, size, partition: partitions.values[at] ?? {} }
    return addFile(written, { schema, partitionBy, mode: 'none' }, Math.floor(modified))
  })
  const { snapshot } = await commit(log, undefined, {
    kind: 'create',
    id: randomUUID(),
    schema,
    partitionBy,
    properties,
    files: adds,
    provenance: {
      name: 'CONVERT',
      parameters: {
        numFiles: adds.length,
        partitionedBy: JSON.stringify(partitionBy),
        collectStats: true,
        sourceFormat: 'parquet',
      },
      metrics: { numConvertedFiles: String(adds.length) },
    },
  })
  return snapshot
}

async function parquetFiles(log: DeltaLog): Promise<StoreEntry[]> {
  const above = log.path === '' ? '' : `${log.path}/`
  const found: StoreEntry[] = []
  for await (const entry of log.store.list(above)) {
    const path = entry.path.slice(above.length)
    // A folder of a partition may begin with an underscore.
    const isHidden = path.split('/').some((name) => /^[_.]/.test(name) && !name.includes('='))
    if (!isHidden && /\.(parquet|parq|pq)$/i.test(path)) found.push({ ...entry, path })
  }
  if (found.length > 0) return found
  throw new MillraceError('STORE_NOT_FOUND', `converting ${tableAddress(log)}: there is no Parquet file in it`, {
    hint: 'Name a folder with files that end in .parquet.',
  })
}

/** The columns of the files, then those of the folders, which win over columns of their names in the files. */
function withPartitions({ fields }: Schema, partitions: readonly Field[]): Schema {
  const names = new Set(partitions.map(({ name }) => name.toLowerCase()))
  return deltaSchema({
    fields: [...fields.filter(({ name }) => !names.has(name.toLowerCase())), ...partitions],
  })
}
