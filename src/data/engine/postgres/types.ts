import type { DataType, Field, Schema, SimpleKind } from '../../../base/kernel/index.ts'
import type { PostgresField } from '../../../base/postgres/index.ts'

/**
 * The built-in types that are more than text, by their oid (pg_type.dat), with that of their array. Everything else is
 * `string`, in PostgreSQL's own text form: enums, ranges, composites, `money` (in the server's locale), network and
 * geometric types, bit strings, `timetz`, `xml`, full-text types, and what extensions add. A domain is its base type.
 */
const SIMPLE: readonly (readonly [oid: number, array: number, kind: SimpleKind])[] = [
  [16, 1000, 'boolean'],
  [17, 1001, 'binary'],
  [20, 1016, 'long'],
  [21, 1005, 'short'],
  [23, 1007, 'integer'],
  [26, 1028, 'long'],
  [114, 199, 'json'],
  [3802, 3807, 'json'],
  [700, 1021, 'float'],
  [701, 1022, 'double'],
  [1082, 1182, 'date'],
  [1083, 1183, 'time'],
  [1114, 1115, 'timestamp_ntz'],
  [1184, 1185, 'timestamp'],
  [1186, 1187, 'interval'],
  [2950, 2951, 'uuid'],
]

const NUMERIC = 1700
const NUMERIC_ARRAY = 1231
/** Arrays of built-in types that are text: char, name, bpchar, varchar, text, money, cidr, inet, macaddr, xml, timetz, bit, varbit. */
const TEXT_ARRAYS: readonly number[] = [1002, 1003, 1014, 1015, 1009, 791, 651, 1041, 1040, 143, 1270, 1561, 1563]

const SCALARS = new Map(SIMPLE.map(([oid, , kind]) => [oid, kind]))
const ARRAYS = new Map(SIMPLE.map(([, array, kind]) => [array, kind]))

/** The widest decimal that every engine has. */
const DECIMAL_DIGITS = 38

/**
 * The logical type of a column. `numeric(p,s)` is the decimal of that size; without a size, or beyond 38 digits, it is
 * `string`, as its values (NaN and infinities among them) fit no decimal: cast to a size where one is known.
 * The blanks that `char(n)` is filled up with are kept, but for those of arrays.
 * PostgreSQL's types do not tell how many dimensions an array has: they are lists of one, and a value with more is refused.
 */
export function postgresType({ oid, modifier }: Pick<PostgresField, 'oid' | 'modifier'>): DataType {
  if (oid === NUMERIC) return numeric(modifier)
  if (oid === NUMERIC_ARRAY) return list(numeric(modifier))
  if (TEXT_ARRAYS.includes(oid)) return list({ kind: 'string' })
  const element = ARRAYS.get(oid)
  if (element !== undefined) return list({ kind: element })
  return { kind: SCALARS.get(oid) ?? 'string' }
}

function list(element: DataType): DataType {
  return { kind: 'array', element, containsNull: true }
}

/** The modifier holds precision and scale (numeric.c, make_numeric_typmod); a scale may be negative or beyond the precision. */
function numeric(modifier: number): DataType {
  if (modifier < 4) return { kind: 'string' }
  const packed = modifier - 4
  const digits = (packed >> 16) & 0xffff
  // Eleven bits with a sign.
  const places = ((packed & 0x7ff) ^ 1024) - 1024
  const scale = Math.max(places, 0)
  const precision = Math.max(digits - Math.min(places, 0), scale)
  return precision > DECIMAL_DIGITS ? { kind: 'string' } : { kind: 'decimal', precision, scale }
}

/**
 * The schema of a result. Equal names are told apart as in DuckDB: `a`, `a_1`. A `numeric` that became text says so in
 * its metadata: `{ postgres: 'numeric' }`.
 */
export function postgresSchema(fields: readonly PostgresField[]): Schema {
  const taken = new Set(fields.map(({ name }) => name))
  const used = new Set<string>()
  return {
    fields: fields.map((field): Field => {
      let { name } = field
      for (let n = 1; used.has(name); n += 1) {
        if (!taken.has(`${field.name}_${n}`)) name = `${field.name}_${n}`
      }
      used.add(name)
      taken.add(name)
      const type = postgresType(field)
      const unsized = field.oid === NUMERIC && type.kind === 'string'
      return { name, type, nullable: true, ...(unsized ? { metadata: { postgres: 'numeric' } } : {}) }
    }),
  }
}
