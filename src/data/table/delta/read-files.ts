import { MillraceError } from '../../../base/kernel/index.ts'
import type { Sql } from '../../../base/sql/index.ts'
import type { ParquetFile, ParquetPort, ParquetRead } from '../parquet-port.ts'
import { readableFiles } from '../readable-files.ts'
import { absolutePath } from './file-path.ts'
import type { DeltaLog } from './log/delta-log.ts'
import { mappingMode, physicalName, shownSchema, storedColumns } from './schema/column-mapping.ts'
import type { DataFile, Snapshot } from './snapshot.ts'

/** Files of a snapshot where they lie, with the values of its partition columns by their names. */
export function locateFiles(
  log: DeltaLog,
  snapshot: Snapshot,
  files: Iterable<Pick<DataFile, 'path' | 'partitionValues'>>,
): ParquetFile[] {
  const prefix = log.path === '' ? '' : `${log.path}/`
  const above = `${log.store.locate(log.path)}/`
  // Most paths need no second look; of a hundred thousand that is a good part of the work.
  const locate = (relative: string) =>
    PLAIN.test(relative) && process.platform !== 'win32' ? above + relative : log.store.locate(`${prefix}${relative}`)
  const valuesOf = partitionValues(snapshot)
  // Files of a partition often share the object that tells its values.
  const known = new Map<object, Readonly<Record<string, string | null>>>()
  const located: ParquetFile[] = []
  for (const file of files) {
    let partition = known.get(file.partitionValues)
    if (!partition) {
      partition = valuesOf(file)
      known.set(file.partitionValues, partition)
    }
    located.push({ url: absolutePath(file.path, locate), partition })
  }
  return located
}

/** A path of segments that begin with a letter, a digit or an underscore. */
const PLAIN = /^(?:\w[^/\0]*\/)*\w[^/\0]*$/

/**
 * The values of the partition columns by their names. An empty text is null (Delta protocol, "Partition Value
 * Serialization"), but of a column of texts: deltalake writes and reads it as what it is, and Spark writes none.
 */
export function partitionValues(
  snapshot: Snapshot,
): (file: Pick<DataFile, 'partitionValues'>) => Readonly<Record<string, string | null>> {
  const { schema, partitionBy, protocol, metadata } = snapshot
  const mode = mappingMode(protocol, metadata)
  const columns = partitionBy.map((name) => {
    const field = schema.fields.find((one) => one.name === name)
    const isText = field?.type.kind === 'string' || field?.type.kind === 'binary'
    return { name, physical: field ? physicalName(field, mode) : name, isText }
  })
  return ({ partitionValues: values }) => {
    const found: Record<string, string | null> = {}
    for (const { name, physical, isText } of columns) {
      const value = values[physical] ?? null
      found[name] = value === '' && !isText ? null : value
    }
    return found
  }
}

/** The same files at addresses that the engine of the port reads: fetched first where it does not reach the store by itself. */
export async function reachedFiles(
  { store, parquet }: DeltaLog,
  files: readonly ParquetFile[],
  options: { readonly signal?: AbortSignal } = {},
): Promise<readonly ParquetFile[]> {
  const paths = new Map<string, string>()
  for (const { url } of files) if (url.startsWith(`${store.url}/`)) paths.set(url, url.slice(store.url.length + 1))
  if (store.remote === undefined || paths.size === 0) return files
  // A data file has a name of its own and is never rewritten: no content of it needs to be told from another.
  const wanted = [...paths.values()].map((path) => ({ path }))
  const urls = await readableFiles(store, wanted, parquet, options)
  const found = new Map([...paths.keys()].map((url, at) => [url, urls[at]]))
  return files.map((file) => ({ ...file, url: found.get(file.url) ?? file.url }))
}

/** What reads the rows. @throws MillraceError OPTION_MISSING */
export function portOf({ parquet }: DeltaLog): ParquetPort<never> {
  if (parquet) return parquet
  throw new MillraceError('OPTION_MISSING', 'reading the rows of a Delta table without an engine', {
    hint: "Give the engine's Parquet port: DeltaTable.open(store, path, { parquet: engine.files }).",
  })
}

/** A table expression over files, with the columns of `shownSchema`. @throws MillraceError OPTION_MISSING */
export function readFiles(
  log: DeltaLog,
  snapshot: Pick<Snapshot, 'schema' | 'partitionBy' | 'protocol' | 'metadata'>,
  files: readonly ParquetFile[],
  options?: ParquetRead,
): Sql {
  const { schema, partitionBy, protocol, metadata } = snapshot
  return portOf(log).read(
    files,
    shownSchema(schema),
    partitionBy,
    storedColumns(schema, mappingMode(protocol, metadata)),
    options,
  )
}
