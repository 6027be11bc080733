import { type Field, MillraceError, type Schema } from '../../../base/kernel/index.ts'
import { id, join, literal, type Sql, sql } from '../../../base/sql/index.ts'
import type { InspectedFiles } from '../../table/index.ts'
import type { EngineConnection } from '../contract.ts'
import { exactPath, typeName } from './parquet-read.ts'
import { fileStats } from './parquet-stats.ts'

/** What the footer of a file says of one of its columns; bounds as text, absent where a piece of the file lacks one. */
interface ColumnRow {
  readonly file: string
  readonly min: string | null
  readonly max: string | null
  readonly nulls: bigint | null
}

const FOOTERS = id('millrace_footers')

/** See `ParquetPort.inspect`. */
export async function inspectParquet(connection: EngineConnection, urls: readonly string[]): Promise<InspectedFiles> {
  const list = sql`[${join(urls.map((url) => literal(exactPath(url))))}]`
  const schema = await schemaOf(connection, list)
  const counts = await connection.rows<{ file_name: string; num_rows: bigint }>(
    sql`select file_name, num_rows from parquet_file_metadata(${list})`,
  )
  const rows = new Map(counts.map((one) => [one.file_name, Number(one.num_rows)]))
  await connection.execute(sql`
    create or replace temporary table ${FOOTERS} as
    select file_name, path_in_schema, stats_min_value, stats_max_value, stats_null_count from parquet_metadata(${list})`)
  try {
    const stats = new Map(urls.map((url): [string, Map<string, Map<string, string>>] => [url, new Map()]))
    for (const field of schema.fields) {
      const key = `"${field.name.replaceAll('"', '""')}"`
      for (const { file, ...known } of await columnStats(connection, field)) stats.get(file)?.set(key, texts(known))
    }
    return {
      schema,
      files: urls.map((url) => ({ rows: rows.get(url) ?? 0, stats: fileStats(stats.get(url) ?? new Map(), schema) })),
    }
  } finally {
    await connection.execute(sql`drop table ${FOOTERS}`)
  }
}

function columnStats(connection: EngineConnection, { name, type }: Field): Promise<ColumnRow[]> {
  const typed = typeName(type)
  // Whether a piece holds NaN, which its bounds leave out, no footer says.
  const bounded = type.kind === 'double' || type.kind === 'float' ? sql`and false` : sql``
  return connection.rows<ColumnRow>(sql`
    select file_name as file,
      case when count(*) = count(stats_min_value) ${bounded}
        then cast(min(try_cast(stats_min_value as ${typed})) as varchar) end as ${id('min')},
      case when count(*) = count(stats_max_value) ${bounded}
        then cast(max(try_cast(stats_max_value as ${typed})) as varchar) end as ${id('max')},
      case when count(*) = count(stats_null_count) then sum(stats_null_count)::bigint end as nulls
    from ${FOOTERS} where path_in_schema = ${literal(name)} group by file_name`)
}

function texts({ min, max, nulls }: Omit<ColumnRow, 'file'>): Map<string, string> {
  const found = new Map<string, string>()
  if (min !== null) found.set('min', min)
  if (max !== null) found.set('max', max)
  if (nulls !== null) found.set('null_count', String(nulls))
  return found
}

async function schemaOf(connection: EngineConnection, list: Sql): Promise<Schema> {
  try {
    return await connection.describe(
      sql`select * from read_parquet(${list}, union_by_name = true, hive_partitioning = false)`,
    )
  } catch (cause) {
    if (!(cause instanceof MillraceError && cause.code === 'ENGINE_SQL')) throw cause
    throw new MillraceError('DELTA_SCHEMA_MISMATCH', 'reading Parquet files as one table', {
      cause,
      hint: 'Their columns do not fit together, or a file is no Parquet file: see what the engine says of it.',
    })
  }
}
