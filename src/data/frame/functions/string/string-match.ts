import type { DataType } from '../../../../base/kernel/index.ts'
import { join, type Sql, sql, trusted } from '../../../../base/sql/index.ts'
import { Column, named, operand } from '../../column.ts'
import type { ColumnOrName } from '../../column-types.ts'
import { define, leading, onlyDuckDb } from '../define.ts'
import { takes } from '../math/math-argument.ts'
import { BOOLEAN, INTEGER, type ResultType, STRING, STRINGS } from '../result-type.ts'

// Texts that match others. Regular expressions are RE2's in DuckDB, where Spark's are Java's: what only Java's have
// (looking ahead and behind, back references, possessive quantifiers) fails when the action runs.

/** What methods of columns also do, as functions of two columns. */
const method =
  (fn: string) =>
  (column: ColumnOrName, other: ColumnOrName): Column<boolean | null, string> =>
    new Column({ kind: 'call', fn, args: [named(column), named(other)] })

/** Whether a text matches a pattern of SQL: `%` any text, `_` one character. */
export const like = method('like')
/** `like` without regard to case. */
export const ilike = method('ilike')
/** Whether a text holds a match of a regular expression. */
export const rlike = method('rlike')
/** Whether a text holds another. */
export const contains = method('contains')
export const startswith = method('startswith')
export const endswith = method('endswith')

function matching<R>(name: string, form: Parameters<typeof takes>[1], result: ResultType<R>) {
  const build = (
    column: ColumnOrName,
    pattern: ColumnOrName,
    ...rest: readonly (Column | number)[]
  ): Column<R, string> =>
    new Column({ kind: 'call', fn: name, args: [named(column), named(pattern), ...rest.map(operand)] })
  return Object.assign(build, {
    definition: define(name, onlyDuckDb(takes(['string', 'string', 'integer'], form)), result),
  })
}

/** The same as `rlike`. */
export const regexp = matching('regexp', 'regexp_matches($1, $2)', BOOLEAN)
/** The same as `rlike`. */
export const regexpLike = matching('regexp_like', 'regexp_matches($1, $2)', BOOLEAN)
/** How often a text matches. */
export const regexpCount = matching('regexp_count', 'cast(len(regexp_extract_all($1, $2)) as integer)', INTEGER)
/** The first match; null without one. */
export const regexpSubstr = matching(
  'regexp_substr',
  'case when regexp_matches($1, $2) then regexp_extract($1, $2) end',
  STRING,
)
/** Where the first match begins, from 1; 0 without one. */
export const regexpInstr = matching(
  'regexp_instr',
  "case when regexp_matches($1, $2) then cast(length(regexp_extract($1, '(?s)^(.*?)(?:' || $2 || ')', 1)) + 1 as integer) when $1 is not null and $2 is not null then 0 end",
  INTEGER,
)
/** All matches of a group (the first when not said, 0 for the whole). */
export const regexpExtractAll = matching(
  'regexp_extract_all',
  ([of, pattern, group]) => sql`regexp_extract_all(${of}, ${pattern}, ${group ?? sql`1`})`,
  STRINGS,
)

const ENCODED: readonly (readonly [string, string])[] = [
  ['%20', '+'],
  ['%2A', '*'],
  ['~', '%7E'],
]

/** Text as a part of a URL, as HTML's forms write it (`application/x-www-form-urlencoded`). */
export const urlEncode = leading<[]>()(
  'url_encode',
  onlyDuckDb(
    takes(['string'], ([of]) =>
      ENCODED.reduce<Sql>((made, [from, to]) => sql`replace(${made}, ${from}, ${to})`, sql`url_encode(${of})`),
    ),
  ),
  STRING,
)
/** Text of a part of a URL; the action fails on a percent sign without two digits. */
export const urlDecode = leading<[]>()('url_decode', decoded(false), STRING)
/** `urlDecode` with null for what is not encoded rightly. */
export const tryUrlDecode = leading<[]>()('try_url_decode', decoded(true), STRING)

function decoded(isTry: boolean) {
  return onlyDuckDb(
    takes(['string'], ([of]) => {
      const wrong = isTry ? trusted('null') : sql`error('[CANNOT_DECODE_URL] ' || ${of})`
      return sql`case when regexp_matches(${of}, '%([^0-9A-Fa-f]|.[^0-9A-Fa-f]|.?$)') then ${wrong} else url_decode(replace(${of}, '+', ' ')) end`
    }),
  )
}

const UTF8 = /^utf-?8$/i

/** Text as bytes of a character set, of which UTF-8 is known. */
export const encode = leading<[charset: string]>()(
  'encode',
  onlyDuckDb(takes(['string'], ([of, set], _types, call) => inUtf8(set, call.refuse) && sql`encode(${of})`)),
  { of: () => ({ kind: 'binary' }) } satisfies ResultType<Uint8Array | null>,
)
/** Bytes of a character set as text, of which UTF-8 is known. */
export const decode = leading<[charset: string]>()(
  'decode',
  onlyDuckDb(([of, set], [type]: readonly (DataType | undefined)[], call) => {
    inUtf8(set, call.refuse)
    return type?.kind === 'binary' ? sql`decode(${of})` : of
  }),
  STRING,
)

function inUtf8(set: Sql | undefined, refuse: (why: string, instead?: string) => never): true {
  const [part] = set?.parts ?? []
  const name = part && 'value' in part ? part.value : undefined
  return typeof name === 'string' && UTF8.test(name)
    ? true
    : refuse(`with the character set ${String(name)}`, 'Use UTF-8.')
}

/** The number of elements of a JSON array; null for what is none. */
export const jsonArrayLength = leading<[]>()(
  'json_array_length',
  onlyDuckDb(
    takes(
      ['string'],
      "case when json_valid($1) and json_type($1) = 'ARRAY' then cast(json_array_length($1) as integer) end",
    ),
  ),
  INTEGER,
)
/** The names of the members of a JSON object; null for what is none. */
export const jsonObjectKeys = leading<[]>()(
  'json_object_keys',
  onlyDuckDb(takes(['string'], "case when json_valid($1) and json_type($1) = 'OBJECT' then json_keys($1) end")),
  STRINGS,
)

const URL =
  '^(?:([A-Za-z][A-Za-z0-9+.-]*):)?(?://((?:([^@/?#]*)@)?(\\[[^\\]/?#]*\\]|[^:/?#]*)(?::\\d*)?))?([^?#]*)(?:\\?([^#]*))?(?:#(.*))?$'
const PARTS: Readonly<Record<string, number>> = {
  PROTOCOL: 1,
  AUTHORITY: 2,
  USERINFO: 3,
  HOST: 4,
  PATH: 5,
  QUERY: 6,
  REF: 7,
}
/** What java.net.URI refuses: characters of no URL, a percent sign without two digits, and nothing behind a scheme. */
const NO_URL =
  '[\\x00-\\x20"<>\\\\^`{|}\\x7f]|%(?:[^0-9A-Fa-f]|.[^0-9A-Fa-f]|.?$)|#[^#]*#|^[A-Za-z][A-Za-z0-9+.-]*:(?://)?$'
/** A scheme without a slash behind it: what follows has no parts but the one behind #. */
const OPAQUE = '^[A-Za-z][A-Za-z0-9+.-]*:[^/]'
/** Hosts of the Internet; another authority has no host. */
const HOST = '^[A-Za-z0-9.-]+$|^\\[.*\\]$'

/** A part of a URL (PROTOCOL, AUTHORITY, USERINFO, HOST, PATH, QUERY, REF, FILE), or the value of a key of its query. */
export const parseUrl = leading<[part: string, key?: string]>()('parse_url', urlPart(false), STRING)
/** `parseUrl` with null for what is no URL. */
export const tryParseUrl = leading<[part: string, key?: string]>()('try_parse_url', urlPart(true), STRING)

function urlPart(isTry: boolean) {
  return onlyDuckDb(
    takes(['string'], ([of, part, key]) => {
      const group = (at: number) => sql`nullif(regexp_extract(${of}, ${URL}, ${trusted(String(at))}), '')`
      const wrong = isTry ? trusted('null') : sql`error('[INVALID_URL] ' || ${of})`
      const unless = (found: Sql) =>
        sql`case when regexp_matches(${of}, ${NO_URL}) then ${wrong} when not regexp_matches(${of}, ${OPAQUE}) then ${found} end`
      if (key !== undefined) {
        const found = sql`regexp_extract(coalesce(${group(6)}, ''), '(?:^|&)' || ${key} || '=([^&]*)', 1)`
        return unless(sql`case when ${part} = 'QUERY' then nullif(${found}, '') end`)
      }
      const query = sql`case when regexp_matches(${of}, '^[^#]*[?]') then coalesce(${group(6)}, '') end`
      const reference = sql`case when contains(${of}, '#') then coalesce(${group(7)}, '') end`
      const path = sql`regexp_extract(${of}, ${URL}, 5)`
      const served = (found: Sql) => sql`case when regexp_matches(${group(4)}, ${HOST}) then ${found} end`
      const found = (name: string): Sql => {
        if (name === 'PATH') return unless(path)
        if (name === 'QUERY') return unless(query)
        if (name === 'REF') return reference
        const value = group(PARTS[name] ?? 1)
        return name === 'HOST' || name === 'USERINFO' ? unless(served(value)) : value
      }
      const whens = Object.keys(PARTS).map((name) => sql`when ${name} then ${found(name)}`)
      const file = sql`when 'FILE' then ${unless(sql`${path} || coalesce('?' || ${query}, '')`)}`
      const all = sql`case ${part} ${join([...whens, file], ' ')} end`
      return sql`case when regexp_matches(${of}, ${NO_URL}) then ${wrong} when ${of} is not null then ${all} end`
    }),
  )
}
