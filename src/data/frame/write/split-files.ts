import { MillraceError } from '../../../base/kernel/index.ts'
import { id, join, type Sql, sql, trusted } from '../../../base/sql/index.ts'
import type { OptionReader } from '../read/read-options.ts'

/** Options of writing files that are not of one format. */
export const WRITE_OPTIONS = ['partitionOverwriteMode', 'maxRecordsPerFile', 'targetFileSize'] as const

/** How rows are split into files. */
export interface Split {
  /** The most rows of a file. */
  readonly records?: number
  /** About as many bytes a file gets. */
  readonly bytes?: number
}

/** The column that numbers the files of a partition while they are written. */
export const SPLIT_COLUMN = 'millrace_file'

const UNITS: Readonly<Record<string, number>> = {
  '': 1,
  b: 1,
  k: 1024,
  kb: 1024,
  m: 1024 ** 2,
  mb: 1024 ** 2,
  g: 1024 ** 3,
  gb: 1024 ** 3,
}

/** @throws MillraceError OPTION_INVALID */
export function splitOptions(options: OptionReader, partitionBy: readonly string[]): Split {
  const isCount = (of: number) => Number.isSafeInteger(of)
  const records = options.number('maxRecordsPerFile', isCount, 'a whole number; 0 or less for no limit')
  const size = options.text('targetFileSize')
  const bytes = size === undefined ? undefined : byteSize(size)
  if (size !== undefined && bytes === undefined) throw options.invalid('targetFileSize', size, 'a size such as 128MB')
  if (bytes !== undefined && (partitionBy.length > 0 || (records ?? 0) > 0)) {
    throw new MillraceError(
      'OPTION_INVALID',
      'targetFileSize goes together with neither partitionBy nor maxRecordsPerFile',
      {
        hint: 'Split the files of partitions with maxRecordsPerFile.',
      },
    )
  }
  return { ...(records !== undefined && records > 0 ? { records } : {}), ...(bytes === undefined ? {} : { bytes }) }
}

function byteSize(text: string): number | undefined {
  const [, digits, unit = ''] = /^\s*(\d+)\s*([a-z]{0,2})\s*$/i.exec(text) ?? []
  const factor = UNITS[unit.toLowerCase()]
  const bytes = digits === undefined || factor === undefined ? 0 : Number(digits) * factor
  return bytes > 0 && Number.isSafeInteger(bytes) ? bytes : undefined
}

/** Rows with the number of the file each goes to. */
export function numbered(rows: Sql, partitionBy: readonly string[], records: number): Sql {
  const by = partitionBy.length === 0 ? sql`` : sql`partition by ${join(partitionBy.map((name) => id(name)))}`
  return sql`select *, (row_number() over (${by}) - 1) // ${trusted(String(records))} as ${id(SPLIT_COLUMN)} from (${rows}) as numbered`
}
