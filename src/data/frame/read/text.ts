import { MillraceError, type Schema } from '../../../base/kernel/index.ts'
import { id, join, literal, type Sql, sql } from '../../../base/sql/index.ts'
import type { Relation } from '../compile/compile.ts'
import type { ReadOptions } from '../plan.ts'
import { FILE_OPTIONS, type FileChoice, fileChoice, NOT_OFFERED } from './file-options.ts'
import { type LineReading, lineReading, textsOf, wholeTextsOf } from './lines.ts'
import { OptionReader } from './read-options.ts'
import { inFiles, partScans, withPartitions } from './scan.ts'
import type { SourceFiles } from './source-files.ts'

const readerOf = (written: ReadOptions) =>
  new OptionReader('text', written, ['wholetext', 'lineSep', ...FILE_OPTIONS], {
    ...NOT_OFFERED,
    encoding: 'Text is UTF-8.',
    compression: 'It is an option of writing; files are unpacked as their names end (.gz, .zst).',
  })

/** @throws MillraceError OPTION_UNKNOWN, OPTION_INVALID */
export function textChoice(written: ReadOptions): FileChoice {
  return fileChoice(readerOf(written))
}

/** Files as one column of text: a row a line, or a row a file with `wholetext`. */
export async function textRelation(
  from: SourceFiles,
  given: Schema | undefined,
  written: ReadOptions,
): Promise<Relation> {
  const options = readerOf(written)
  const lines = lineReading(options)
  const whole = options.flag('wholetext', false)
  const fields = given ? inFiles(given, from) : [{ name: 'value', type: { kind: 'string' }, nullable: true } as const]
  const [field] = fields
  if (fields.length !== 1 || field?.type.kind !== 'string') {
    throw new MillraceError('COLUMN_TYPE', 'reading text: there is one column of string in it', {
      hint: 'Leave out the schema, or write "value string".',
    })
  }
  const selects = partScans(from, from.files).map(({ files, partitions }) => {
    const folders = partitions.map((value, at) => sql`${value} as ${id(from.partitions[at]?.name ?? '')}`)
    return sql`select ${join([sql`${whole ? sql`content` : splitText(lines)} as ${id(field.name)}`, ...folders])} from ${whole ? wholeTextsOf(files) : textsOf(files)}`
  })
  return { sql: sql`(${join(selects, ' union all ')})`, schema: withPartitions({ fields }, from) }
}

/** The lines of a text; what follows the last end of a line is one unless it is nothing. */
function splitText({ lineSep }: LineReading): Sql {
  const ends =
    lineSep === undefined ? sql`regexp_matches(content, '[\\r\\n]$')` : sql`ends_with(content, ${literal(lineSep)})`
  const parts =
    lineSep === undefined
      ? sql`string_split_regex(content, '\\r\\n|\\n|\\r')`
      : sql`string_split(content, ${literal(lineSep)})`
  return sql`unnest(case when ${ends} or content = '' then ${parts}[:-2] else ${parts} end)`
}
