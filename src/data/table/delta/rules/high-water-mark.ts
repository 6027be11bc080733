import { MillraceError, type Schema } from '../../../../base/kernel/index.ts'
import { HIGH_WATER_MARK, type Identity } from './column-rules.ts'

/**
 * A schema that remembers the last numbers given to rows (Delta protocol, "Identity Columns").
 * @throws MillraceError DELTA_FEATURE_UNSUPPORTED beyond 2^53
 */
export function withMarks(schema: Schema, marks: Readonly<Record<string, bigint>> | undefined): Schema {
  if (!marks) return schema
  return {
    fields: schema.fields.map((field) => {
      const mark = marks[field.name]
      if (mark === undefined) return field
      if (!Number.isSafeInteger(Number(mark))) {
        throw new MillraceError(
          'DELTA_FEATURE_UNSUPPORTED',
          `numbering the rows of column "${field.name}" up to ${mark}`,
          {
            hint: 'Identity columns are written with numbers below 2^53.',
            data: { features: ['identityColumns'] },
          },
        )
      }
      return { ...field, metadata: { ...field.metadata, [HIGH_WATER_MARK]: Number(mark) } }
    }),
  }
}

/** The last number that is given when so many rows are numbered. */
export function lastNumber({ start, step, highWaterMark }: Identity, rows: number): bigint {
  return (highWaterMark ?? start - step) + step * BigInt(rows)
}
