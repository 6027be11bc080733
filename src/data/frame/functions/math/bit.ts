import type { DataType } from '../../../../base/kernel/index.ts'
import { type Sql, sql, trusted } from '../../../../base/sql/index.ts'
import type { Column } from '../../column.ts'
import { binary, type Call, leading, onlyDuckDb, type Template, type TemplateArgs, unary } from '../define.ts'
import { BINARY, INTEGER, LONG, type ResultType } from '../result-type.ts'
import { raised, takes, WHOLE, wantedAs } from './math-argument.ts'

// Whole numbers as their bits, in two's complement, as Java's operators take them.

/** A shift is of an int, or of a long. */
// biome-ignore lint/suspicious/noExplicitAny: a number or a bigint
const SHIFTED: ResultType<any> = {
  of: ([type]) => type && { kind: type.kind === 'long' ? 'long' : 'integer' },
}
// biome-ignore lint/suspicious/noExplicitAny: a number or a bigint
const SAME_WHOLE: ResultType<any> = {
  of: ([type]) => (type && type.kind in WHOLE ? type : type && { kind: 'integer' }),
}
const BYTE: ResultType<number | null> = { of: () => ({ kind: 'byte' }) }

type Direction = 'left' | 'right' | 'unsigned'

/** Java's shift: by as many bits as the width leaves of the number, so that 33 moves an int by 1. */
function shift(direction: Direction): Template {
  return takes(['shifted', 'integer'], ([of, by], [type]) => {
    const width = type?.kind === 'long' ? 64 : 32
    const [name, mask] = [trusted(width === 64 ? 'bigint' : 'integer'), trusted(String(width - 1))]
    const bits = sql`(${by} & ${mask})`
    if (direction === 'right') return sql`(cast(${of} as ${name}) >> ${bits})`
    const [all, half] =
      width === 64 ? [sql`18446744073709551616`, sql`9223372036854775808`] : [sql`4294967296`, sql`2147483648`]
    const unsigned = sql`case when ${of} < 0 then cast(${of} as hugeint) + ${all} else cast(${of} as hugeint) end`
    if (direction === 'unsigned') {
      // Only a shift by nothing leaves the sign.
      return sql`case when ${bits} = 0 then cast(${of} as ${name}) else cast((${unsigned}) >> cast(${bits} as hugeint) as ${name}) end`
    }
    // Multiplied by a power of two, of which the lowest bits are kept as a number with a sign.
    const kept = sql`((cast(${unsigned} as hugeint) & ((cast(1 as hugeint) << cast(${mask} + 1 - ${bits} as hugeint)) - 1)) << cast(${bits} as hugeint))`
    return sql`cast(case when ${kept} >= ${half} then ${kept} - ${all} else ${kept} end as ${name})`
  })
}

const NO_SHIFT = 'Its shifts keep no sign, or fail.'

/** The bits moved to the left; what leaves the number is lost. */
export const shiftleft = leading<[bits: number | Column]>()(
  'shiftleft',
  { duckdb: shift('left'), postgres: { refused: NO_SHIFT } },
  SHIFTED,
)
/** The same as `shiftleft`. */
export const shiftLeft = shiftleft
/** The bits moved to the right, with the sign. */
export const shiftright = leading<[bits: number | Column]>()(
  'shiftright',
  { duckdb: shift('right'), postgres: ([of, by], [type], call) => postgresShift(of, by, type, call) },
  SHIFTED,
)
/** The same as `shiftright`. */
export const shiftRight = shiftright
/** The bits moved to the right, with zeros from the left. */
export const shiftrightunsigned = leading<[bits: number | Column]>()(
  'shiftrightunsigned',
  onlyDuckDb(shift('unsigned'), NO_SHIFT),
  SHIFTED,
)
/** The same as `shiftrightunsigned`. */
export const shiftRightUnsigned = shiftrightunsigned

function postgresShift(of: Sql, by: Sql, type: DataType | undefined, call: Call): Sql {
  if (!(type && type.kind in WHOLE))
    return call.refuse(`of a ${type?.kind ?? 'value of unknown type'}`, 'Cast it to bigint.')
  const long = type.kind === 'long'
  return sql`(cast(${of} as ${trusted(long ? 'bigint' : 'integer')}) >> (${by} & ${trusted(long ? '63' : '31')}))`
}

/** Every bit turned over. */
export const bitwiseNot = unary('bitwise_not', { duckdb: takes(['whole'], '(~$1)'), postgres: '(~$1)' }, SAME_WHOLE)
/** The same as `bitwiseNot`. */
export const bitwiseNOT = bitwiseNot

/** How many bits are 1; of a negative number as many as in 64 bits. */
export const bitCount = unary(
  'bit_count',
  {
    duckdb: ([of], [type]) =>
      type?.kind === 'boolean'
        ? sql`cast(${of} as integer)`
        : sql`cast(bit_count(cast(${wantedAs(of, type, 'whole')} as bigint)) as integer)`,
    postgres: ([of], [type], call) => {
      if (type?.kind === 'boolean') return sql`cast(${of} as integer)`
      if (!(type && type.kind in WHOLE))
        return call.refuse(`of a ${type?.kind ?? 'value of unknown type'}`, 'Cast it to bigint.')
      return sql`cast(bit_count(cast(cast(${of} as bigint) as bit(64))) as integer)`
    },
  },
  INTEGER,
)

/** A bit by its place, from 0 on the right. */
function bit(name: 'bit_get' | 'getbit') {
  const form = ([of, at]: TemplateArgs, [type]: readonly (DataType | undefined)[]): Sql => {
    const width = trusted(String(WHOLE[type?.kind ?? 'long'] ?? 64))
    const wrong = raised(
      'INVALID_PARAMETER_VALUE.BIT_POSITION_RANGE',
      `The position in ${name} is outside of the number`,
    )
    return sql`case when ${of} is null then null when ${at} < 0 or ${at} >= ${width} then ${wrong} else cast((cast(${of} as bigint) >> cast(${at} as bigint)) & 1 as tinyint) end`
  }
  return binary(name, onlyDuckDb(takes(['whole', 'integer'], form), 'Use (x >> n) & 1.'), BYTE)
}
export const bitGet = bit('bit_get')
/** The same as `bitGet`. */
export const getbit = bit('getbit')

// A bitmap of distinct values is cut into buckets of 32,768 bits, which are 4,096 bytes.

const NO_BITMAP = 'It has no bitmaps of 4,096 bytes.'

/** Where in its bucket of 32,768 bits a value stands, from 0. */
export const bitmapBitPosition = unary(
  'bitmap_bit_position',
  onlyDuckDb(
    takes(['long'], 'case when $1 > 0 then ($1 - 1) % 32768 else cast((-cast($1 as hugeint)) % 32768 as bigint) end'),
    NO_BITMAP,
  ),
  LONG,
)
/** The bucket of 32,768 bits that a value stands in. */
export const bitmapBucketNumber = unary(
  'bitmap_bucket_number',
  onlyDuckDb(takes(['long'], 'case when $1 > 0 then 1 + ($1 - 1) // 32768 else $1 // 32768 end'), NO_BITMAP),
  LONG,
)
/** How many bits of a bitmap are 1. */
export const bitmapCount = unary(
  'bitmap_count',
  onlyDuckDb(
    ([of]) => sql`case when octet_length(${of}) = 0 then 0 else cast(bit_count(cast(${of} as bit)) as bigint) end`,
    NO_BITMAP,
  ),
  LONG,
)

/** DuckDB counts bits from the left of all, Spark within each byte from the right. */
function turned(at: Sql): Sql {
  return sql`(${at} - ${at} % 8 + 7 - ${at} % 8)`
}
const EMPTY = sql`unhex(repeat('00', 4096))`
/** The bits of a bitmap, with zeros for the bytes it lacks. */
function whole(of: Sql): Sql {
  return sql`cast(${of} || unhex(repeat('00', 4096 - octet_length(${of}))) as bit)`
}

/** The bitmap of a group's positions (see `bitmapBitPosition`). */
export const bitmapConstructAgg = unary(
  'bitmap_construct_agg',
  onlyDuckDb(
    takes(['long'], ([at]) => sql`coalesce(cast(bitstring_agg(${turned(at)}, 0, 32767) as blob), ${EMPTY})`),
    NO_BITMAP,
  ),
  BINARY,
  { kind: 'aggregate' },
)
/** The bits that are 1 in any bitmap of a group. */
export const bitmapOrAgg = unary(
  'bitmap_or_agg',
  onlyDuckDb(([of]) => sql`coalesce(cast(bit_or(${whole(of)}) as blob), ${EMPTY})`, NO_BITMAP),
  BINARY,
  { kind: 'aggregate' },
)
/** The bits that are 1 in every bitmap of a group. */
export const bitmapAndAgg = unary(
  'bitmap_and_agg',
  onlyDuckDb(([of]) => sql`coalesce(cast(bit_and(${whole(of)}) as blob), unhex(repeat('FF', 4096)))`, NO_BITMAP),
  BINARY,
  { kind: 'aggregate' },
)
