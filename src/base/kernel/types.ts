/**
 * Logical types. Names and text form are Spark SQL's (`simpleString`), because Delta's schema JSON uses the
 * same and PySpark users know them; types that Spark lacks follow DuckDB's names.
 */
export type DataType = SimpleType | DecimalType | ArrayType | MapType | StructType

/** Types without parameters. `timestamp` is an instant (UTC microseconds); `timestamp_ntz` has no time zone. */
export type SimpleKind =
  | 'null'
  | 'boolean'
  | 'byte'
  | 'short'
  | 'integer'
  | 'long'
  | 'hugeint'
  | 'ubyte'
  | 'ushort'
  | 'uinteger'
  | 'ulong'
  | 'float'
  | 'double'
  | 'string'
  | 'binary'
  | 'uuid'
  | 'json'
  | 'date'
  | 'time'
  | 'timestamp'
  | 'timestamp_ntz'
  | 'interval'

export interface SimpleType {
  readonly kind: SimpleKind
}
export interface DecimalType {
  readonly kind: 'decimal'
  readonly precision: number
  readonly scale: number
}
export interface ArrayType {
  readonly kind: 'array'
  readonly element: DataType
  readonly containsNull: boolean
}
export interface MapType {
  readonly kind: 'map'
  readonly key: DataType
  readonly value: DataType
  readonly valueContainsNull: boolean
}
export interface StructType {
  readonly kind: 'struct'
  readonly fields: readonly Field[]
}

/** A named, typed column or member. */
export interface Field {
  readonly name: string
  readonly type: DataType
  readonly nullable: boolean
  readonly metadata?: Readonly<Record<string, unknown>>
}

/** The columns of a table, a frame or a result, in order. */
export interface Schema {
  readonly fields: readonly Field[]
}

/**
 * A value as JavaScript sees it, exact in every case: `bigint` for long and wider integers, text for decimals
 * (`'12.50'`), dates (`'2024-01-31'`), times and timestamps (ISO 8601 with microseconds, `Z` for instants),
 * `Uint8Array` for binary, arrays, plain objects for structs, `Map` for maps.
 */
export type Value =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | Value[]
  | { [name: string]: Value }
  | Map<Value, Value>

/** A row with its columns by name. */
export type Row = Record<string, Value>
