import { z } from 'zod'
import { type Json, MillraceError } from '../../../base/kernel/index.ts'
import { sql } from '../../../base/sql/index.ts'
import { defineExpectation, type Subject, type Verdict } from '../expectation.ts'
import { columnName } from '../kwargs.ts'
import { toJson, toNumber } from '../literal.ts'
import { median, robustScore } from '../robust-score.ts'

/** How unlike its own past a value may be. */
const usual = {
  max_z_score: z.number().positive().default(3.5),
  /** With fewer days of history every value is usual. */
  min_history: z.int().min(3).default(4),
  same_weekday: z.boolean().default(true),
}
type Usual = { max_z_score: number; min_history: number; same_weekday: boolean; tolerance: number }

const rowCount = defineExpectation({
  type: 'expect_table_row_count_to_be_usual',
  summary:
    'The number of rows is like that of the days before, of the same weekday unless told: its robust z-score (by median and MAD) is at most max_z_score, or it differs by no more than a share (tolerance) of the median.',
  remembers: true,
  kwargs: z.strictObject({ ...usual, tolerance: z.number().min(0).default(0.05) }),
  check: (kwargs, on) => {
    const past = pastOf(on, 'expect_table_row_count_to_be_usual', undefined, kwargs.same_weekday)
    return {
      kind: 'aggregate',
      measures: { rows: sql`count(*)` },
      judge: ({ rows }) => judged(toNumber(rows) ?? 0, past, kwargs, kwargs.tolerance * (median(past) ?? 0)),
    }
  },
})

const nullShare = defineExpectation({
  type: 'expect_column_null_share_to_be_usual',
  summary:
    'The share of missing values is like that of the days before, of the same weekday unless told: its robust z-score (by median and MAD) is at most max_z_score, or it differs by no more than tolerance.',
  remembers: true,
  kwargs: z.strictObject({ column: columnName, ...usual, tolerance: z.number().min(0).default(0.01) }),
  check: ({ column: name, ...kwargs }, on) => {
    const column = on.column(name)
    const past = pastOf(on, 'expect_column_null_share_to_be_usual', name, kwargs.same_weekday)
    return {
      kind: 'aggregate',
      measures: { rows: sql`count(*)`, present: sql`count(${column.sql})` },
      judge: ({ rows, present }) => {
        const all = toNumber(rows) ?? 0
        const share = all === 0 ? 0 : (all - (toNumber(present) ?? 0)) / all
        return judged(share, past, kwargs, kwargs.tolerance)
      },
    }
  },
})

function pastOf(on: Subject, type: string, column: string | undefined, sameWeekday: boolean): readonly number[] {
  if (!on.past) {
    throw new MillraceError('EXPECTATION_INVALID', 'comparing with the past of data that has none', {
      hint: 'A history is kept of datasets and paths in a project, not of queries and frames.',
    })
  }
  return on.past({ type, ...(column === undefined ? {} : { column }), sameWeekday })
}

function judged(value: number, past: readonly number[], limits: Usual, tolerated: number): Verdict {
  const middle = median(past)
  if (middle === undefined || past.length < limits.min_history) {
    return { success: true, observed_value: value, details: { history: past.length, enough_history: false } }
  }
  const score = robustScore(value, past)
  const details: Json = { history: past.length, enough_history: true, median: middle, z_score: toJson(score) }
  const success = Math.abs(score) <= limits.max_z_score || Math.abs(value - middle) <= tolerated
  return { success, observed_value: value, details }
}

export default [rowCount, nullShare]
