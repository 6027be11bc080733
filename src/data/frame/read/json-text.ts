import { literal, type Sql, sql } from '../../../base/sql/index.ts'
import type { JsonDialect } from './json-options.ts'

/** A text as JSON, null where it is none by the rules of the dialect. */
export function jsonOf(text: Sql, dialect: JsonDialect): Sql {
  const { comments, singleQuotes, unquotedNames, leadingZeros } = dialect
  const isLenient = comments || singleQuotes || unquotedNames || leadingZeros
  const strict = sql`(json_valid(${text}) and not ${hasLooseComma(text)})`
  const repaired = isLenient ? repair(text, dialect) : text
  // What follows the first object or array is not looked at.
  const first = sql`regexp_extract(x, ${literal(`^\\s*${balanced(DEEPEST)}`)})`
  const valid = (of: Sql) => sql`when json_valid(${of}) and not ${hasLooseComma(of)} then try_cast(${of} as json)`
  return sql`case when ${strict} then try_cast(${text} as json) else [case ${valid(sql`x`)} ${valid(first)} end for x in [${repaired}]][1] end`
}

/** How deep arrays and objects may lie in one another where something follows them. */
const DEEPEST = 12

/** An object or array, up to its end. */
function balanced(depth: number): string {
  const plain = `[^{}\\[\\]"]|${QUOTED}`
  return `[\\[{](?:${plain}${depth > 0 ? `|${balanced(depth - 1)}` : ''})*[\\]}]`
}

const QUOTED = '"(?:[^"\\\\]|\\\\.)*"'

/** Whether a comma stands before the end of an object or array, which DuckDB takes. */
function hasLooseComma(text: Sql): Sql {
  const loose = (of: Sql) => sql`regexp_matches(${of}, ',\\s*[}\\]]')`
  return sql`(${loose(text)} and ${loose(sql`regexp_replace(${text}, ${literal(QUOTED)}, '""', 'g')`)})`
}

/** A JSON value as text in which an empty object has a member without a name, by which it is told from a mixture. */
export function withNamelessMembers(json: Sql): Sql {
  const text = sql`cast(${json} as varchar)`
  const tokens = sql`regexp_extract_all(${text}, ${literal(`${QUOTED}|[{]\\s*[}]|(?s:[^"{]+|.)`)})`
  const marked = sql`array_to_string([case when starts_with(t, '{') and ends_with(t, '}') then '{"":null}' else t end for t in ${tokens}], '')`
  return sql`case when regexp_matches(${text}, '[{]\\s*[}]') then try_cast(${marked} as json) else ${json} end`
}

/** A text in which what Spark allows beside JSON is written as JSON. */
function repair(text: Sql, { comments, singleQuotes, unquotedNames, leadingZeros }: JsonDialect): Sql {
  const single = "'(?:[^'\\\\]|\\\\.)*'"
  const comment = '/\\*(?s:.*?)\\*/|//[^\\n]*'
  const pattern = [QUOTED, ...(singleQuotes ? [single] : []), ...(comments ? [comment] : [])].join('|')
  const inner = sql`replace(replace(t[2:-2], ${literal("\\'")}, ${literal("'")}), '"', ${literal('\\"')})`
  // A quote that was escaped already would be escaped twice.
  const requoted = sql`'"' || replace(${inner}, ${literal('\\\\"')}, ${literal('\\"')}) || '"'`
  let rest = sql`t`
  if (unquotedNames)
    rest = sql`regexp_replace(${rest}, '([{,]\\s*)([A-Za-z_$][A-Za-z0-9_$]*)(\\s*:)', '\\1"\\2"\\3', 'g')`
  if (leadingZeros) rest = sql`regexp_replace(${rest}, '([:\\[,]\\s*-?)0+([0-9])', '\\1\\2', 'g')`
  const tokens = sql`regexp_extract_all(${text}, ${literal(`${pattern}|(?s:[^"'/]+|.)`)})`
  const whens = [
    ...(singleQuotes ? [sql`when length(t) > 1 and starts_with(t, '''') then ${requoted}`] : []),
    ...(comments ? [sql`when starts_with(t, '/*') or starts_with(t, '//') then ' '`] : []),
  ]
  const tail = whens.reduce((so, one) => sql`${so} ${one}`, sql`when length(t) > 1 and starts_with(t, '"') then t`)
  return sql`array_to_string([case ${tail} else ${rest} end for t in ${tokens}], '')`
}

/** Stands before the digits of a number that JSON in the engine would round. */
export const EXACT = '\u0001#'

/** A fraction of more digits than a double has. */
const LONG_FRACTION = '[0-9][0-9.]{16}'
const FRACTION = '-?[0-9]+[.][0-9]+(?:[eE][+-]?[0-9]+)?'

/** JSON of a text in which, if it has long fractions, numbers with fractions are texts that keep their digits. */
export function withExactFractions(text: Sql, json: Sql): Sql {
  const tokens = sql`regexp_extract_all(cast(${json} as varchar), ${literal(`${QUOTED}|[^"]+`)})`
  const replaced = sql`regexp_replace(t, ${literal(`(${FRACTION})`)}, ${literal('"\\\\u0001#\\1"')}, 'g')`
  const marked = sql`array_to_string([case when starts_with(t, '"') then t else ${replaced} end for t in ${tokens}], '')`
  return sql`case when regexp_matches(${text}, ${literal(LONG_FRACTION)}) then try_cast(${marked} as json) else ${json} end`
}
