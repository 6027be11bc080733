import { type DataType, type Field, MillraceError, type Schema, sqlTypeName } from '../../../base/kernel/index.ts'
import { empty, id, join, literal, type Sql, sql, trusted } from '../../../base/sql/index.ts'
import { type ParquetFile, type ParquetRead, ROW_PLACE, type StoredColumns } from '../../table/index.ts'
import { renamedMembers } from './renamed-members.ts'
import { rowsWanted } from './rows-wanted.ts'

/**
 * Up to so many different partitions each get a branch of a UNION ALL with its values as constants, so that a filter
 * on them drops whole branches before a file is opened; beyond, planning would cost more than it saves.
 */
const MOST_BRANCHES = 512

/** Files with rows to leave out that one scan reads: each costs a comparison for every row of the others. */
const MARKED_AT_ONCE = 32

/** A column that the files hold. */
interface Stored {
  /** What the scan calls it. */
  readonly alias: string
  /** What finds it in a file: its name or its field id. */
  readonly key: string | number
  readonly type: DataType
  readonly field: Field
}

interface Table {
  readonly schema: Schema
  readonly partitionBy: readonly string[]
  readonly stored: readonly Stored[]
  /** Whether all files hold the stored columns by their names and types. */
  readonly isAlike: boolean
  /** The number of each file, when rows are to say where they lie. */
  readonly places?: ReadonlyMap<ParquetFile, number>
  /** About how many rows a file holds. */
  readonly rowsOfFile?: number
}

/** See `ParquetPort.read`. */
export function parquetTable(
  files: readonly ParquetFile[],
  schema: Schema,
  partitionBy: readonly string[],
  stored?: StoredColumns | 'alike',
  { numbers, rows, mostBranches = MOST_BRANCHES }: ParquetRead & { readonly mostBranches?: number } = {},
): Sql {
  if (files.length === 0) {
    const columns = [...schema.fields.map(nullColumn), ...(numbers ? [placeColumns(sql`0`, sql`0`)] : [])]
    return sql`(select ${join(columns)} where false)`
  }
  const isAlike = stored === 'alike'
  const table: Table = {
    schema,
    partitionBy,
    stored: storedOf(schema, partitionBy, isAlike ? undefined : stored),
    isAlike: isAlike && !schema.fields.some(({ name }) => OF_THE_SCAN.has(name.toLowerCase())),
    ...(numbers ? { places: new Map(files.map((file, at) => [file, numbers[at] ?? at])) } : {}),
    ...(rows === undefined ? {} : { rowsOfFile: rows / files.length }),
  }
  const whole = files.filter((file) => !isMarked(file))
  const branches = [
    ...wholeFiles(whole, table, mostBranches),
    ...markedFiles(files.filter(isMarked), table, mostBranches),
  ]
  return sql`(${join(branches, ' union all ')})`
}

function isMarked({ without, only }: ParquetFile): boolean {
  return without !== undefined || only !== undefined
}

/** Columns that a scan has anyway; a stored one of the name would hide it. */
const OF_THE_SCAN = new Set(['filename', 'file_index', 'file_row_number'])

function storedOf({ fields }: Schema, partitionBy: readonly string[], stored?: StoredColumns): Stored[] {
  const isPlain = !stored && !fields.some(({ name }) => OF_THE_SCAN.has(name.toLowerCase()))
  return fields.flatMap((field, at) => {
    if (partitionBy.includes(field.name)) return []
    const { name, type } = stored?.schema.fields[at] ?? field
    return [{ alias: isPlain ? field.name : `c${at}`, key: stored?.ids?.[at] ?? name, type, field }]
  })
}

/** Files of which every row is read. */
function wholeFiles(files: readonly ParquetFile[], table: Table, mostBranches: number): Sql[] {
  if (files.length === 0) return []
  if (table.partitionBy.length === 0) return [branch(table, files, unpartitioned)]
  if (!table.places && isInPaths(files, table.partitionBy)) return [byFileName(files, table)]
  const groups = [...byPartition(files, table.partitionBy).values()]
  if (groups.length > mostBranches) return [branch(table, files, byFileIndex(files))]
  return groups.map((group) => branch(table, group, constant(group)))
}

/** Files of which some rows are left out. Never read by name: a filter on that would number the files anew. */
function markedFiles(files: readonly ParquetFile[], table: Table, mostBranches: number): Sql[] {
  const groups = [...byPartition(files, table.partitionBy).values()]
  const apart = groups.length <= mostBranches
  return (apart ? groups : [files]).flatMap((group) =>
    chunks(group, MARKED_AT_ONCE).map((some) =>
      branch(table, some, apart ? constant(some) : byFileIndex(some), rowsWanted(some)),
    ),
  )
}

function chunks<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, at) => items.slice(at * size, (at + 1) * size))
}

function byPartition(files: readonly ParquetFile[], by: readonly string[]): Map<string, ParquetFile[]> {
  return Map.groupBy(files, ({ partition }) => JSON.stringify(by.map((name) => partition?.[name] ?? null)))
}

/** The value of a partition column in the rows of a scan, as text. */
type PartitionText = (column: string) => Sql

const unpartitioned: PartitionText = (column) => {
  throw new MillraceError('INTERNAL', `"${column}" is no partition column`)
}

function constant([first]: readonly ParquetFile[]): PartitionText {
  return (column) => sql`${literal(first?.partition?.[column] ?? null)}`
}

/** Looked up by the number of the file in the list. */
function byFileIndex(files: readonly ParquetFile[]): PartitionText {
  return (column) => {
    const values = join(files.map(({ partition }) => literal(partition?.[column] ?? null)))
    return sql`[${values}][file_index::bigint + 1]`
  }
}

/** `select` over one scan: the columns of the schema, those of partitions by `text`. */
function branch(table: Table, files: readonly ParquetFile[], text: PartitionText, where: Sql = empty): Sql {
  const { schema, partitionBy, stored, places } = table
  const columns = schema.fields.map((field) => {
    if (partitionBy.includes(field.name))
      return sql`${partitionValue(text(field.name), field.type)} as ${id(field.name)}`
    const column = stored.find((one) => one.field === field)
    return column ? storedValue(column) : nullColumn(field)
  })
  const place = places ? [placeColumns(placeOf(files, places), sql`file_row_number`)] : []
  return sql`select ${join([...columns, ...place])} from ${scan(files, table)}${where}`
}

function placeColumns(file: Sql, row: Sql): Sql {
  return sql`cast(${file} as bigint) as ${id(ROW_PLACE.file)}, cast(${row} as bigint) as ${id(ROW_PLACE.row)}`
}

/** The number that was given to a scan's file, by its place in the scan. */
function placeOf(files: readonly ParquetFile[], places: ReadonlyMap<ParquetFile, number>): Sql {
  const all = files.map((file) => places.get(file) ?? 0)
  const [first = 0] = all
  if (all.every((place, at) => place === first + at)) return sql`(file_index::bigint + ${literal(first)})`
  return sql`[${join(all.map((place) => literal(place)))}][file_index::bigint + 1]`
}

function storedValue({ alias, type, field }: Stored): Sql {
  const renamed = renamedMembers(id(alias), type, field.type)
  if (renamed) return sql`${renamed} as ${id(field.name)}`
  return alias === field.name ? id(alias) : sql`${id(alias)} as ${id(field.name)}`
}

/** Text as a value; the bytes of a binary column are written as the text that they are in UTF-8. */
function partitionValue(text: Sql, type: DataType): Sql {
  return type.kind === 'binary' ? sql`encode(${text})` : sql`cast(${text} as ${typeName(type)})`
}

/** What stands for null in the name of a partition folder, as Hive began it. */
const NULL_FOLDER = '__HIVE_DEFAULT_PARTITION__'

const inPath = (name: string): string => `/${name}=([^/]*)/`

/** Whether each file lies in folders `name=value` with its values as they are, which nearly every writer sees to. */
function isInPaths(files: readonly ParquetFile[], partitionBy: readonly string[]): boolean {
  return partitionBy.every((name) => {
    if (!/^\w+$/.test(name)) return false
    const pattern = new RegExp(inPath(name))
    return files.every(({ url, partition }) => pattern.exec(url)?.[1] === (partition?.[name] ?? NULL_FOLDER))
  })
}

/**
 * Partition values read off the files' names: one scan however many partitions there are (a branch for each costs
 * 0.3 ms in every statement), and DuckDB works filters on them out before it opens a file (only when the option `filename` is spelt so).
 */
function byFileName(files: readonly ParquetFile[], table: Table): Sql {
  const text: PartitionText = (name) => {
    const folder = sql`regexp_extract(filename, ${literal(inPath(name))}, 1)`
    const nulls = files.some(({ partition }) => (partition?.[name] ?? null) === null)
    return nulls ? sql`nullif(${folder}, ${literal(NULL_FOLDER)})` : folder
  }
  const columns = table.schema.fields.map((field) => {
    if (table.partitionBy.includes(field.name))
      return sql`${partitionValue(text(field.name), field.type)} as ${id(field.name)}`
    const column = table.stored.find((one) => one.field === field)
    return column ? storedValue(column) : nullColumn(field)
  })
  return sql`select ${join(columns)} from ${scan(files, table, sql`, filename = true`)}`
}

/** What a scan is asked for when no column of the files is wanted. */
const NO_COLUMN: Stored = {
  alias: 'millrace_none',
  key: 'millrace_none',
  type: { kind: 'boolean' },
  field: { name: 'millrace_none', type: { kind: 'boolean' }, nullable: true },
}

/**
 * `read_parquet` with the schema given: types do not depend on which file is read first, a column that a file lacks
 * is null, and no footer is read to find out. Of files that are alike it is not, so that DuckDB looks into them for the
 * number of their rows and the bounds of their columns, by which it orders joins; with a schema given it takes each for
 * one of a single row where it is not told better.
 */
function scan(files: readonly ParquetFile[], { stored, isAlike, rowsOfFile }: Table, more: Sql = empty): Sql {
  const urls = join(files.map(({ url }) => literal(exactPath(url))))
  if (isAlike) return sql`read_parquet([${urls}], hive_partitioning = false${more})`
  const columns = (stored.length > 0 ? stored : [NO_COLUMN]).map(({ key, alias, type }) => {
    const member = sql`{name: ${literal(alias)}, type: ${literal(sqlTypeName(type, 'duckdb'))}, default_value: null}`
    return sql`${literal(key)}: ${member}`
  })
  const count =
    rowsOfFile === undefined ? empty : sql`, explicit_cardinality = ${literal(Math.ceil(rowsOfFile * files.length))}`
  return sql`read_parquet([${urls}], schema = map {${join(columns)}}, hive_partitioning = false${count}${more})`
}

function nullColumn({ name, type }: Field): Sql {
  return sql`cast(${trusted('null')} as ${typeName(type)}) as ${id(name)}`
}

/** A path with the characters of glob patterns taken literally. */
export function exactPath(url: string): string {
  return url.replace(/[[*?]/g, (character) => `[${character}]`)
}

/** The name of a type for a cast. */
export function typeName(type: DataType): Sql {
  return trusted(sqlTypeName(type, 'duckdb'))
}
