import { sql } from '../../../base/sql/index.ts'
import { Column, type ColumnOrName, type NamesOf, named, operand } from '../column.ts'
import { binary, define, leading, unary, variadic } from './define.ts'
import { BINARY, INTEGER, STRING, STRINGS } from './result-type.ts'

export const upper = unary('upper', 'upper($1)', STRING)
export const lower = unary('lower', 'lower($1)', STRING)
/** Each word with a capital and the rest small, words being parted by spaces. */
export const initcap = unary(
  'initcap',
  "array_to_string(list_transform(string_split($1, ' '), lambda w: upper(w[1]) || lower(w[2:])), ' ')",
  STRING,
)
export const trim = unary('trim', 'trim($1)', STRING)
export const ltrim = unary('ltrim', 'ltrim($1)', STRING)
export const rtrim = unary('rtrim', 'rtrim($1)', STRING)
/** The number of characters. */
export const length = unary('length', 'cast(length($1) as integer)', INTEGER)
export const reverse = unary('reverse', 'reverse($1)', STRING)
export const ascii = unary('ascii', 'ascii($1)', INTEGER)
/** The texts one after the other; null when one is null. */
export const concat = variadic(
  'concat',
  (args) => {
    let all = args[0] ?? sql`''`
    for (const arg of args.slice(1)) all = sql`${all} || ${arg}`
    return args.length < 2 ? sql`cast(${all} as varchar)` : sql`(${all})`
  },
  STRING,
)
/** `length` characters from `start`, which counts from 1. */
export const substring = leading<[start: number, length: number]>()('substring', 'substring($1, $2, $3)', STRING)
export const left = leading<[length: number]>()('left', 'left($1, $2)', STRING)
export const right = leading<[length: number]>()('right', 'right($1, $2)', STRING)
/** The text cut or filled at its start to a length. */
export const lpad = leading<[length: number, pad: string]>()('lpad', 'lpad($1, $2, $3)', STRING)
/** The text cut or filled at its end to a length. */
export const rpad = leading<[length: number, pad: string]>()('rpad', 'rpad($1, $2, $3)', STRING)
export const repeat = leading<[times: number]>()('repeat', 'repeat(cast($1 as varchar), $2)', STRING)
/** Each match of a regular expression replaced; `\1` or `$1` in the replacement is its first group. */
export const regexpReplace = leading<[pattern: string, replacement: string]>()(
  'regexp_replace',
  ([of, pattern, replacement]) =>
    sql`regexp_replace(${of}, ${pattern}, regexp_replace(${replacement}, '\\$(\\d)', '\\\\\\1', 'g'), 'g')`,
  STRING,
)
/** The part of the first match that a group caught (0 is the whole match); empty without a match. */
export const regexpExtract = leading<[pattern: string, group: number]>()(
  'regexp_extract',
  'regexp_extract($1, $2, $3)',
  STRING,
)
/** The text with every occurrence of `search` replaced. */
export const replace = leading<[search: string, replacement: string]>()('replace', 'replace($1, $2, $3)', STRING)
/** Each character of `from` replaced by the one at its place in `to`. */
export const translate = leading<[from: string, to: string]>()('translate', 'translate($1, $2, $3)', STRING)
/** The pieces between the matches of a regular expression. */
export const split = leading<[pattern: string]>()('split', 'string_split_regex($1, $2)', STRINGS)
/** The piece before the nth delimiter; from the end when n is negative. */
export const substringIndex = leading<[delimiter: string, count: number]>()(
  'substring_index',
  ([of, by, n]) =>
    sql`array_to_string(case when ${n} >= 0 then string_split(${of}, ${by})[:${n}] else string_split(${of}, ${by})[${n}:] end, ${by})`,
  STRING,
)
/** Where `part` first occurs, from 1; 0 when it does not. */
export const instr = leading<[part: string]>()('instr', 'cast(instr($1, $2) as integer)', INTEGER)
export const levenshtein = binary('levenshtein', 'cast(levenshtein($1, $2) as integer)', INTEGER)
/** Lower-case hexadecimal MD5. */
export const md5 = unary('md5', 'md5($1)', STRING)
export const sha1 = unary('sha1', 'sha1($1)', STRING)
/** SHA-2; only of 256 bits, which `bits` states as in PySpark. */
export const sha2 = leading<[bits: 256 | 0]>()('sha2', 'sha256($1)', STRING)
export const base64 = unary('base64', 'base64(encode(cast($1 as varchar)))', STRING)
export const unbase64 = unary('unbase64', 'from_base64($1)', BINARY)
export const formatNumber = leading<[digits: number]>()(
  'format_number',
  ([of, digits]) => sql`format('{:,.' || cast(${digits} as varchar) || 'f}', cast(${of} as double))`,
  STRING,
)

/** The texts that are not null, with `separator` between them. */
function concatWsBuilder<const A extends readonly ColumnOrName[]>(
  separator: string,
  ...columns: A
): Column<string, string, NamesOf<A[number]>> {
  return new Column({ kind: 'call', fn: 'concat_ws', args: [operand(separator), ...columns.map(named)] })
}
export const concatWs = Object.assign(concatWsBuilder, {
  definition: define('concat_ws', 'concat_ws($*)', STRING),
})

/** Text by a pattern of `printf`, such as `'%s: %d'`. */
function formatStringBuilder<const A extends readonly ColumnOrName[]>(
  pattern: string,
  ...columns: A
): Column<string | null, string, NamesOf<A[number]>> {
  return new Column({ kind: 'call', fn: 'format_string', args: [operand(pattern), ...columns.map(named)] })
}
export const formatString = Object.assign(formatStringBuilder, {
  definition: define('format_string', 'printf($*)', STRING),
})
