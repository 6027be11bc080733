import { type DataType, formatType, MillraceError } from '../../../../base/kernel/index.ts'
import { type Sql, sql } from '../../../../base/sql/index.ts'
import { Column, named, operand } from '../../column.ts'
import type { ColumnOrName, NamesOf, NeedsOf } from '../../column-types.ts'
import { constantOf } from '../../dialect/constant.ts'
import { sentences as sentencesOf, soundex as soundexOf } from '../../native/words.ts'
import { type Call, define, everywhere, leading, onlyDuckDb, type TemplateArgs, unary } from '../define.ts'
import { takes } from '../math/math-argument.ts'
import { nativeOf } from '../native.ts'
import { type ResultType, STRING } from '../result-type.ts'

const SOUNDEX = nativeOf('soundex', { kind: 'string' }, soundexOf)
const SENTENCES = nativeOf('sentences', { kind: 'string' }, (text: string) => JSON.stringify(sentencesOf(text)))

function onlyText(of: Sql, type: DataType | undefined): Sql {
  if (type === undefined || type.kind === 'string') return of
  if (type.kind === 'null') return sql`cast(null as varchar)`
  throw new MillraceError('COLUMN_TYPE', `an argument must be a text, and is ${formatType(type)}`, {
    hint: "Convert it first, by col('…').cast('string').",
  })
}

/** How an English word sounds: a letter and three digits. */
export const soundex = unary(
  'soundex',
  onlyDuckDb(
    ([of], [type]) => SOUNDEX.call(onlyText(of, type)),
    'It has no such function without the extension fuzzystrmatch.',
  ),
  STRING,
  { natives: [SOUNDEX] },
)

/** The text in single quotes, with a backslash before each that is in it. */
export const quote = unary(
  'quote',
  onlyDuckDb(
    takes(['string'], ([of]) => sql`'''' || replace(${of}, '''', '\\''') || ''''`),
    'It has quote_literal().',
  ),
  STRING,
)

const WORDS: ResultType<string[][] | null> = {
  of: () => ({
    kind: 'array',
    element: { kind: 'array', element: { kind: 'string' }, containsNull: true },
    containsNull: true,
  }),
}

function sentencesBuilder<const A extends ColumnOrName>(
  column: A,
  language?: ColumnOrName,
  country?: ColumnOrName,
): Column<string[][] | null, string, NamesOf<A>, NeedsOf<A>> {
  const [one, two] = [language ?? '', country ?? ''].map((given) => (given === '' ? operand('') : named(given)))
  return new Column({ kind: 'call', fn: 'sentences', args: [named(column), one ?? operand(''), two ?? operand('')] })
}
/** The words of each sentence. Sentences end at `.`, `!` and `?` in every language; the language has no effect. */
export const sentences = Object.assign(sentencesBuilder, {
  definition: define(
    'sentences',
    onlyDuckDb(
      takes(['string', 'string', 'string'], ([of]) => sql`cast(cast(${SENTENCES.call(of)} as json) as varchar[][])`),
    ),
    WORDS,
    { natives: [SENTENCES] },
  ),
})

/** The part of a text or of bytes from `start`, which counts from 1 (from the end when negative), of `length` or up to the end. */
function substrBuilder<const A extends ColumnOrName>(
  column: A,
  start: ColumnOrName | number,
  length?: ColumnOrName | number,
  // biome-ignore lint/suspicious/noExplicitAny: text or bytes
): Column<any, string, NamesOf<A>, NeedsOf<A>> {
  return new Column({
    kind: 'call',
    fn: 'substr',
    args: [named(column), named(start), ...(length === undefined ? [] : [named(length)])],
  })
}
export const substr = Object.assign(substrBuilder, {
  definition: define(
    'substr',
    onlyDuckDb((args, types, call) =>
      types[0]?.kind === 'binary'
        ? bytePart(args)
        : takes(['string', 'integer', 'integer'], characterPart)(args, types, call),
    ),
    { of: ([type]) => (type?.kind === 'binary' ? type : { kind: 'string' }) },
  ),
})

const REST = sql`2147483647`

/** Java's way: a start before the text takes from the length. */
function place([, start, length = REST]: TemplateArgs, size: Sql): { from: Sql; count: Sql } {
  const from = sql`(case when ${start} > 0 then ${start} - 1 when ${start} < 0 then ${size} + ${start} else 0 end)`
  const until = sql`least(${from} + cast(${length} as bigint), ${size})`
  return { from: sql`greatest(${from}, 0)`, count: sql`greatest(${until} - greatest(${from}, 0), 0)` }
}

function characterPart(args: TemplateArgs): Sql {
  const { from, count } = place(args, sql`length(${args[0]})`)
  return sql`substring(${args[0]}, cast(${from} + 1 as bigint), cast(${count} as bigint))`
}

function bytePart(args: TemplateArgs): Sql {
  const { from, count } = place(args, sql`octet_length(${args[0]})`)
  return sql`unhex(substring(hex(${args[0]}), cast(2 * (${from}) + 1 as bigint), cast(2 * (${count}) as bigint)))`
}

/** The text with a collation, of which only `UTF8_BINARY` is known: text is compared by its bytes. */
export const collate = leading<[collation: string]>()('collate', everywhere(binaryOnly), STRING)
/** The collation of a text, which is `UTF8_BINARY` always. */
export const collation = unary('collation', everywhere("'SYSTEM.BUILTIN.UTF8_BINARY'"), STRING)

function binaryOnly([of, name]: TemplateArgs, _types: unknown, call: Call): Sql {
  const given = constantOf(name)
  if (typeof given === 'string' && given.toUpperCase() === 'UTF8_BINARY') return of
  if (given === undefined) return call.refuse('with a collation that is no constant')
  throw new MillraceError('OPTION_INVALID', `the collation ${String(given)} is not one of UTF8_BINARY`, {
    hint: 'Text is compared by its bytes; compare lower(…) where the case shall not count.',
  })
}
