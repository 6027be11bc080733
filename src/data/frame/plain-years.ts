import type { DataType } from '../../base/kernel/index.ts'

const BEFORE_CHRIST = /^(\d{4,6})(-\d\d-\d\d) \(BC\)(?: (.*))?$/
/** How long texts of dates and timestamps are whose years are usual ones. */
const USUAL: Readonly<Record<string, number>> = { date: 10, timestamp: 27, timestamp_ntz: 26 }

/** Rows in which years before 1 are numbers, as ISO 8601 and Spark count them: 0 is the year before 1. */
export function plainYears<R>(
  rows: R[],
  columns: readonly { readonly name: string; readonly type: DataType | undefined }[],
): R[] {
  const moments = columns.flatMap(({ name, type }) => {
    const usual = USUAL[type?.kind ?? '']
    return usual === undefined ? [] : [{ name, usual }]
  })
  if (moments.length === 0) return rows
  for (const row of rows as Record<string, unknown>[]) {
    for (const { name, usual } of moments) {
      const text = row[name]
      if (typeof text === 'string' && text.length > usual) row[name] = plainYear(text)
    }
  }
  return rows
}

function plainYear(text: string): string {
  const [, year, day, clock] = BEFORE_CHRIST.exec(text) ?? []
  if (year === undefined) return text
  const number = Number(year) - 1
  return `${number === 0 ? '' : '-'}${String(number).padStart(4, '0')}${day}${clock === undefined ? '' : `T${clock}`}`
}
