import { type DataType, MillraceError } from '../../../../base/kernel/index.ts'
import { type Sql, sql } from '../../../../base/sql/index.ts'
import { Column, named } from '../../column.ts'
import type { ColumnOrName, NamesOf, NeedsOf } from '../../column-types.ts'
import { constantOf } from '../../dialect/constant.ts'
import { duckDbDialect } from '../../dialect/duckdb.ts'
import { define, type Form, onlyDuckDb, unary } from '../define.ts'
import { nativeOf } from '../native.ts'
import { BINARY, STRING } from '../result-type.ts'

const STRING_TYPE: DataType = { kind: 'string' }
const VALID = nativeOf('valid_utf8', STRING_TYPE, (bytes: Uint8Array) =>
  new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes),
)

/** Bytes in capital hexadecimal digits. */
export function hexText(of: Sql): Sql {
  return sql`hex(${of})`
}

/** Text as what `to_binary` reads: the whole text is of the format, or it is null (`tries`) or fails. */
function bytesOf(tries: boolean): Form {
  return ([of, format], [type, formatType], call) => {
    if (formatType?.kind === 'null' || type?.kind === 'null') return sql`cast(null as blob)`
    const given = format === undefined ? 'hex' : constantOf(format)
    if (typeof given !== 'string') return call.refuse('with a format that is no constant')
    const text = duckDbDialect.cast({ sql: of, type }, STRING_TYPE, false)
    const wrong = tries
      ? sql`null`
      : sql`error('[CONVERSION_INVALID_INPUT] The value ''' || ${text} || ''' is no text of the format ' || ${given})`
    switch (given.toLowerCase()) {
      case 'hex':
        return sql`case when ${text} is null then null when regexp_full_match(${text}, '[0-9a-fA-F]*') then unhex(case when length(${text}) % 2 = 1 then '0' else '' end || ${text}) else ${wrong} end`
      case 'utf-8':
      case 'utf8':
        return sql`encode(${text})`
      case 'base64': {
        // Padding may be missing, as Java reads it.
        const solid = sql`regexp_replace(${text}, '\\s', '', 'g')`
        const bare = sql`rtrim(${solid}, '=')`
        const padded = sql`from_base64(${bare} || repeat('=', (4 - length(${bare}) % 4) % 4))`
        return sql`case when ${text} is null then null when regexp_full_match(${solid}, '([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}(==)?|[A-Za-z0-9+/]{3}=?)?') then ${padded} else ${wrong} end`
      }
      default:
        if (tries) return sql`cast(null as blob)`
        throw new MillraceError('OPTION_INVALID', `to_binary() has no format "${given}"`, {
          hint: 'One of hex, utf-8, utf8 and base64.',
        })
    }
  }
}

function reader(name: 'to_binary' | 'try_to_binary') {
  const build = <const A extends ColumnOrName>(
    column: A,
    format?: ColumnOrName,
  ): Column<Uint8Array | null, string, NamesOf<A>, NeedsOf<A>> =>
    new Column({ kind: 'call', fn: name, args: [column, ...(format === undefined ? [] : [format])].map(named) })
  return Object.assign(build, {
    definition: define(name, onlyDuckDb(bytesOf(name === 'try_to_binary'), 'It has decode().'), BINARY),
  })
}

/** Bytes of text: `hex` when nothing else is said, or `utf-8` or `base64` (a constant: `lit('utf-8')`). The action fails on other text. */
export const toBinary = reader('to_binary')
/** Like `toBinary`, with null for other text. */
export const tryToBinary = reader('try_to_binary')

// Text of the engines is UTF-8 always; bytes are looked at.

const NO_BYTES = 'Its text is UTF-8 always; read bytes by convert_from().'

/** Bytes as text, with `�` in place of what is no UTF-8; text as it is. */
export const makeValidUtf8 = unary(
  'make_valid_utf8',
  onlyDuckDb(([of], [type]) => (type?.kind === 'binary' ? VALID.call(of) : asText(of, type)), NO_BYTES),
  STRING,
  { natives: [VALID] },
)
/** Bytes as text; the action fails on what is no UTF-8. */
export const validateUtf8 = unary(
  'validate_utf8',
  onlyDuckDb(([of], [type]) => {
    if (type?.kind !== 'binary') return asText(of, type)
    const wrong = sql`error('[INVALID_UTF8_STRING] The bytes ' || hex(${of}) || ' are no UTF-8')`
    return sql`case when ${of} is not null then coalesce(try(decode(${of})), ${wrong}) end`
  }, NO_BYTES),
  STRING,
)
/** Bytes as text; null for what is no UTF-8. */
export const tryValidateUtf8 = unary(
  'try_validate_utf8',
  onlyDuckDb(([of], [type]) => (type?.kind === 'binary' ? sql`try(decode(${of}))` : asText(of, type)), NO_BYTES),
  STRING,
)

function asText(of: Sql, type: DataType | undefined): Sql {
  return duckDbDialect.cast({ sql: of, type }, STRING_TYPE, false)
}
