import { type DataType, type Field, formatType, MillraceError, type Schema } from '../../../base/kernel/index.ts'
import { type Sql, sql } from '../../../base/sql/index.ts'
import type { EngineConnection } from '../../engine/index.ts'
import { fileList } from './scan.ts'
import { damagedParquet } from './source-error.ts'
import type { SourceFile } from './source-files.ts'

/** The columns of some files that have the same, and the address of the first of them. */
export interface ParquetForm {
  readonly url: string
  readonly schema: Schema
  /** Whether the engine reads them with these very types by itself. */
  readonly isPlain: boolean
}

/** The different schemas of files, in the order of the files; types are Spark's. */
export async function parquetForms(
  files: readonly SourceFile[],
  connection: EngineConnection,
): Promise<readonly ParquetForm[]> {
  const found = await connection
    .rows<Form>(formsOf(files))
    .catch((thrown: unknown) => findDamaged(thrown, files, connection))
  const forms: ParquetForm[] = []
  for (const { url, ancient } of found) {
    const { fields } = await connection.describe(
      sql`select * from read_parquet(${fileList([{ url, values: [] }])}, hive_partitioning = false)`,
    )
    const old = new Set(ancient ?? [])
    // What Spark keeps as INT96 is a moment, which DuckDB does not know of it.
    const typed = fields.map((field): Field => {
      const isMoment = old.has(field.name) && field.type.kind === 'timestamp_ntz'
      return { ...field, type: isMoment ? { kind: 'timestamp' } : sparkType(field.type) }
    })
    const isPlain = typed.every(({ type }, i) => sameType(type, fields[i]?.type))
    forms.push({ url, schema: { fields: typed }, isPlain })
  }
  return forms
}

export function sameType(a: DataType, b: DataType | undefined): boolean {
  return b !== undefined && formatType(a) === formatType(b)
}

interface Form {
  readonly url: string
  /** Columns of times that are kept as Spark keeps them by default. */
  readonly ancient: string[] | null
}

function formsOf(files: readonly SourceFile[]): Sql {
  const column = sql`concat_ws('|', name, type, num_children, converted_type, logical_type, precision, scale)`
  return sql`select min(file_name) as url, any_value(ancient) as ancient from (
    select file_name, list(${column}) as form, list(name) filter (where type = 'INT96') as ancient
    from parquet_schema(${fileList(files)}) group by file_name
  ) as files group by form order by url`
}

/** The engine does not always say which file it cannot read. */
async function findDamaged(
  thrown: unknown,
  files: readonly SourceFile[],
  connection: EngineConnection,
): Promise<never> {
  for (const file of files) {
    await connection.rows(formsOf([file])).catch((cause: unknown) => {
      throw cause instanceof MillraceError && cause.code === 'ENGINE_SQL' ? damagedParquet(cause, file.url) : cause
    })
  }
  throw thrown
}

/** Whole numbers without sign, which Spark has not, as wider ones. */
function sparkType(type: DataType): DataType {
  switch (type.kind) {
    case 'ubyte':
      return { kind: 'short' }
    case 'ushort':
      return { kind: 'integer' }
    case 'uinteger':
      return { kind: 'long' }
    case 'ulong':
      return { kind: 'decimal', precision: 20, scale: 0 }
    case 'array':
      return { ...type, element: sparkType(type.element) }
    case 'map':
      return { ...type, key: sparkType(type.key), value: sparkType(type.value) }
    case 'struct':
      return { ...type, fields: type.fields.map((field) => ({ ...field, type: sparkType(field.type) })) }
    default:
      return type
  }
}

const WHOLE = ['byte', 'short', 'integer', 'long']
const DIGITS: Readonly<Record<string, number>> = { byte: 10, short: 10, integer: 10, long: 20 }

/** Whether values of a file are read as another type without loss, as Spark's Parquet reader widens them. */
export function readableAs(from: DataType, to: DataType): boolean {
  const [a, b] = [from.kind, to.kind]
  if (from.kind === 'array' && to.kind === 'array') return readableAs(from.element, to.element)
  if (from.kind === 'map' && to.kind === 'map') return readableAs(from.key, to.key) && readableAs(from.value, to.value)
  if (from.kind === 'struct' && to.kind === 'struct') {
    const types = new Map(from.fields.map((field) => [field.name.toLowerCase(), field.type]))
    return to.fields.every(({ name, type }) => {
      const there = types.get(name.toLowerCase())
      return there === undefined || readableAs(there, type)
    })
  }
  if (to.kind === 'decimal') {
    const { precision, scale } = to
    if (from.kind === 'decimal') return scale >= from.scale && precision - scale >= from.precision - from.scale
    return precision - scale >= (DIGITS[a] ?? Number.POSITIVE_INFINITY)
  }
  if (a === b) return true
  if (WHOLE.includes(a) && WHOLE.includes(b)) return a !== 'long'
  if (b === 'double') return a === 'float' || (WHOLE.includes(a) && a !== 'long')
  if (b === 'timestamp_ntz') return a === 'date' || a === 'timestamp'
  if (b === 'timestamp') return a === 'timestamp_ntz'
  return (a === 'binary' && b === 'string') || (a === 'string' && b === 'binary')
}

/**
 * The columns of all files, those of the first one first. @throws MillraceError SOURCE_MALFORMED where two have one of
 * the same name and another type
 */
export function mergedSchemas(forms: readonly ParquetForm[]): Schema {
  return { fields: forms.reduce<readonly Field[]>((sum, { url, schema }) => mergedFields(sum, schema.fields, url), []) }
}

function mergedFields(a: readonly Field[], b: readonly Field[], url: string): readonly Field[] {
  const there = new Map(b.map((field) => [field.name.toLowerCase(), field]))
  const both = a.map((field) => {
    const other = there.get(field.name.toLowerCase())
    there.delete(field.name.toLowerCase())
    return other ? { ...field, type: mergedType(field.type, other.type, field.name, url) } : field
  })
  return [...both, ...b.filter((field) => there.has(field.name.toLowerCase()))]
}

function mergedType(a: DataType, b: DataType, name: string, url: string): DataType {
  if (a.kind === 'struct' && b.kind === 'struct') return { ...a, fields: mergedFields(a.fields, b.fields, url) }
  if (a.kind === 'array' && b.kind === 'array') return { ...a, element: mergedType(a.element, b.element, name, url) }
  if (a.kind === 'map' && b.kind === 'map') {
    return { ...a, key: mergedType(a.key, b.key, name, url), value: mergedType(a.value, b.value, name, url) }
  }
  if (formatType(a) === formatType(b)) return a
  throw new MillraceError(
    'SOURCE_MALFORMED',
    `reading Parquet with mergeSchema: the column "${name}" is ${formatType(b)} in ${url}, and ${formatType(a)} in a file before it`,
    {
      at: { file: url, path: name },
      hint: 'Read the files apart, cast the column, and put them together with unionByName.',
    },
  )
}
