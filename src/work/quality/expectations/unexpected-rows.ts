import { z } from 'zod'
import { MillraceError } from '../../../base/kernel/index.ts'
import { join, type Sql, sql, trusted } from '../../../base/sql/index.ts'
import { defineExpectation } from '../expectation.ts'
import { toJson, toNumber } from '../literal.ts'

/** How many rows COMPLETE lists, as in Great Expectations. */
const MOST_LISTED = 200

export default defineExpectation({
  type: 'unexpected_rows_expectation',
  unconditional: true,
  summary: "The suite's own query finds no row; {batch} in it stands for the relation under test.",
  kwargs: z.strictObject({ unexpected_rows_query: z.string() }),
  check: ({ unexpected_rows_query: text }) => {
    const parts = text.trim().replace(/;\s*$/, '').split('{batch}')
    if (parts.length === 1) {
      throw new MillraceError('EXPECTATION_INVALID', 'unexpected_rows_query does not hold {batch}', {
        hint: 'Write `select * from {batch} where …`.',
      })
    }
    return {
      kind: 'query',
      query: (relation) => sql`with batch as (select * from ${relation})
        select count(*) as unexpected from (${withBatch(parts)}) as found`,
      judge: ([row]) => {
        const observed_value = toNumber(row?.unexpected) ?? 0
        return { success: observed_value === 0, observed_value }
      },
      listing: {
        query: (relation) => sql`with batch as (select * from ${relation})
          select * from (${withBatch(parts)}) as found limit ${BigInt(MOST_LISTED)}`,
        details: (rows, { fields }) => ({
          unexpected_rows: rows.map((row) =>
            Object.fromEntries(fields.map(({ name, type }) => [name, toJson(row[name], type)])),
          ),
        }),
      },
    }
  },
})

/** The suite's text is the user's own SQL; only the placeholder is replaced. */
function withBatch(parts: readonly string[]): Sql {
  return join(
    parts.map((part) => trusted(part)),
    'batch',
  )
}
