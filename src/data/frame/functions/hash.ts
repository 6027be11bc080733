import { createHash } from 'node:crypto'
import { crc32 as crcOf } from 'node:zlib'
import { type DataType, formatType, MillraceError } from '../../../base/kernel/index.ts'
import { type Sql, sql, trusted } from '../../../base/sql/index.ts'
import { duckDbDialect } from '../dialect/duckdb.ts'
import { murmur3Of, xxHash64Of } from '../native/column-hash.ts'
import { type Call, leading, onlyDuckDb, type TemplateArgs, unary, variadic } from './define.ts'
import { takes } from './math/math-argument.ts'
import { type Native, nativeColumns, nativeOf } from './native.ts'
import { INTEGER, LONG, STRING } from './result-type.ts'

const MURMUR3 = nativeColumns('murmur3', { kind: 'integer' }, murmur3Of)
const XXHASH64 = nativeColumns('xxhash64', { kind: 'long' }, xxHash64Of)
const CRC32 = nativeOf('crc32', { kind: 'long' }, (bytes: Uint8Array) => BigInt(crcOf(bytes)))
const SHA2 = nativeOf('sha2', { kind: 'string' }, (bytes: Uint8Array, bits: number) =>
  createHash(`sha${bits}`).update(bytes).digest('hex'),
)

/** Values in exactly the type they have in Spark, which the hash depends on. */
function hashed(native: Native) {
  return (args: TemplateArgs, types: readonly (DataType | undefined)[], call: Call): Sql => {
    if (args.length === 0) call.refuse('of no columns', 'Name at least one column.')
    return native.call(...[...args].map((arg, i) => exact(arg, types[i])))
  }
}

function exact(arg: Sql, type: DataType | undefined): Sql {
  if (type && holdsMap(type)) {
    throw new MillraceError('COLUMN_TYPE', `a hash is not made of ${formatType(type)}`, {
      hint: 'Two maps of the same entries could have different hashes: hash mapEntries(…) in an order of your own.',
    })
  }
  if (!type) return arg
  if (type.kind === 'null') return sql`cast(null as integer)`
  return EXACT.has(type.kind) ? sql`cast(${arg} as ${duckDbDialect.typeName(type)})` : arg
}

const EXACT = new Set(['byte', 'short', 'integer', 'long', 'float', 'double', 'decimal'])

function holdsMap(type: DataType): boolean {
  if (type.kind === 'map') return true
  if (type.kind === 'array') return holdsMap(type.element)
  return type.kind === 'struct' && type.fields.some((field) => holdsMap(field.type))
}

const NO_HASH = 'It has no hash of that kind: md5() and sha2() are the same everywhere.'

/** A hash of 32 bits (Spark's Murmur3, seed 42): the same number as in Spark, also by which its buckets go. A null adds nothing. */
export const hash = variadic('hash', onlyDuckDb(hashed(MURMUR3), NO_HASH), INTEGER, { natives: [MURMUR3] })
/** A hash of 64 bits (XXH64, seed 42), as in Spark. */
export const xxhash64 = variadic('xxhash64', onlyDuckDb(hashed(XXHASH64), NO_HASH), LONG, { natives: [XXHASH64] })
/** The cyclic redundancy check of 32 bits. */
export const crc32 = unary(
  'crc32',
  onlyDuckDb(
    takes(['binary'], ([of]) => CRC32.call(of)),
    NO_HASH,
  ),
  LONG,
  {
    natives: [CRC32],
  },
)
/** The same as `sha1`. */
export const sha = unary('sha', onlyDuckDb(takes(['binary'], 'sha1($1)'), 'It has md5 and sha2.'), STRING)
/** Lower-case hexadecimal MD5. */
export const md5 = unary('md5', { duckdb: takes(['binary'], 'md5($1)'), postgres: 'md5($t1)' }, STRING)
/** Lower-case hexadecimal SHA-1. */
export const sha1 = unary('sha1', onlyDuckDb(takes(['binary'], 'sha1($1)'), 'It has md5 and sha2.'), STRING)

/** Lower-case hexadecimal SHA-2 of 224, 256, 384 or 512 bits; 0 is 256, and null is given for any other number. */
export const sha2 = leading<[bits: 0 | 224 | 256 | 384 | 512]>()(
  'sha2',
  {
    duckdb: takes(['binary', 'integer'], ([of, bits]) => {
      const known = sql`case when ${bits} in (224, 384, 512) then ${SHA2.call(of, bits)} end`
      return sql`case when ${bits} in (0, 256) then sha256(${of}) else ${known} end`
    }),
    postgres: ([of, bits], _types, call) => {
      const text = bits.parts.map((part) => ('value' in part ? String(part.value) : '')).join('')
      const wanted = text === '0' ? '256' : text
      if (!['224', '256', '384', '512'].includes(wanted)) return call.refuse(`of ${text} bits`)
      return sql`encode(${trusted(`sha${wanted}`)}(convert_to(${of}, 'UTF8')), 'hex')`
    },
  },
  STRING,
  { natives: [SHA2] },
)
