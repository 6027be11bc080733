import { type DataType, formatType, MillraceError } from '../../../../base/kernel/index.ts'
import { id, join, literal, type Sql, sql, trusted } from '../../../../base/sql/index.ts'
import { Column, named, operand } from '../../column.ts'
import type { Argument, ColumnOrName, NamesOf, NeedsOf } from '../../column-types.ts'
import { constantOf } from '../../dialect/constant.ts'
import type { ReadOptions } from '../../plan.ts'
import { corruptType } from '../../read/csv.ts'
import { CSV_NOT_OFFERED, CSV_OPTIONS, type CsvDialect, csvDialect } from '../../read/csv-dialect.ts'
import { tokensOf } from '../../read/csv-tokens.ts'
import { csvTypeText } from '../../read/csv-types.ts'
import { OptionReader } from '../../read/read-options.ts'
import { textValue } from '../../read/text-value.ts'
import { parseSchema } from '../../schema-text.ts'
import { csvLines, csvValue, valueText } from '../../write/text-lines.ts'
import type { RowNamed } from '../../written-type.ts'
import type { Takes } from '../argument-kind.ts'
import { type Call, define, type GivenNeeds, onlyDuckDb, type TemplateArgs } from '../define.ts'
import { wantedAs } from '../math/math-argument.ts'
import { STRING } from '../result-type.ts'
import { decimalText } from './json-write.ts'

// Lines of CSV in a column: read and written as files of CSV are.

const NO_CSV = 'It reads and writes no CSV in a column.'
const written = (options: ReadOptions | undefined) => (options === undefined ? [] : [operand(JSON.stringify(options))])

/**
 * A line of CSV as a struct of the schema, such as `'id bigint, name string'`; options are those of reading CSV, such as
 * `{ sep: ';' }`. A value of another type is null; with the mode FAILFAST the action fails.
 */
function fromCsvBuilder<const A extends ColumnOrName, const S extends string>(
  column: A & Argument<Takes<'from_csv'>>,
  schema: S,
  options?: ReadOptions,
): Column<RowNamed<S> | null, string, NamesOf<A>, GivenNeeds<A, 'from_csv'>> {
  parseSchema(schema)
  reading('from_csv', options)
  return new Column({ kind: 'call', fn: 'from_csv', args: [named(column), operand(schema), ...written(options)] })
}
export const fromCsv = Object.assign(fromCsvBuilder, {
  definition: define('from_csv', onlyDuckDb(reads, NO_CSV), {
    of: (_types: readonly (DataType | undefined)[], args?: readonly Sql[]) => rowOf(args?.[1]),
  }),
})

/** A struct as a line of CSV; options are those of writing CSV, such as `{ sep: ';', quoteAll: true }`. */
function toCsvBuilder<const A extends ColumnOrName>(
  column: A,
  options?: ReadOptions,
): Column<string | null, string, NamesOf<A>, NeedsOf<A>> {
  csvLines(new OptionReader('to_csv()', options ?? {}, TO_CSV))
  return new Column({ kind: 'call', fn: 'to_csv', args: [named(column), ...written(options)] })
}
export const toCsv = Object.assign(toCsvBuilder, {
  definition: define('to_csv', onlyDuckDb(writes, NO_CSV), STRING),
})

/** The types of a line of CSV that is a constant, such as `'STRUCT<_c0: INT, _c1: STRING>'`, which `fromCsv` reads by. */
function schemaOfCsvBuilder(csv: string | Column, options?: ReadOptions): Column<string, string, never, unknown> {
  reading('schema_of_csv', options)
  return new Column({ kind: 'call', fn: 'schema_of_csv', args: [operand(csv), ...written(options)] })
}
export const schemaOfCsv = Object.assign(schemaOfCsvBuilder, {
  definition: define('schema_of_csv', onlyDuckDb(typesOf, NO_CSV), STRING),
})

/** Options of writing that mean something for one line. */
const TO_CSV = [
  'sep', 'delimiter', 'quote', 'escape', 'charToEscapeQuoteEscaping', 'nullValue', 'emptyValue', 'quoteAll',
  'escapeQuotes', 'ignoreLeadingWhiteSpace', 'ignoreTrailingWhiteSpace', 'dateFormat', 'timestampFormat',
  'timestampNTZFormat',
] as const // biome-ignore format: a list

/** @throws MillraceError OPTION_UNKNOWN, OPTION_INVALID */
function reading(fn: string, options: ReadOptions = {}): CsvDialect & { readonly preferDate: boolean } {
  const reader = new OptionReader(`${fn}()`, options, CSV_OPTIONS, CSV_NOT_OFFERED)
  const dialect = csvDialect(reader)
  if (dialect.mode === 'DROPMALFORMED') {
    throw new MillraceError('OPTION_INVALID', `the mode of ${fn}() is not one of PERMISSIVE, FAILFAST`, {
      hint: 'A function of a column cannot drop rows: filter those whose values are null.',
    })
  }
  return { ...dialect, preferDate: reader.flag('preferDate', true) }
}

function rowOf(schema: Sql | undefined): Extract<DataType, { kind: 'struct' }> | undefined {
  const text = constantOf(schema)
  if (typeof text !== 'string') return undefined
  return { kind: 'struct', fields: parseSchema(text).fields.map((field) => ({ ...field, nullable: true })) }
}

function optionsOf(given: Sql | undefined, call: Call): ReadOptions {
  if (given === undefined) return {}
  const text = constantOf(given)
  return typeof text === 'string'
    ? (JSON.parse(text) as ReadOptions)
    : call.refuse('with options that are no constants')
}

function reads([of, schema, given]: TemplateArgs, [type]: readonly (DataType | undefined)[], call: Call): Sql {
  const row = rowOf(schema)
  if (row === undefined) return call.refuse('with a schema that is no constant')
  const dialect = reading('from_csv', optionsOf(given, call))
  const corrupt = row.fields.find(({ name }) => name === dialect.corrupt)
  if (corrupt && corrupt.type.kind !== 'string') throw corruptType(corrupt)
  const stored = row.fields.filter((field) => field !== corrupt)
  const texts = stored.map(
    (_field, at) => sql`${trusted(`t${at}`)} := nullif(tokens.k[${literal(at + 1)}], ${literal(dialect.nullValue)})`,
  )
  const taken = sql`struct_pack(${join([sql`r := tokens.r`, sql`n := len(tokens.k)`, ...texts])})`
  const textOf = (at: number) => sql`taken.${trusted(`t${at}`)}`
  const values = stored.map(({ type: to }, at) => textValue(textOf(at), to, dialect))
  const wrong = stored.flatMap(({ type: to }, at) =>
    to.kind === 'string' ? [] : [sql`(${textOf(at)} is not null and ${values[at] ?? sql`null`} is null)`],
  )
  const bad = sql`(${join([sql`taken.n <> ${literal(stored.length)}`, ...wrong], ' or ')})`
  const members = row.fields.map((field) =>
    field === corrupt
      ? sql`${id(field.name)} := case when ${bad} then nullif(taken.r, '') end`
      : sql`${id(field.name)} := ${values[stored.indexOf(field)] ?? sql`null`}`,
  )
  const made = sql`struct_pack(${join(members)})`
  const value =
    dialect.mode === 'FAILFAST'
      ? sql`case when ${bad} then error('[MALFORMED_RECORD_IN_PARSING] The text is no CSV of the schema') else ${made} end`
      : made
  const tokens = sql`struct_pack(r := line, k := ${tokensOf(sql`line`, dialect)})`
  const lists = sql`list_transform(list_transform(list_transform([${wantedAs(of, type, 'string')}], lambda line: ${tokens}), lambda tokens: ${taken}), lambda taken: case when taken.r is not null then ${value} end)`
  return sql`${lists}[1]`
}

function writes([of, given]: TemplateArgs, [type]: readonly (DataType | undefined)[], call: Call): Sql {
  if (type === undefined) return call.refuse('of what is of no known type')
  if (type.kind !== 'struct') {
    throw new MillraceError('COLUMN_TYPE', `to_csv() takes structs, and not ${formatType(type)}`, {
      hint: 'Put the columns into a struct: toCsv(struct("a", "b")).',
    })
  }
  const form = csvLines(new OptionReader('to_csv()', optionsOf(given, call), TO_CSV))
  const values = type.fields.map((field) => {
    if (field.type.kind === 'array' || field.type.kind === 'map' || field.type.kind === 'struct') {
      throw new MillraceError('COLUMN_TYPE', `to_csv() writes no ${formatType(field.type)}: "${field.name}"`, {
        hint: 'Write it as text with toJson(), or take it apart.',
      })
    }
    const member = sql`struct_extract(${of}, ${literal(field.name)})`
    const text = field.type.kind === 'decimal' ? decimalText(member, field.type) : valueText(member, field.type, form)
    return csvValue(text, form)
  })
  return sql`case when ${of} is not null then ${join(values, ` || '${form.sep.replaceAll("'", "''")}' || `)} end`
}

function typesOf([of, given]: TemplateArgs, _types: unknown, call: Call): Sql {
  if (typeof constantOf(of) !== 'string') return call.refuse('of what is no constant text')
  const dialect = reading('schema_of_csv', optionsOf(given, call))
  const one = csvTypeText(sql`nullif(item, ${literal(dialect.nullValue)})`, dialect)
  const all = sql`list_transform(${tokensOf(of, dialect)}, lambda item, place: '_c' || (place - 1) || ': ' || ${one})`
  return sql`'STRUCT<' || array_to_string(${all}, ', ') || '>'`
}
