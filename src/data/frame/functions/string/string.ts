import { type Sql, sql, trusted } from '../../../../base/sql/index.ts'
import { Column, named, operand } from '../../column.ts'
import type { ColumnOrName, NamesOf, NeedsOf } from '../../column-types.ts'
import { constantOf } from '../../dialect/constant.ts'
import { duckDbDialect } from '../../dialect/duckdb.ts'
import { regexText } from '../../dialect/postgres-regex.ts'
import { asType, typed, whenAll } from '../collection/collection-type.ts'
import {
  binary,
  type Call,
  define,
  everywhere,
  leading,
  onlyDuckDb,
  type TemplateArgs,
  unary,
  variadic,
} from '../define.ts'
import { takes, wantedAs } from '../math/math-argument.ts'
import { BINARY, INTEGER, STRING, STRINGS } from '../result-type.ts'
import { commonOf } from '../shared-type.ts'
import { capitals, editDistance, lowerCase, reversed, upperCase } from './letter-case.ts'
import { characters, firstBytes, postgresSubstring, reversedBytes, sparkSubstring } from './substring.ts'

function cased(change: (of: Sql) => Sql, postgres: string) {
  return { duckdb: takes(['string'], ([of]) => change(of)), postgres }
}

/** In capitals; in PostgreSQL as far as the database's LC_CTYPE knows them. */
export const upper = unary('upper', cased(upperCase, 'upper($t1)'), STRING)
export const lower = unary('lower', cased(lowerCase, 'lower($t1)'), STRING)
/** Each word with a capital and the rest small, words being parted by spaces. */
export const initcap = unary(
  'initcap',
  {
    duckdb: takes(['string'], ([of]) => capitals(of)),
    postgres:
      "case when $t1 = '' then '' else (select string_agg(upper(left(word, 1)) || lower(substr(word, 2)), ' ' order by place) from unnest(string_to_array($t1, ' ')) with ordinality as words(word, place)) end",
  },
  STRING,
)
/** The number of characters, or of bytes. */
export const length = unary('length', { duckdb: characters, postgres: 'length($t1)' }, INTEGER)
/** The characters in the other order; combining marks stay with their letter in DuckDB only. */
export const reverse = unary(
  'reverse',
  {
    duckdb: ([of], [type]) => {
      if (type?.kind === 'array') return sql`list_reverse(${of})`
      return type?.kind === 'binary' ? reversedBytes(of) : reversed(wantedAs(of, type, 'string'))
    },
    postgres: (_args, [type], call) => (type?.kind === 'binary' ? call.refuse('of binary') : 'reverse($t1)'),
  },
  typed(([type]) => (type?.kind === 'array' || type?.kind === 'binary' ? type : { kind: 'string' })),
)
export const ascii = unary('ascii', everywhere('ascii($t1)'), INTEGER)
/** The texts one after the other; null when one is null. */
export const concat = variadic(
  'concat',
  {
    duckdb: (args, types) => {
      if (types.some((type) => type?.kind === 'array')) {
        const common = commonOf(types)
        const all = [...args].map((one, i) => asType(one, types[i], common))
        return whenAll(
          all,
          all.reduce((a, b) => sql`list_concat(${a}, ${b})`),
        )
      }
      const texts = [...args].map((one, i) =>
        types[i] ? duckDbDialect.cast({ sql: one, type: types[i] }, { kind: 'string' }, false) : one,
      )
      let all = texts[0] ?? sql`''`
      for (const text of texts.slice(1)) all = sql`${all} || ${text}`
      return args.length < 2 ? sql`cast(${all} as varchar)` : sql`(${all})`
    },
    // PostgreSQL's concat() skips nulls.
    postgres: 'case when num_nulls($t*) = 0 then concat($t*) end',
  },
  typed((types) => (types.some((type) => type?.kind === 'array') ? commonOf(types) : { kind: 'string' })),
)
/** `length` characters from `start`, which counts from 1. */
export const substring = leading<[start: number, length: number]>()(
  'substring',
  { duckdb: sparkSubstring, postgres: postgresSubstring },
  STRING,
)
/** The first characters of a text, or the first bytes. */
export const left = leading<[length: number]>()(
  'left',
  {
    duckdb: (args, types, call) =>
      types[0]?.kind === 'binary'
        ? takes(['binary', 'integer'], ([of, length]) => firstBytes(of, length))(args, types, call)
        : takes(['string', 'integer'], 'left($1, $2)')(args, types, call),
    postgres: ([of, length], [type]) =>
      type?.kind === 'binary' ? sql`substr(${of}, 1, greatest(${length}, 0))` : 'left($t1, $2)',
  },
  typed(([type]) => (type?.kind === 'binary' ? type : { kind: 'string' })),
)
export const right = leading<[length: number]>()('right', everywhere('right($t1, $2)'), STRING)
/** The text cut or filled at its start to a length. */
export const lpad = leading<[length: number, pad: string]>()('lpad', everywhere('lpad($t1, $2, $3)'), STRING)
/** The text cut or filled at its end to a length. */
export const rpad = leading<[length: number, pad: string]>()('rpad', everywhere('rpad($t1, $2, $3)'), STRING)
export const repeat = leading<[times: number]>()(
  'repeat',
  { duckdb: 'repeat(cast($1 as varchar), $2)', postgres: 'repeat($t1, $2)' },
  STRING,
)
/** Each match of a regular expression replaced; `\1` or `$1` in the replacement is its first group. */
export const regexpReplace = leading<[pattern: string, replacement: string]>()(
  'regexp_replace',
  {
    duckdb: ([of, pattern, replacement]) =>
      sql`regexp_replace(${of}, ${pattern}, regexp_replace(${replacement}, '\\$(\\d)', '\\\\\\1', 'g'), 'g')`,
    postgres: ([of, pattern, replacement], _types, call) => {
      const written = constantOf(replacement)
      if (typeof written !== 'string') return call.refuse('with a replacement that is no constant')
      return sql`regexp_replace(${of}, ${regexText(pattern, 'part', call)}, ${written.replaceAll(/[$\\](\d)/g, (_all, group: string) => (group === '0' ? '\\&' : `\\${group}`))}, 'g')`
    },
  },
  STRING,
)
/** The part of the first match that a group caught (0 is the whole match); empty without a match. */
export const regexpExtract = leading<[pattern: string, group: number]>()(
  'regexp_extract',
  { duckdb: 'regexp_extract($1, $2, $3)', postgres: extracted },
  STRING,
)
/** The text with every occurrence of `search` replaced. */
export const replace = leading<[search: string, replacement: string]>()(
  'replace',
  everywhere('replace($t1, $2, $3)'),
  STRING,
)
/** Each character of `from` replaced by the one at its place in `to`. */
export const translate = leading<[from: string, to: string]>()(
  'translate',
  everywhere('translate($t1, $2, $3)'),
  STRING,
)
/** The pieces between the matches of a regular expression. */
export const split = leading<[pattern: string]>()(
  'split',
  {
    duckdb: 'string_split_regex($1, $2)',
    postgres: ([of, pattern], _types, call) => sql`regexp_split_to_array(${of}, ${regexText(pattern, 'part', call)})`,
  },
  STRINGS,
)
/** The piece before the nth delimiter; from the end when n is negative. */
export const substringIndex = leading<[delimiter: string, count: number]>()(
  'substring_index',
  {
    duckdb: ([of, by, n]) =>
      sql`array_to_string(case when ${n} >= 0 then string_split(${of}, ${by})[:${n}] else string_split(${of}, ${by})[${n}:] end, ${by})`,
    postgres: pieces,
  },
  STRING,
)
/** Where `part` first occurs, from 1; 0 when it does not. */
export const instr = leading<[part: string]>()(
  'instr',
  { duckdb: 'cast(instr($1, $2) as integer)', postgres: 'strpos($t1, $2)' },
  INTEGER,
)
export const levenshtein = binary(
  'levenshtein',
  onlyDuckDb(
    takes(['string'], ([one, two]) => editDistance(one, two)),
    'It has no such function without the extension fuzzystrmatch.',
  ),
  INTEGER,
)
export const base64 = unary(
  'base64',
  {
    duckdb: takes(['binary'], 'base64($1)'),
    // PostgreSQL breaks lines, after MIME.
    postgres: "translate(encode(convert_to($t1, 'UTF8'), 'base64'), chr(10), '')",
  },
  STRING,
)
export const unbase64 = unary(
  'unbase64',
  { duckdb: takes(['string'], ([of]) => decodedBase64(of)), postgres: "decode($t1, 'base64')" },
  BINARY,
)
/** The texts that are not null, with `separator` between them. */
function concatWsBuilder<const A extends readonly ColumnOrName[]>(
  separator: string,
  ...columns: A
): Column<string, string, NamesOf<A[number]>, NeedsOf<A[number]>> {
  return new Column({ kind: 'call', fn: 'concat_ws', args: [operand(separator), ...columns.map(named)] })
}
export const concatWs = Object.assign(concatWsBuilder, {
  definition: define('concat_ws', everywhere('concat_ws($t*)'), STRING),
})

/** The group is one further: the whole match is the first, because PostgreSQL gives groups alone. */
function extracted([of, pattern, group]: TemplateArgs, _types: unknown, call: Call): Sql {
  const number = constantOf(group)
  if (typeof number !== 'number') return call.refuse('with a group that is no constant')
  const text = regexText(pattern, 'part', call)
  const whole = text.startsWith('(?i)') ? `(?i)(${text.slice(4)})` : `(${text})`
  return sql`case when ${of} is not null then coalesce((regexp_match(${of}, ${whole}))[${trusted(String(number + 1))}], '') end`
}

function pieces([of, by, n]: TemplateArgs, _types: unknown, call: Call): Sql {
  const count = constantOf(n)
  if (typeof count !== 'number') return call.refuse('with a count that is no constant')
  const all = sql`string_to_array(${of}, ${by})`
  const some =
    count >= 0
      ? sql`(${all})[:${trusted(String(count))}]`
      : sql`(${all})[greatest(1, cardinality(${all}) + 1 - ${trusted(String(-count))}):]`
  return sql`array_to_string(${some}, ${by})`
}

/** Padding may be missing, and what is no digit is left out, as Java reads it. */
function decodedBase64(of: Sql): Sql {
  const bare = sql`rtrim(regexp_replace(${of}, '[^A-Za-z0-9+/=]', '', 'g'), '=')`
  return sql`from_base64(${bare} || repeat('=', (4 - length(${bare}) % 4) % 4))`
}
