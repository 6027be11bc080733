import type { DataFile, Snapshot } from '../table/index.ts'

/** A date as every writer writes it into a log. */
const DATE = /^\d{4}-\d{2}-\d{2}$/

/**
 * The files of a snapshot that can hold rows in which these columns (by name, in lower case) have these texts. Told
 * by partition columns of dates and texts; a file of which it cannot be told stays.
 */
export function askedFiles(snapshot: Snapshot, asked: Readonly<Record<string, string>>): readonly DataFile[] {
  const wanted = snapshot.partitionBy.flatMap((name) => {
    const text = asked[name.toLowerCase()]
    const kind = snapshot.schema.fields.find((field) => field.name === name)?.type.kind
    const isComparable = kind === 'string' || (kind === 'date' && text !== undefined && DATE.test(text))
    return text !== undefined && isComparable ? [{ name, text, isDate: kind === 'date' }] : []
  })
  if (wanted.length === 0) return snapshot.files
  return snapshot.files.filter(({ partitionValues }) =>
    wanted.every(({ name, text, isDate }) => {
      const value = partitionValues[name]
      // Equality is never true of null.
      if (value === null || value === undefined) return false
      return value === text || (isDate && !DATE.test(value))
    }),
  )
}
