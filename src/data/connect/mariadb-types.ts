import type { FieldPacket } from 'mysql2'
import { type DataType, type Field, MillraceError } from '../../base/kernel/index.ts'
import { id, type Sql, sql } from '../../base/sql/index.ts'

/** A column of a result: its logical type, and what to select so that its text is exact. */
export interface MariadbColumn {
  readonly field: Field
  readonly select: Sql
}

const NOT_NULL = 1
const UNSIGNED = 32
const BINARY_CHARSET = 63
/** MariaDB's protocol, "Column definition packet": field types. */
const T = {
  decimal: 0,
  tiny: 1,
  short: 2,
  long: 3,
  float: 4,
  double: 5,
  null: 6,
  timestamp: 7,
  longlong: 8,
  int24: 9,
  date: 10,
  time: 11,
  datetime: 12,
  year: 13,
  varchar: 15,
  bit: 16,
  json: 245,
  newdecimal: 246,
  enum: 247,
  set: 248,
  tinyBlob: 249,
  mediumBlob: 250,
  longBlob: 251,
  blob: 252,
  varString: 253,
  string: 254,
  geometry: 255,
}

/**
 * The logical type of a column, from what the server says of the result. TINYINT(1) is a `byte` (it may hold 2; state
 * `boolean` to have it as one), BIT(1) a boolean and longer ones unsigned numbers, TIME a text (it may be longer than a
 * day), a decimal of more than 38 digits a text, ENUM and SET text, TIMESTAMP an instant, DATETIME none.
 * @throws MillraceError TYPE_UNSUPPORTED for geometry
 */
export function mariadbColumn(packet: FieldPacket, of: string): MariadbColumn {
  const flags = flagsOf(packet)
  const column = id(packet.name)
  const nullable = (flags & NOT_NULL) === 0
  const made = (type: DataType, select: Sql = column): MariadbColumn => ({
    field: { name: packet.name, type, nullable },
    select,
  })
  const unsigned = (flags & UNSIGNED) !== 0
  const length = packet.columnLength ?? 0
  switch (packet.columnType ?? packet.type) {
    case T.tiny:
      return made({ kind: unsigned ? 'ubyte' : 'byte' })
    case T.short:
      return made({ kind: unsigned ? 'ushort' : 'short' })
    case T.int24:
    case T.long:
      return made({ kind: unsigned ? 'uinteger' : 'integer' })
    case T.longlong:
      return made({ kind: unsigned ? 'ulong' : 'long' })
    case T.year:
      return made({ kind: 'short' })
    case T.float:
      // As text a float has six digits; as a double all of them.
      return made({ kind: 'float' }, sql`cast(${column} as double)`)
    case T.double:
      return made({ kind: 'double' })
    case T.decimal:
    case T.newdecimal: {
      const scale = packet.decimals ?? 0
      const precision = length - (scale > 0 ? 1 : 0) - (unsigned ? 0 : 1)
      return made(precision > 38 ? { kind: 'string' } : { kind: 'decimal', precision, scale })
    }
    case T.bit:
      return made({ kind: length === 1 ? 'boolean' : 'ulong' }, sql`cast(${column} as unsigned)`)
    case T.date:
      return made({ kind: 'date' })
    case T.datetime:
      return made({ kind: 'timestamp_ntz' })
    case T.timestamp:
      return made({ kind: 'timestamp' })
    case T.json:
      return made({ kind: 'json' })
    case T.geometry:
      throw new MillraceError('TYPE_UNSUPPORTED', `reading the column "${packet.name}" of ${of}: it is a geometry`, {
        hint: 'Use a `query` that casts it, for example with st_astext or st_asbinary.',
      })
    case T.null:
      return made({ kind: 'string' })
    default:
      break
  }
  const text = packet.characterSet !== BINARY_CHARSET || packet.columnType === T.enum || packet.columnType === T.set
  if (text || packet.columnType === T.time) return made({ kind: 'string' })
  return made({ kind: 'binary' }, sql`concat(char(92 using utf8mb4), 'x', hex(${column}))`)
}

function flagsOf({ flags }: FieldPacket): number {
  return typeof flags === 'number' ? flags : 0
}
