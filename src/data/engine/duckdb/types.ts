import type { DuckDBType } from '@duckdb/node-api'
import { type DataType, type Field, MillraceError, type Schema } from '../../../base/kernel/index.ts'
import type { Bindings } from './bindings.ts'

/**
 * The logical type of a DuckDB type. Enums and bit strings become text, TIMESTAMP_S, _MS and _NS `timestamp_ntz`
 * (a value with nanoseconds that would be lost is refused when it is read), UHUGEINT `hugeint`.
 * @throws MillraceError TYPE_UNSUPPORTED for UNION, VARIANT and GEOMETRY
 */
export function logicalType(type: DuckDBType, { api }: Bindings): DataType {
  const T = api.DuckDBTypeId
  switch (type.typeId) {
    case T.SQLNULL:
      return { kind: 'null' }
    case T.BOOLEAN:
      return { kind: 'boolean' }
    case T.TINYINT:
      return { kind: 'byte' }
    case T.SMALLINT:
      return { kind: 'short' }
    case T.INTEGER:
    case T.INTEGER_LITERAL:
      return { kind: 'integer' }
    case T.BIGINT:
      return { kind: 'long' }
    case T.HUGEINT:
    case T.UHUGEINT:
      return { kind: 'hugeint' }
    case T.UTINYINT:
      return { kind: 'ubyte' }
    case T.USMALLINT:
      return { kind: 'ushort' }
    case T.UINTEGER:
      return { kind: 'uinteger' }
    case T.UBIGINT:
      return { kind: 'ulong' }
    case T.FLOAT:
      return { kind: 'float' }
    case T.DOUBLE:
      return { kind: 'double' }
    case T.VARCHAR:
      return { kind: type.alias === 'JSON' ? 'json' : 'string' }
    case T.STRING_LITERAL:
    case T.ENUM:
    case T.BIT:
    case T.BIGNUM:
    case T.TIME_TZ:
      return { kind: 'string' }
    case T.BLOB:
      return { kind: 'binary' }
    case T.UUID:
      return { kind: 'uuid' }
    case T.DATE:
      return { kind: 'date' }
    case T.TIME:
    case T.TIME_NS:
      return { kind: 'time' }
    case T.TIMESTAMP:
    case T.TIMESTAMP_S:
    case T.TIMESTAMP_MS:
    case T.TIMESTAMP_NS:
      return { kind: 'timestamp_ntz' }
    case T.TIMESTAMP_TZ:
      return { kind: 'timestamp' }
    case T.INTERVAL:
      return { kind: 'interval' }
    default:
      return parametrised(type, { api } as Bindings)
  }
}

function parametrised(type: DuckDBType, bindings: Bindings): DataType {
  const { api } = bindings
  if (type instanceof api.DuckDBDecimalType) return { kind: 'decimal', precision: type.width, scale: type.scale }
  if (type instanceof api.DuckDBListType || type instanceof api.DuckDBArrayType) {
    return { kind: 'array', element: logicalType(type.valueType, bindings), containsNull: true }
  }
  if (type instanceof api.DuckDBMapType) {
    const [key, value] = [logicalType(type.keyType, bindings), logicalType(type.valueType, bindings)]
    return { kind: 'map', key, value, valueContainsNull: true }
  }
  if (type instanceof api.DuckDBStructType) {
    const fields = type.entryNames.map((name, index) => {
      const member = type.entryTypes[index] as DuckDBType
      return { name, type: logicalType(member, bindings), nullable: true }
    })
    return { kind: 'struct', fields }
  }
  throw new MillraceError('TYPE_UNSUPPORTED', `reading a column of DuckDB's type ${type}`, {
    hint: 'Cast it in the query: a UNION or VARIANT to JSON or VARCHAR, a GEOMETRY with ST_AsWKB.',
  })
}

/** The schema of columns with DuckDB types. Equal names are told apart as DuckDB does in a subquery: `a`, `a_1`. */
export function schemaOf(columns: readonly { name: string; type: DuckDBType }[], bindings: Bindings): Schema {
  const taken = new Set(columns.map(({ name }) => name))
  const used = new Set<string>()
  const fields = columns.map(({ name: written, type }): Field => {
    let name = written
    for (let n = 1; used.has(name); n += 1) {
      if (!taken.has(`${written}_${n}`)) name = `${written}_${n}`
    }
    used.add(name)
    taken.add(name)
    try {
      return { name, type: logicalType(type, bindings), nullable: true }
    } catch (cause) {
      if (!(cause instanceof MillraceError)) throw cause
      throw new MillraceError(cause.code, `${cause.message}, "${written}"`, {
        data: { column: written },
        ...(cause.hint === undefined ? {} : { hint: cause.hint }),
      })
    }
  })
  return { fields }
}
