import { mkdir, rm } from 'node:fs/promises'
import { join as joinPath, relative, sep } from 'node:path'
import {
  type DataType,
  type Field,
  MillraceError,
  type Row,
  type Schema,
  sqlTypeName,
  unreachable,
  type Value,
} from '../../../base/kernel/index.ts'
import { id, join, literal, type Sql, sql, trusted, value } from '../../../base/sql/index.ts'
import type { Store } from '../../../base/store/index.ts'
import type {
  FieldIds,
  InspectedFiles,
  MemberRows,
  ParquetPort,
  ParquetWrite,
  StructText,
  WantedMember,
  WrittenFile,
} from '../../table/index.ts'
import type { EngineConnection } from '../contract.ts'
import { memberBatches } from './member-reader.ts'
import { inspectParquet } from './parquet-inspect.ts'
import { parquetTable, typeName } from './parquet-read.ts'
import { fileStats } from './parquet-stats.ts'
import { RemoteFiles } from './remote-files.ts'
import { renamedMembers } from './renamed-members.ts'

/** A row of `COPY … (RETURN_STATS)`. */
interface CopyRow {
  readonly filename: string
  readonly count: bigint
  readonly file_size_bytes: bigint
  readonly column_statistics: Map<string, Map<string, string>> | null
  readonly partition_keys: Map<string, string | null> | null
}

/** What connects to an engine that understands DuckDB's SQL: the embedded one, or its owner in another process. */
interface Connecting {
  connect(): Promise<EngineConnection>
}

/** Parquet files by DuckDB's own reader and writer, through SQL alone, so that it works over a remote engine too. */
export class DuckDbFiles implements ParquetPort<EngineConnection> {
  private readonly engine: Connecting
  private readonly remote: RemoteFiles

  constructor(engine: Connecting) {
    this.engine = engine
    this.remote = new RemoteFiles(() => engine.connect())
  }

  async write(query: Sql, options: ParquetWrite<EngineConnection>): Promise<WrittenFile[]> {
    const { dir, prefix, schema, on, signal, fileBytes, inAnyOrder = false, compression = 'zstd' } = options
    const stored = options.stored?.schema ?? schema
    const partitionBy = options.partitionBy.map(
      (name) => stored.fields[schema.fields.findIndex((field) => field.name === name)]?.name ?? name,
    )
    if (!/^[\w.-]+$/.test(prefix))
      throw new MillraceError('OPTION_INVALID', `"${prefix}" is not the start of a file name`)
    await mkdir(dir, { recursive: true })
    const columns = schema.fields.map(({ name, type }, at) => {
      const to = stored.fields[at] ?? { name, type }
      const cast = sql`cast(${id(name)} as ${typeName(type)})`
      return sql`${renamedMembers(cast, type, to.type) ?? cast} as ${id(to.name)}`
    })
    const source = sql`select ${join(columns)} from (${query})`
    const shape =
      partitionBy.length === 0
        ? fileBytes === undefined
          ? sql``
          : sql`, file_size_bytes ${literal(fileBytes)}, overwrite_or_ignore true, filename_pattern ${literal(`${prefix}_{i}`)}`
        : // DuckDB gives null and the text __HIVE_DEFAULT_PARTITION__ the same folder: only a UUID keeps their files apart.
          sql`, partition_by (${join(partitionBy.map((name) => id(name)))}), write_partition_columns false, overwrite_or_ignore true, filename_pattern ${literal(`${prefix}_{uuid}`)}`
    const isFolder = partitionBy.length > 0 || fileBytes !== undefined
    const target = isFolder ? dir : joinPath(dir, `${prefix}.parquet`)
    const copy = sql`copy (${source}) to ${literal(target)} (format parquet, ${compressed(compression)}, return_stats true${DICTIONARY}${inAnyOrder ? sql`, preserve_order false` : sql``}${shape}${fieldIds(options.stored?.ids, partitionBy)})`
    const written = await on.rows<CopyRow>(copy, signal === undefined ? {} : { signal })
    const files = written.map((row) => writtenFile(row, dir, stored))
    await Promise.all(
      files.filter(({ rows }) => rows === 0).map(({ path }) => rm(joinPath(dir, path), { force: true })),
    )
    return files.filter(({ rows }) => rows > 0)
  }

  read(...args: Parameters<typeof parquetTable>): Sql {
    return parquetTable(...args)
  }

  reaches(store: Store): Promise<boolean> {
    return this.remote.reaches(store)
  }

  async structs(url: string, schema: Schema): Promise<readonly StructText[]> {
    await using connection = await this.engine.connect()
    const given = (of: (name: Sql, field: Field) => Sql, between = ' ') =>
      join(
        schema.fields.map((field) => of(id(field.name), field)),
        between,
      )
    const name = sql`case ${given((column, field) => sql`when ${column} is not null then ${literal(field.name)}`)} end`
    const json = sql`case ${given((column) => sql`when ${column} is not null then to_json(${column})`)} end`
    const found = await connection.rows<{ column: string | null; json: string | null }>(
      sql`select ${name} as "column", cast(${json} as varchar) as json from ${parquetTable([{ url }], schema, [])} as structs
          where ${given((column) => sql`${column} is not null`, ' or ')}`,
    )
    return found.flatMap(({ column, json: text }) => (column !== null && text !== null ? [{ column, json: text }] : []))
  }

  async *members(
    url: string,
    schema: Schema,
    column: string,
    members: readonly WantedMember[],
  ): AsyncIterable<MemberRows> {
    const member = (name: string) => sql`struct_extract(${id(column)}, ${literal(name)})`
    const wanted = members.map((one) => {
      switch (one.as) {
        case 'text':
          return member(one.name)
        case 'number':
          return sql`cast(${member(one.name)} as double)`
        case 'json':
          return sql`cast(to_json(${member(one.name)}) as varchar)`
        case 'object': {
          const isThere = join(
            one.names.map((name) => sql`${member(name)} is not null`),
            ' or ',
          )
          const object = sql`struct_pack(${join(one.names.map((name) => sql`${id(name)} := ${member(name)}`))})`
          return sql`case when ${isThere} then cast(to_json(${object}) as varchar) end`
        }
        default:
          return unreachable(one)
      }
    })
    const only: Schema = { fields: schema.fields.filter(({ name }) => name === column) }
    await using connection = await this.engine.connect()
    // Texts that wait to be fetched hold the pages of the file that they lie in.
    await connection.execute(sql`set session streaming_buffer_size = '64KB'`)
    const found = await connection.query(
      sql`select ${join(wanted)} from ${parquetTable([{ url }], only, [])} as structs where ${id(column)} is not null`,
    )
    yield* memberBatches(found, members)
  }

  async inspect(urls: readonly string[]): Promise<InspectedFiles> {
    await using connection = await this.engine.connect()
    return await inspectParquet(connection, urls)
  }

  async writeRows(url: string, schema: Schema, rows: readonly Row[]): Promise<number> {
    await using connection = await this.engine.connect()
    const text = JSON.stringify(rows.map((row) => jsonOf(row, { kind: 'struct', fields: schema.fields })))
    const table = sql`cast(${value(text)}::json as ${trusted(`${sqlTypeName({ kind: 'struct', fields: schema.fields }, 'duckdb')}[]`)})`
    const source = sql`select unnest(${table}, max_depth := 2)`
    const [file] = await connection.rows<CopyRow>(
      sql`copy (${source}) to ${literal(url)} (format parquet, compression zstd, return_stats true)`,
    )
    return Number(file?.file_size_bytes ?? 0)
  }
}

/** The option of COPY that numbers columns; those of partitions are in no file. */
function fieldIds(ids: FieldIds | undefined, partitionBy: readonly string[]): Sql {
  if (!ids) return sql``
  const kept = Object.fromEntries(Object.entries(ids).filter(([name]) => !partitionBy.includes(name)))
  return Object.keys(kept).length === 0 ? sql`` : sql`, field_ids ${idTree(kept)}`
}

function idTree(ids: FieldIds): Sql {
  return sql`{${idMembers(ids)}}`
}

function idMembers(ids: FieldIds): Sql {
  return join(
    Object.entries(ids).map(([name, { id: own, within }]) => {
      if (!within || Object.keys(within).length === 0) return sql`${id(name)}: ${literal(own ?? 0)}`
      const mark = own === undefined ? [] : [sql`__duckdb_field_id: ${literal(own)}`]
      return sql`${id(name)}: {${join([...mark, idMembers(within)])}}`
    }),
  )
}

/**
 * Level 1 of zstd: measured over the levels that DuckDB has, files are two percent larger than at its default of 3 and
 * take a third less time to write.
 */
function compressed(compression: string): Sql {
  return sql`compression ${trusted(compression)}${compression === 'zstd' ? sql`, compression_level 1` : sql``}`
}

/**
 * How many different values of a row group go into a dictionary. DuckDB's own limit is a fifth of the rows; a column that
 * reaches it has had that many hashed for nothing. Measured on TPC-H and flights, files are no larger (up to a tenth
 * smaller) and take a tenth to a fifth less time to write.
 */
const DICTIONARY = sql`, dictionary_size_limit 8192`

function writtenFile(row: CopyRow, dir: string, schema: Schema): WrittenFile {
  const path = relative(dir, row.filename).split(sep).join('/')
  return {
    path,
    size: Number(row.file_size_bytes),
    rows: Number(row.count),
    partition: Object.fromEntries(row.partition_keys ?? []),
    stats: fileStats(row.column_statistics ?? new Map(), schema),
  }
}

/** A value as the JSON that DuckDB casts to `type`: every member is there, numbers keep all digits. */
function jsonOf(of: Value | undefined, type: DataType): unknown {
  if (of === null || of === undefined) return null
  switch (type.kind) {
    case 'struct':
      return Object.fromEntries(type.fields.map((field) => [field.name, jsonOf((of as Row)[field.name], field.type)]))
    case 'array':
      return (of as Value[]).map((item) => jsonOf(item, type.element))
    case 'map': {
      const entries = of instanceof Map ? [...of] : Object.entries(of as Row)
      return Object.fromEntries(entries.map(([key, item]) => [String(key), jsonOf(item, type.value)]))
    }
    case 'binary':
      throw new MillraceError('TYPE_UNSUPPORTED', 'writing binary values row by row as Parquet', {
        hint: 'Write them from a query.',
      })
    default:
      // As text an integer keeps its digits, and NaN and the infinities exist.
      return typeof of === 'boolean' ? of : String(of)
  }
}
