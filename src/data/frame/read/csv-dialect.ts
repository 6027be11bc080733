import { FILE_OPTIONS, NOT_OFFERED } from './file-options.ts'
import { type LineReading, lineReading } from './lines.ts'
import type { OptionReader, ReadMode } from './read-options.ts'

/** Options of CSV, by Spark's names. */
export const CSV_OPTIONS = [
  'header',
  'sep',
  'delimiter',
  'quote',
  'escape',
  'charToEscapeQuoteEscaping',
  'comment',
  'nullValue',
  'emptyValue',
  'nanValue',
  'positiveInf',
  'negativeInf',
  'inferSchema',
  'samplingRatio',
  'preferDate',
  'enforceSchema',
  'mode',
  'columnNameOfCorruptRecord',
  'encoding',
  'charset',
  'lineSep',
  'multiLine',
  'ignoreLeadingWhiteSpace',
  'ignoreTrailingWhiteSpace',
  'dateFormat',
  'timestampFormat',
  'timestampNTZFormat',
  'unescapedQuoteHandling',
  ...FILE_OPTIONS,
] as const

export const CSV_NOT_OFFERED = {
  ...NOT_OFFERED,
  maxColumns: 'There is no limit to the columns.',
  maxCharsPerColumn: 'There is no limit to a value; a line may have 16 MB.',
  enableDateTimeParsingFallback: 'Say the pattern with dateFormat or timestampFormat.',
  inputBufferSize: 'The engine chooses the size of its buffers.',
  escapeQuotes: 'It is an option of writing.',
  quoteAll: 'It is an option of writing.',
  compression: 'It is an option of writing; files are unpacked as their names end (.gz, .zst).',
}

/** How a CSV text is written, and what its values mean. */
export interface CsvDialect extends LineReading, ValueOptions {
  readonly header: boolean
  readonly sep: string
  /** Nothing when values are never quoted. */
  readonly quote: string
  readonly escaping: string
  /** What stands before an escaping character that is meant as itself; nothing when there is no such. */
  readonly escapeEscape: string
  readonly comment: string
  readonly nullValue: string
  readonly emptyValue: string
  readonly trimStart: boolean
  readonly trimEnd: boolean
  readonly multiLine: boolean
  readonly mode: ReadMode
  /** The column of a schema that gets the text of rows that do not fit. */
  readonly corrupt: string
}

/** How texts become values. */
export interface ValueOptions {
  readonly dateFormat?: string
  readonly timestampFormat?: string
  readonly timestampNtzFormat?: string
  readonly nan: string
  readonly positiveInf: string
  readonly negativeInf: string
}

export function csvDialect(options: OptionReader): CsvDialect {
  const quote = options.character('quote', '"')
  const escaping = options.character('escape', '\\')
  options.word('unescapedQuoteHandling', ['STOP_AT_DELIMITER'], 'STOP_AT_DELIMITER')
  const lines = lineReading(options)
  const multiLine = options.flag('multiLine', false)
  if (multiLine && lines.encoding !== 'utf-8')
    throw options.invalid('encoding', options.text('encoding'), 'UTF-8 with multiLine')
  return {
    ...lines,
    ...valueOptions(options),
    header: options.flag('header', false),
    sep: options.characters('sep', options.characters('delimiter', ',')),
    quote,
    escaping,
    escapeEscape: options.character('charToEscapeQuoteEscaping', escaping === quote ? '' : escaping),
    comment: options.character('comment', ''),
    nullValue: options.text('nullValue') ?? '',
    emptyValue: options.text('emptyValue') ?? '',
    trimStart: options.flag('ignoreLeadingWhiteSpace', false),
    trimEnd: options.flag('ignoreTrailingWhiteSpace', false),
    multiLine,
    mode: options.mode(),
    corrupt: options.text('columnNameOfCorruptRecord') ?? '_corrupt_record',
  }
}

export function valueOptions(options: OptionReader): ValueOptions {
  const formats = {
    dateFormat: options.text('dateFormat'),
    timestampFormat: options.text('timestampFormat'),
    timestampNtzFormat: options.text('timestampNTZFormat'),
  }
  return {
    ...Object.fromEntries(Object.entries(formats).filter(([, pattern]) => pattern !== undefined)),
    nan: options.text('nanValue') ?? 'NaN',
    positiveInf: options.text('positiveInf') ?? 'Inf',
    negativeInf: options.text('negativeInf') ?? '-Inf',
  }
}
