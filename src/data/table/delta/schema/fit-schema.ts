import {
  type DataType,
  type Field,
  formatType,
  MillraceError,
  type Schema,
  storedType,
} from '../../../../base/kernel/index.ts'
import { mayBecome, widened } from '../alter/type-changes.ts'
import type { SchemaMode } from '../operation.ts'
import { computedColumn } from '../rules/column-rules.ts'

/** The Delta type that holds all values of a type; undefined when none does. */
function deltaType(type: DataType): DataType | undefined {
  // DuckDB's sums are hugeint. A value that does not fit fails the cast, it is not rounded.
  if (type.kind === 'hugeint') return { kind: 'decimal', precision: 38, scale: 0 }
  try {
    return storedType(type, 'delta')
  } catch {
    return undefined
  }
}

/**
 * The schema of a Delta table that holds rows of this schema: unsigned integers become the next wider signed ones,
 * `uuid` and `json` become strings, `hugeint` becomes `decimal(38,0)`.
 * @throws MillraceError TYPE_UNSUPPORTED (time, interval, null), OPTION_INVALID for names that Delta does not allow
 */
export function deltaSchema(rows: Schema, { anyName = false }: Pick<FitOptions, 'anyName'> = {}): Schema {
  checkNames(rows, anyName)
  return {
    fields: rows.fields.map((field) => {
      const type = deltaType(field.type)
      if (type) return { ...field, type }
      throw new MillraceError(
        'TYPE_UNSUPPORTED',
        `keeping column "${field.name}" in a Delta table: Delta has no type for ${formatType(field.type)}`,
        { hint: `Cast it, for example: cast("${field.name}" as string).` },
      )
    }),
  }
}

/** Characters that need column mapping in the name of a column. */
const UNMAPPED = /[ ,;{}()\n\t=]/

/** Names that differ in case only are one column to Delta. @param known columns that the table has already, whatever they are called */
function checkNames(schema: Schema, anyName = false, known: Schema = { fields: [] }): void {
  const seen = new Map<string, string>()
  const there = new Set(known.fields.map(({ name }) => name.toLowerCase()))
  for (const { name } of schema.fields) {
    const isRefused = !anyName && !there.has(name.toLowerCase()) && UNMAPPED.test(name)
    if (isRefused || name === '') {
      throw new MillraceError('OPTION_INVALID', `keeping a column named "${name}" in a Delta table`, {
        hint: "Delta allows no spaces and none of , ; { } ( ) = in column names: give it another name, or set 'delta.columnMapping.mode' to 'name'.",
      })
    }
    const other = seen.get(name.toLowerCase())
    if (other !== undefined) {
      throw new MillraceError('OPTION_INVALID', `keeping columns "${other}" and "${name}" in one Delta table`, {
        hint: 'Delta does not tell upper case from lower case in column names: rename one of them.',
      })
    }
    seen.set(name.toLowerCase(), name)
  }
}

/**
 * The schema to write rows with, so that they fit a table: the table's columns in their order and types (columns
 * that the rows lack are null), then, with `merge`, the columns that only the rows have. Rows are widened where no
 * value is lost (`integer` into `long`). Names are matched without regard to case, the table's spelling wins.
 * @throws MillraceError DELTA_SCHEMA_MISMATCH naming every column that does not fit, with both types
 */
export function fitSchema(rows: Schema, table: Schema, mode: SchemaMode, options: FitOptions = {}): Schema {
  checkNames(rows, options.anyName, table)
  if (mode === 'overwrite') return deltaSchema(rows, options)
  const problems: string[] = []
  const fitting = { merge: mode === 'merge', widen: mode === 'merge' && options.canWiden === true, problems }
  const fields = fitFields(rows.fields, table.fields, '', fitting)
  if (problems.length > 0) throw mismatch(problems)
  return fields === table.fields ? table : { fields }
}

/** What a table allows rows to change. */
export interface FitOptions {
  /** Whether columns may have names that files cannot. */
  readonly anyName?: boolean
  /** Whether columns take the wider type of the rows, when they are merged. */
  readonly canWiden?: boolean
}

interface Fitting {
  readonly merge: boolean
  readonly widen: boolean
  readonly problems: string[]
}

function fitFields(
  rows: readonly Field[],
  table: readonly Field[],
  prefix: string,
  fitting: Fitting,
): readonly Field[] {
  const { merge, widen, problems } = fitting
  let changed = false
  const given = new Map(rows.map((field) => [field.name.toLowerCase(), field]))
  const fields = table.map((field) => {
    const row = given.get(field.name.toLowerCase())
    given.delete(field.name.toLowerCase())
    if (!row) {
      if (!field.nullable && !computedColumn(field))
        problems.push(`the rows lack column "${prefix}${field.name}", which must not be null`)
      return field
    }
    const wider = deltaType(row.type)
    if (widen && wider && mayBecome(field.type, wider)) {
      changed = true
      return widened(field, wider)
    }
    const type = fitType(row.type, field.type, `${prefix}${field.name}`, fitting)
    if (type === field.type) return field
    changed = true
    return { ...field, type }
  })
  for (const row of given.values()) {
    const name = `${prefix}${row.name}`
    const type = deltaType(row.type)
    if (!merge) problems.push(`column "${name}" (${formatType(row.type)}) is not in the table`)
    else if (!type) problems.push(`column "${name}" cannot be added: Delta has no type for ${formatType(row.type)}`)
    else {
      changed = true
      fields.push({ ...row, type, nullable: true })
    }
  }
  return changed ? fields : table
}

function fitType(row: DataType, table: DataType, name: string, fitting: Fitting): DataType {
  const { problems } = fitting
  const from = deltaType(row) ?? row
  if (from.kind === 'struct' && table.kind === 'struct') {
    const fields = fitFields(from.fields, table.fields, `${name}.`, fitting)
    return fields === table.fields ? table : { kind: 'struct', fields }
  }
  if (from.kind === 'array' && table.kind === 'array') {
    const element = fitType(from.element, table.element, `${name}.element`, fitting)
    return element === table.element ? table : { ...table, element }
  }
  if (from.kind === 'map' && table.kind === 'map') {
    const key = fitType(from.key, table.key, `${name}.key`, fitting)
    const value = fitType(from.value, table.value, `${name}.value`, fitting)
    return key === table.key && value === table.value ? table : { ...table, key, value }
  }
  if (!widens(from, table)) {
    problems.push(`column "${name}" is ${formatType(row)} in the rows and ${formatType(table)} in the table`)
  }
  return table
}

/** Decimal digits of the largest value. */
const DIGITS: Partial<Record<DataType['kind'], number>> = { byte: 3, short: 5, integer: 10, long: 19 }
/** Bits of a whole number that each floating type holds exactly. */
const EXACT: Partial<Record<DataType['kind'], readonly DataType['kind'][]>> = {
  float: ['byte', 'short'],
  double: ['byte', 'short', 'integer', 'float'],
}

/** Whether every value of one type is a value of the other. */
export function widens(from: DataType, to: DataType): boolean {
  if (from.kind === 'null') return true
  const digits = DIGITS[from.kind]
  if (to.kind === 'decimal') {
    if (from.kind === 'decimal') {
      return to.scale >= from.scale && to.precision - to.scale >= from.precision - from.scale
    }
    return digits !== undefined && to.precision - to.scale >= digits
  }
  if (from.kind === to.kind) return true
  const room = DIGITS[to.kind]
  if (digits !== undefined && room !== undefined) return digits <= room
  return EXACT[to.kind]?.includes(from.kind) ?? false
}

/**
 * The table's schema after files with these columns have been added to it; the very same object when it does not
 * change. Unlike `fitSchema` this allows no widening: the files are there already.
 * @throws MillraceError DELTA_SCHEMA_MISMATCH
 */
export function mergeWritten(written: Schema, table: Schema, mode: SchemaMode, options: FitOptions = {}): Schema {
  if (mode === 'overwrite') return sameType(struct(written), struct(table)) ? table : written
  const problems: string[] = []
  const fitting = { merge: mode === 'merge', widen: mode === 'merge' && options.canWiden === true, problems }
  const fields = fitFields(written.fields, table.fields, '', fitting)
  for (const { name, type } of written.fields) {
    const known = table.fields.find((field) => field.name.toLowerCase() === name.toLowerCase())
    const merged = fields.find((field) => field.name === known?.name)
    if (known && problems.length === 0 && merged && !sameType(type, merged.type)) {
      problems.push(`column "${name}" was written as ${formatType(type)} and is ${formatType(known.type)} in the table`)
    }
  }
  if (problems.length > 0) throw mismatch(problems)
  return fields === table.fields ? table : { fields }
}

function struct(schema: Schema): DataType {
  return { kind: 'struct', fields: schema.fields }
}

function sameType(a: DataType, b: DataType): boolean {
  return formatType(a) === formatType(b)
}

function mismatch(problems: readonly string[]): MillraceError {
  return new MillraceError('DELTA_SCHEMA_MISMATCH', `writing to a Delta table: ${problems.join('; ')}`, {
    hint: "Select and cast the columns to the table's types, or add new columns with schemaMode: 'merge'.",
    data: { problems: [...problems] },
  })
}
