import { open } from 'node:fs/promises'
import type { RecordBatchReader } from 'apache-arrow'
import { type DataType, formatType, MillraceError, type Schema } from '../../../base/kernel/index.ts'
import { id, join, literal, type Sql, sql } from '../../../base/sql/index.ts'
import { arrowToParquet } from '../../engine/index.ts'
import { arrowPackage } from '../arrow-package.ts'
import { schemaOfArrow } from '../arrow-schema.ts'
import type { Relation } from '../compile/compile.ts'
import type { Leaf, ReadOptions } from '../plan.ts'
import { FILE_OPTIONS, type FileChoice, fileChoice, NOT_OFFERED } from './file-options.ts'
import { contentKey, madeOnce } from './made-files.ts'
import { readableAs } from './parquet-schema.ts'
import { OptionReader } from './read-options.ts'
import { fileList, inFiles, typeSql, withPartitions } from './scan.ts'
import type { SourceFile, SourceFiles } from './source-files.ts'

type Read = Extract<Leaf, { op: 'read' }>

/** @throws MillraceError OPTION_UNKNOWN, OPTION_INVALID */
export function arrowChoice(written: ReadOptions): FileChoice {
  return fileChoice(new OptionReader('arrow', written, FILE_OPTIONS, NOT_OFFERED))
}

/**
 * Arrow as a relation: it is written into Parquet once, beside which DuckDB needs nothing. Columns are those of the schema
 * that is given, else of the first file.
 * @throws MillraceError DEPENDENCY_MISSING, SOURCE_MALFORMED, TYPE_UNSUPPORTED
 */
export async function arrowRelation(from: SourceFiles, { schema: given, ipc }: Read): Promise<Relation> {
  const files = ipc === undefined ? from.files : [{ url: GIVEN, values: [] }]
  const held: Held[] = []
  for (const file of files) held.push(await parquetOf(file, ipc))
  const stored = inFiles(given ?? held[0]?.schema ?? { fields: [] }, from)
  const selects = files.map(({ url, values }, at) => {
    const columns = stored.map((field) => columnOf(field, held[at] as Held, url))
    const folders = from.partitions.map(
      ({ name, type }, i) => sql`cast(${literal(values[i] ?? null)} as ${typeSql(type)}) as ${id(name)}`,
    )
    const parquet = fileList([{ url: held[at]?.file ?? '', values: [] }])
    return sql`select ${join([...columns, ...folders])} from read_parquet(${parquet}, hive_partitioning = false)`
  })
  return { sql: sql`(${join(selects, ' union all ')})`, schema: withPartitions({ fields: stored }, from) }
}

/** What bytes are called that were given in the program. */
const GIVEN = 'the Arrow that was given'

function columnOf({ name, type }: Schema['fields'][number], { schema }: Held, url: string): Sql {
  const at = schema.fields.findIndex((field) => field.name.toLowerCase() === name.toLowerCase())
  const found = schema.fields[at]?.type
  if (found === undefined || type.kind === 'null') return sql`cast(null as ${typeSql(type)}) as ${id(name)}`
  if (found.kind !== 'null' && !readableAs(found, type) && !WIDER[found.kind]?.includes(type.kind)) {
    throw new MillraceError(
      'SOURCE_MALFORMED',
      `reading Arrow: the column "${name}" is ${formatType(found)} in ${url}, and ${formatType(type)} is wanted`,
      { hint: 'Read files whose types differ apart, cast the column, and put them together with unionByName.' },
    )
  }
  return sql`cast(${id(`c${at}`)} as ${typeSql(type)}) as ${id(name)}`
}

/** What numbers without a sign may be read as. */
const WIDER: Readonly<Record<string, readonly DataType['kind'][]>> = {
  ubyte: ['ushort', 'uinteger', 'ulong', 'short', 'integer', 'long', 'float', 'double'],
  ushort: ['uinteger', 'ulong', 'integer', 'long', 'float', 'double'],
  uinteger: ['ulong', 'long', 'double'],
}

/** Arrow that was written into Parquet. */
interface Held {
  readonly file: string
  readonly schema: Schema
}

function parquetOf({ url, state }: SourceFile, ipc: string | undefined): Promise<Held> {
  return madeOnce(ipc ?? contentKey(url, state), '.parquet', (file) => written(url, ipc, file))
}

async function written(url: string, ipc: string | undefined, file: string): Promise<Held> {
  const arrow = await arrowPackage('reads Arrow')
  const handle = ipc === undefined ? await open(url) : undefined
  try {
    const reader: RecordBatchReader = await arrow.RecordBatchReader.from(
      (handle ?? Buffer.from(ipc ?? '', 'base64')) as never,
    )
    await reader.open()
    if (!reader.schema) throw new Error('it has no schema')
    const schema = schemaOfArrow(reader.schema)
    if (schema.fields.some((field) => field.name === '')) throw new Error('it has a column without a name')
    if (schema.fields.length === 0) throw new Error('it has no columns')
    await arrowToParquet(reader as unknown as Parameters<typeof arrowToParquet>[0], schema, file, arrow)
    return { file, schema }
  } catch (thrown) {
    throw damaged(thrown, url)
  } finally {
    await handle?.close().catch(() => undefined)
  }
}

function damaged(thrown: unknown, url: string): MillraceError {
  if (thrown instanceof MillraceError && thrown.code !== 'SOURCE_MALFORMED') return thrown
  return new MillraceError('SOURCE_MALFORMED', `reading Arrow: ${url}: ${(thrown as Error).message.split('\n')[0]}`, {
    cause: thrown,
    ...(url === GIVEN ? {} : { at: { file: url } }),
    hint: 'It must be an IPC stream or file of Arrow, whole: what toArrow() and tableToIPC() give, and pyarrow and Polars write.',
  })
}
