import { type Sql, sql, trusted } from '../../../../base/sql/index.ts'

// Upper and lower case as Spark has them, by Unicode's SpecialCasing: a letter may become several. DuckDB knows the
// letters that become one. Texts of ASCII, which have as many bytes as characters, go straight to it.

const SEVERAL = ['ß', 'ŉ', 'ǰ', 'և', 'ﬀ', 'ﬁ', 'ﬂ', 'ﬃ', 'ﬄ', 'ﬅ', 'ﬆ']

function unlessAscii(of: Sql, plain: Sql, otherwise: Sql): Sql {
  return sql`case when strlen(${of}) = length(${of}) then ${plain} else ${otherwise} end`
}

export function upperCase(of: Sql): Sql {
  const spelled = SEVERAL.reduce(
    (made, letter) => sql`replace(${made}, ${trusted(`'${letter}'`)}, ${trusted(`'${letter.toUpperCase()}'`)})`,
    of,
  )
  return unlessAscii(of, sql`upper(${of})`, sql`upper(${spelled})`)
}

/** A sigma at the end of a word has a form of its own. */
export function lowerCase(of: Sql): Sql {
  const dotted = sql`replace(${of}, 'İ', ${trusted("'i\u0307'")})`
  const ended = sql`regexp_replace(${dotted}, '(\\p{L}\\p{M}*)Σ(\\P{L}|$)', '\\1ς\\2', 'g')`
  return unlessAscii(of, sql`lower(${of})`, sql`lower(${ended})`)
}

/** Each word with a capital and the rest small, words being parted by spaces. */
export function capitals(of: Sql): Sql {
  const word = sql`upper(w[1]) || lower(w[2:])`
  const plain = sql`array_to_string(list_transform(string_split(${of}, ' '), lambda w: ${word}), ' ')`
  const first = upperCase(sql`left(w, 1)`)
  const titled = sql`(left(${first}, 1) || lower(substring(${first}, 2)) || substring(w, 2))`
  const all = sql`list_transform(string_split(${lowerCase(of)}, ' '), lambda w: ${titled})`
  return unlessAscii(of, plain, sql`array_to_string(${all}, ' ')`)
}

/** The characters of a text in the other order; DuckDB would keep marks with their letters. */
export function reversed(of: Sql): Sql {
  return unlessAscii(of, sql`reverse(${of})`, sql`array_to_string(list_reverse(string_split(${of}, '')), '')`)
}

/** How many characters apart two texts are, where DuckDB counts bytes: each character is given an ASCII one. */
export function editDistance(one: Sql, two: Sql): Sql {
  const codes = trusted(
    `'${Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i))
      .join('')
      .replaceAll("'", "''")}'`,
  )
  const all = sql`array_to_string(list_distinct(string_split(${one} || ${two}, '')), '')`
  const coded = (of: Sql) => sql`translate(${of}, ${all}, ${codes})`
  const many = sql`error('[UNSUPPORTED_FEATURE] levenshtein() of texts with more than 95 different characters')`
  const counted = sql`case when length(${all}) > 95 then ${many} else levenshtein(${coded(one)}, ${coded(two)}) end`
  return sql`cast(${unlessAscii(sql`(${one} || ${two})`, sql`levenshtein(${one}, ${two})`, counted)} as integer)`
}
