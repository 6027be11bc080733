import { type ValueOptions, valueOptions } from './csv-dialect.ts'
import { FILE_OPTIONS, NOT_OFFERED } from './file-options.ts'
import { type LineReading, lineReading } from './lines.ts'
import type { OptionReader, ReadMode } from './read-options.ts'

/** Options of JSON, by Spark's names. */
export const JSON_OPTIONS = [
  'mode',
  'multiLine',
  'columnNameOfCorruptRecord',
  'dateFormat',
  'timestampFormat',
  'timestampNTZFormat',
  'primitivesAsString',
  'dropFieldIfAllNull',
  'samplingRatio',
  'inferTimestamp',
  'encoding',
  'charset',
  'lineSep',
  'allowComments',
  'allowSingleQuotes',
  'allowUnquotedFieldNames',
  'allowNumericLeadingZeros',
  ...FILE_OPTIONS,
] as const

export const JSON_NOT_OFFERED = {
  ...NOT_OFFERED,
  prefersDecimal: 'Name the decimals in a schema: read.schema("price decimal(10,2)").',
  allowNonNumericNumbers: 'NaN and Infinity are always numbers.',
  allowUnquotedControlChars: 'Control characters in texts must be escaped.',
  allowBackslashEscapingAnyCharacter: 'A backslash stands before what JSON escapes only.',
  enableDateTimeParsingFallback: 'Say the pattern with dateFormat or timestampFormat.',
  compression: 'It is an option of writing; files are unpacked as their names end (.gz, .zst).',
  ignoreNullFields: 'It is an option of writing.',
}

/** How a JSON text is written, and what its values mean. */
export interface JsonDialect extends LineReading, ValueOptions {
  readonly mode: ReadMode
  /** A file is one object, or one array of objects. */
  readonly multiLine: boolean
  readonly corrupt: string
  readonly comments: boolean
  readonly singleQuotes: boolean
  readonly unquotedNames: boolean
  readonly leadingZeros: boolean
}

export function jsonDialect(options: OptionReader): JsonDialect {
  const lines = lineReading(options)
  const multiLine = options.flag('multiLine', false)
  if (multiLine && lines.encoding !== 'utf-8')
    throw options.invalid('encoding', options.text('encoding'), 'UTF-8 with multiLine')
  if (options.flag('inferTimestamp', false))
    throw options.invalid('inferTimestamp', true, 'false; name timestamps in a schema')
  return {
    ...lines,
    ...valueOptions(options),
    mode: options.mode(),
    multiLine,
    corrupt: options.text('columnNameOfCorruptRecord') ?? '_corrupt_record',
    comments: options.flag('allowComments', false),
    singleQuotes: options.flag('allowSingleQuotes', true),
    unquotedNames: options.flag('allowUnquotedFieldNames', false),
    leadingZeros: options.flag('allowNumericLeadingZeros', false),
  }
}
