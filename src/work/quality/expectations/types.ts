import { z } from 'zod'
import type { DataType } from '../../../base/kernel/index.ts'
import { sql } from '../../../base/sql/index.ts'
import { type Check, type Column, defineExpectation } from '../expectation.ts'
import { columnName, mostly } from '../kwargs.ts'
import { isInteger, toNumber } from '../literal.ts'
import { checkValues } from '../row-check.ts'

/** The names under which suites know a type: ours (Spark SQL's), Spark's classes, SQL's, pandas' and Python's. */
const NAMES: Readonly<Record<string, readonly string[]>> = {
  boolean: ['boolean', 'bool', 'booleantype', 'bool_'],
  byte: ['byte', 'tinyint', 'bytetype', 'int8', 'int'],
  short: ['short', 'smallint', 'shorttype', 'int16', 'int'],
  integer: ['integer', 'int', 'int4', 'integertype', 'int32'],
  long: ['long', 'bigint', 'longtype', 'int64', 'int', 'int_', 'biginteger'],
  hugeint: ['hugeint', 'int128'],
  ubyte: ['ubyte', 'utinyint', 'uint8'],
  ushort: ['ushort', 'usmallint', 'uint16'],
  uinteger: ['uinteger', 'uint32'],
  ulong: ['ulong', 'ubigint', 'uint64'],
  float: ['float', 'real', 'float4', 'floattype', 'float32'],
  double: ['double', 'float', 'float8', 'doubletype', 'float64', 'double precision', 'double_precision', 'float_'],
  decimal: ['decimal', 'numeric', 'decimaltype'],
  string: ['string', 'varchar', 'text', 'str', 'stringtype', 'object', 'char', 'nvarchar'],
  binary: ['binary', 'blob', 'bytea', 'bytes', 'binarytype', 'varbinary'],
  uuid: ['uuid'],
  json: ['json'],
  date: ['date', 'datetype'],
  time: ['time'],
  timestamp: [
    'timestamp',
    'timestamptz',
    'timestamp with time zone',
    'timestamptype',
    'datetime64[ns, utc]',
    'datetime64[us, utc]',
    'datetime',
  ],
  timestamp_ntz: [
    'timestamp_ntz',
    'timestamp',
    'timestampntztype',
    'datetime64[ns]',
    'datetime64[us]',
    'datetime64',
    'datetime',
    'timestamp without time zone',
  ],
  interval: ['interval'],
  array: ['array', 'list', 'arraytype'],
  map: ['map', 'maptype'],
  struct: ['struct', 'structtype', 'dict'],
}

/** What Great Expectations on pandas says was observed of a column that has the type; our own name where it says `object`. */
const DTYPES: Readonly<Record<string, string>> = {
  boolean: 'bool',
  byte: 'int8',
  short: 'int16',
  integer: 'int32',
  long: 'int64',
  ubyte: 'uint8',
  ushort: 'uint16',
  uinteger: 'uint32',
  ulong: 'uint64',
  float: 'float32',
  double: 'float64',
  timestamp: 'datetime64[us, UTC]',
  timestamp_ntz: 'datetime64[us]',
}

/** Expectations of the types of values tell the class of the dtype instead. */
const CLASSES: Readonly<Record<string, string>> = {
  timestamp: 'datetime64',
  timestamp_ntz: 'datetime64',
  object: 'object_',
}

/** What the values of a column are in Python where pandas knows the column as nothing but `object`. */
const PYTHON: Readonly<Record<string, readonly string[]>> = {
  string: ['str', 'string_types'],
  date: ['date'],
  decimal: ['decimal'],
  binary: ['bytes'],
  array: ['list'],
  struct: ['dict'],
}

/** Names of types of Python and numpy, for which values are looked at one by one in columns of objects. */
const OF_VALUES =
  /^(none|object|object_|o|bool|date|int|long|float|bytes|complex|str|string_types|list|dict|u?int\d+|float\d+|datetime64.*)$/

const one = z.strictObject({ column: columnName, mostly, type_: z.string().optional() })
const several = z.strictObject({ column: columnName, mostly, type_list: z.array(z.string()).optional() })

const ofType = defineExpectation({
  type: 'expect_column_values_to_be_of_type',
  summary: 'A column has a type, named as Millrace, Spark, SQL, pandas or Python names it.',
  kwargs: one,
  check: ({ column: name, type_, mostly }, on) => {
    const column = on.column(name)
    return type_ === undefined || isObject(type_)
      ? ofColumn(column, type_ === undefined ? undefined : [type_])
      : ofValues(column, [type_], mostly)
  },
})

const inList = defineExpectation({
  type: 'expect_column_values_to_be_in_type_list',
  summary: 'A column has one of several types.',
  kwargs: several,
  check: ({ column, type_list, mostly }, on) => ofValues(on.column(column), type_list, mostly),
})

const typeToBe = defineExpectation({
  type: 'expect_column_type_to_be',
  unconditional: true,
  summary: 'A column has a type, named as Millrace, Spark, SQL or pandas names it.',
  kwargs: z.strictObject({ column: columnName, type_: z.string() }),
  check: ({ column: name, type_ }, on) => {
    const column = on.column(name)
    const values = PYTHON[column.type.kind] && OF_VALUES.test(type_.toLowerCase()) && !isObject(type_)
    // The column holds objects, whatever its values are.
    return ofColumn(column, values ? [] : [type_], DTYPES)
  },
})

/** Of a column of objects pandas judges each value, of others the column. */
function ofValues(column: Column, wanted: readonly string[] | undefined, mostly: number): Check {
  const names = wanted?.map((name) => name.toLowerCase())
  const python = PYTHON[column.type.kind]
  if (!names || !python || !names.every((name) => OF_VALUES.test(name))) return ofColumn(column, wanted)
  return checkValues(column, mostly, names.some((name) => python.includes(name)) ? sql`false` : sql`true`)
}

function isObject(name: string): boolean {
  return ['object', 'object_', 'o'].includes(name.toLowerCase())
}

function ofColumn(
  { type, sql: value }: Column,
  wanted: readonly string[] | undefined,
  names: Readonly<Record<string, string>> = { ...DTYPES, ...CLASSES },
): Check {
  const exact = type.kind === 'decimal' ? `decimal(${type.precision},${type.scale})` : type.kind
  const observed_value = names[type.kind] ?? exact
  const object = names.object ?? 'object'
  const asksObject = wanted?.some(isObject)
  if (wanted === undefined || has(type, exact, wanted)) {
    const observed = asksObject && PYTHON[type.kind] ? object : observed_value
    return { kind: 'schema', verdict: { success: true, observed_value: observed } }
  }
  // pandas knows no more of such a column.
  if (PYTHON[type.kind]) return { kind: 'schema', verdict: { success: asksObject === true, observed_value: object } }
  const beside = isInteger(type) ? 'float64' : type.kind === 'boolean' ? object : undefined
  if (beside === undefined) return { kind: 'schema', verdict: { success: false, observed_value } }
  const asked = beside === 'float64' ? has({ kind: 'double' }, 'double', wanted) : asksObject === true
  return {
    kind: 'aggregate',
    // Beside missing ones whole numbers are floats in pandas, and booleans objects; its suites say so.
    measures: { missing: sql`count(*) - count(${value})` },
    judge: ({ missing }) =>
      toNumber(missing) ? { success: asked, observed_value: beside } : { success: false, observed_value },
  }
}

/** In Python, and so in suites, `int` has 64 bits; `INT` is SQL's. */
function has(type: DataType, exact: string, wanted: readonly string[]): boolean {
  const names = NAMES[type.kind] ?? [type.kind]
  return wanted
    .filter((name) => name !== 'int' || type.kind === 'long')
    .map((name) => name.toLowerCase().replaceAll(/,\s+/g, ', '))
    .some(
      (name) =>
        name.replaceAll(' ', '') === exact ||
        names.includes(name) ||
        (names.includes(name.replace(/\(.*\)$/, '')) && type.kind !== 'decimal'),
    )
}

export default [ofType, inList, typeToBe]
