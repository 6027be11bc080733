import { z } from 'zod'
import type { DataType } from '../../../base/kernel/index.ts'
import { defineExpectation, type Verdict } from '../expectation.ts'
import { columnName, mostly } from '../kwargs.ts'

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
    'datetime',
  ],
  timestamp_ntz: [
    'timestamp_ntz',
    'timestamp',
    'timestampntztype',
    'datetime64[ns]',
    'datetime64[us]',
    'datetime',
    'timestamp without time zone',
  ],
  interval: ['interval'],
  array: ['array', 'list', 'arraytype'],
  map: ['map', 'maptype'],
  struct: ['struct', 'structtype', 'dict'],
}

/** What Great Expectations on pandas says was observed; where pandas knows no more than `object`, our own name. */
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
  timestamp: 'datetime64[ns, UTC]',
  timestamp_ntz: 'datetime64[ns]',
}

const one = z.strictObject({ column: columnName, mostly, type_: z.string() })
const several = z.strictObject({ column: columnName, mostly, type_list: z.array(z.string()) })

const ofType = defineExpectation({
  type: 'expect_column_values_to_be_of_type',
  summary: 'A column has a type, named as Millrace, Spark, SQL or pandas names it.',
  kwargs: one,
  check: ({ column, type_ }, on) => ({ kind: 'schema', verdict: verdict(on.column(column).type, [type_]) }),
})

const inList = defineExpectation({
  type: 'expect_column_values_to_be_in_type_list',
  summary: 'A column has one of several types.',
  kwargs: several,
  check: ({ column, type_list }, on) => ({ kind: 'schema', verdict: verdict(on.column(column).type, type_list) }),
})

const typeToBe = defineExpectation({
  type: 'expect_column_type_to_be',
  summary: 'A column has a type, named as Millrace, Spark, SQL or pandas names it.',
  kwargs: z.strictObject({ column: columnName, type_: z.string() }),
  check: ({ column, type_ }, on) => ({ kind: 'schema', verdict: verdict(on.column(column).type, [type_]) }),
})

function verdict(type: DataType, wanted: readonly string[]): Verdict {
  const names = NAMES[type.kind] ?? [type.kind]
  const exact = type.kind === 'decimal' ? `decimal(${type.precision},${type.scale})` : type.kind
  const success = wanted
    .map((name) => name.toLowerCase().replaceAll(/,\s+/g, ', '))
    .some(
      (name) =>
        name.replaceAll(' ', '') === exact ||
        names.includes(name) ||
        (names.includes(name.replace(/\(.*\)$/, '')) && type.kind !== 'decimal'),
    )
  return { success, observed_value: DTYPES[type.kind] ?? exact }
}

export default [ofType, inList, typeToBe]
