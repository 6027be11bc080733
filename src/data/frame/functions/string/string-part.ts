import { sql } from '../../../../base/sql/index.ts'
import { Column, named, operand } from '../../column.ts'
import type { ColumnOrName, NamesOf, NeedsOf } from '../../column-types.ts'
import { define, leading, onlyDuckDb, unary, variadic } from '../define.ts'
import { raised, takes } from '../math/math-argument.ts'
import { BOOLEAN, INTEGER, type ResultType, STRING } from '../result-type.ts'
import { lowerCase, upperCase } from './letter-case.ts'
import { characters } from './substring.ts'

// Parts of texts, with Spark's meaning of places: they count characters from 1.

const text = (form: Parameters<typeof takes>[1]) => onlyDuckDb(takes(['string'], form))

/** The number of characters, or of bytes. */
export const charLength = unary('char_length', onlyDuckDb(characters), INTEGER)
/** The same as `charLength`. */
export const characterLength = unary('character_length', onlyDuckDb(characters), INTEGER)
/** The number of bytes. */
export const octetLength = unary(
  'octet_length',
  onlyDuckDb((args, types, call) =>
    types[0]?.kind === 'binary'
      ? sql`cast(octet_length(${args[0]}) as integer)`
      : takes(['string'], 'cast(strlen($1) as integer)')(args, types, call),
  ),
  INTEGER,
)
/** The number of bits. */
export const bitLength = unary(
  'bit_length',
  onlyDuckDb((args, types, call) =>
    types[0]?.kind === 'binary'
      ? sql`cast(8 * octet_length(${args[0]}) as integer)`
      : takes(['string'], 'cast(8 * strlen($1) as integer)')(args, types, call),
  ),
  INTEGER,
)
/** The same as `upper`. */
export const ucase = unary(
  'ucase',
  text(([of]) => upperCase(of)),
  STRING,
)
/** The same as `lower`. */
export const lcase = unary(
  'lcase',
  text(([of]) => lowerCase(of)),
  STRING,
)
/** The character of a code point below 256; nothing of a negative one. */
export const char = unary(
  'char',
  onlyDuckDb(takes(['long'], "case when $1 < 0 then '' else chr(cast($1 % 256 as integer)) end")),
  STRING,
)

/** Columns as PySpark's functions take them, of which the last may be left out. */
function columns<R>(name: string, forms: ReturnType<typeof onlyDuckDb>, result: ResultType<R>) {
  const build = (first: ColumnOrName, ...rest: readonly (ColumnOrName | number | undefined)[]): Column<R, string> =>
    new Column({
      kind: 'call',
      fn: name,
      args: [named(first), ...rest.filter((one) => one !== undefined).map(named)],
    })
  return Object.assign(build, { definition: define(name, forms, result) })
}

/** The part of a text between delimiters, from 1 or from −1 at the end; empty where there is none. */
export const splitPart = columns(
  'split_part',
  onlyDuckDb(
    takes(['string', 'string', 'integer'], ([of, by, part]) => {
      const wrong = raised('INVALID_INDEX_OF_ZERO', 'The index 0 is invalid. An index shall be either < 0 or > 0')
      const whole = sql`case when ${part} in (1, -1) then ${of} else '' end`
      return sql`case when ${of} is null or ${by} is null or ${part} is null then null when ${part} = 0 then ${wrong} when ${by} = '' then ${whole} else split_part(${of}, ${by}, ${part}) end`
    }),
  ),
  STRING,
)

const located = takes(['string', 'string', 'integer'], ([part, of, from]) => {
  if (from === undefined) return sql`cast(instr(${of}, ${part}) as integer)`
  const rest = sql`instr(substring(${of}, ${from}), ${part})`
  const found = sql`case when ${rest} = 0 then 0 else cast(${rest} + ${from} - 1 as integer) end`
  return sql`case when ${of} is null or ${part} is null then null when ${from} <= 0 or ${from} is null then 0 when ${part} = '' then ${from} else ${found} end`
})

/** Where a text stands first in another, from the place `from` on; 0 where it does not. */
export const locate = Object.assign(
  <const A extends ColumnOrName>(
    part: string,
    column: A,
    from = 1,
  ): Column<number | null, string, NamesOf<A>, NeedsOf<A>> =>
    new Column({ kind: 'call', fn: 'locate', args: [operand(part), named(column), operand(from)] }),
  { definition: define('locate', onlyDuckDb(located), INTEGER) },
)
/** `locate` with columns. */
export const position = columns('position', onlyDuckDb(located), INTEGER)

/** Some characters of a text replaced by another: as many as that has, or `length`. */
export const overlay = columns(
  'overlay',
  onlyDuckDb(
    takes(['string', 'string', 'integer', 'integer'], ([of, by, at, length]) => {
      const cut =
        length === undefined ? sql`length(${by})` : sql`case when ${length} < 0 then length(${by}) else ${length} end`
      return sql`(left(${of}, ${at} - 1) || ${by} || substring(${of}, cast(${at} + ${cut} as integer)))`
    }),
  ),
  STRING,
)

/** The place of a text in a list with commas, from 1; 0 where it is not in it. */
export const findInSet = columns(
  'find_in_set',
  text(
    "case when $1 is null or $2 is null then null when contains($1, ',') then 0 else cast(coalesce(list_position(string_split($2, ','), $1), 0) as integer) end",
  ),
  INTEGER,
)

/** The nth of the texts, from 1; the action fails on a place that is not there. */
export const elt = variadic(
  'elt',
  onlyDuckDb(
    takes(['integer', 'string'], ([n, ...texts]) => {
      const branches = texts.map((one, i) => sql`when ${sql`${n}`} = ${i + 1} then ${one}`)
      const wrong = raised('INVALID_ARRAY_INDEX', 'The place is outside of the texts')
      let all = sql`case when ${n} is null then null`
      for (const branch of branches) all = sql`${all} ${branch}`
      return sql`${all} else ${wrong} end`
    }),
  ),
  STRING,
)

/** Letters and digits replaced: capitals by `upper`, small letters by `lower`, digits by `digit`, others by `other` (kept when left out). */
export const mask = leading<
  [upper?: string | null, lower?: string | null, digit?: string | null, other?: string | null]
>()(
  'mask',
  onlyDuckDb(([of, ...given]) => {
    const [upper = sql`'X'`, lower = sql`'x'`, digit = sql`'n'`, other = sql`null`] = given
    return sql`case when ${of} = '' then '' else array_to_string(list_transform(string_split(${of}, ''), lambda item: case when regexp_full_match(item, '\\p{Lu}') then coalesce(${upper}, item) when regexp_full_match(item, '\\p{Ll}') then coalesce(${lower}, item) when regexp_full_match(item, '\\p{Nd}') then coalesce(${digit}, item) when unicode(item) > 65535 then coalesce(${other} || ${other}, item) else coalesce(${other}, item) end), '') end`
  }),
  STRING,
)

/** Whether bytes are UTF-8; text always is. */
export const isValidUtf8 = unary(
  'is_valid_utf8',
  onlyDuckDb(([of], [type]) =>
    type?.kind === 'binary'
      ? sql`case when ${of} is not null then try(decode(${of})) is not null end`
      : sql`case when ${of} is not null then true end`,
  ),
  BOOLEAN,
)
