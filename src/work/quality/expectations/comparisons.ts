import { z } from 'zod'
import { type Json, MillraceError } from '../../../base/kernel/index.ts'
import { id, join, type Sql, sql, trusted } from '../../../base/sql/index.ts'
import { defineExpectation } from '../expectation.ts'
import { columnName, mostly } from '../kwargs.ts'
import { toNumber } from '../literal.ts'

const sameRowCount = defineExpectation({
  type: 'expect_table_row_count_to_equal_other_table',
  summary: 'There are as many rows as in another table of the same engine.',
  kwargs: z.strictObject({ other_table_name: columnName }),
  check: ({ other_table_name }) => ({
    kind: 'query',
    query: (relation) => sql`select
      (select count(*) from ${relation}) as own,
      (select count(*) from ${id(...other_table_name.split('.'))}) as other`,
    judge: ([row]) => {
      const [self, other] = [toNumber(row?.own) ?? 0, toNumber(row?.other) ?? 0]
      return { success: self === other, observed_value: { self, other } }
    },
  }),
})

/** How many differing rows are listed at most, as in Great Expectations. */
const MOST = 200

const sameResults = defineExpectation({
  type: 'expect_query_results_to_match_comparison',
  unconditional: true,
  summary:
    'A query gives the rows of another, however ordered. Both run on the engine that holds the data, whatever comparison_data_source_name says; {batch} stands for the relation under test.',
  kwargs: z.strictObject({
    base_query: z.string().min(1),
    comparison_data_source_name: z.string().optional(),
    comparison_query: z.string().min(1),
    mostly,
  }),
  check: ({ base_query, comparison_query, mostly }, { dialect }) => {
    const shown =
      dialect === 'postgres' ? sql`cast(row_to_json(listed) as text)` : sql`cast(to_json(listed) as varchar)`
    const rows = (from: 'base' | 'comparison', but: 'base' | 'comparison') => sql`(
      select * from ${id(from)} except all select * from ${id(but)})`
    const listing = (which: string, from: Sql) => sql`
      select ${which} as which, ${shown} as shown, cast(null as bigint) as tally
      from (select * from ${from} as differing limit ${MOST}) as listed`
    return {
      kind: 'query',
      query: (relation) => sql`with batch as (select * from ${relation}),
        base as (${ownText(base_query)}), comparison as (${ownText(comparison_query)})
        select 'base' as which, cast(null as varchar) as shown, count(*) as tally from base
        union all select 'comparison', cast(null as varchar), count(*) from comparison
        union all select 'lacking', cast(null as varchar), count(*) from ${rows('comparison', 'base')} as lacking
        union all (${listing('missing', rows('comparison', 'base'))})
        union all (${listing('unexpected', rows('base', 'comparison'))})`,
      judge: (found) => {
        const tally = (which: string) => toNumber(found.find((row) => row.which === which)?.tally) ?? 0
        const listed = (which: string) =>
          found.filter((row) => row.which === which).map((row) => JSON.parse(String(row.shown)) as Json)
        const most = Math.max(tally('base'), tally('comparison'))
        const matching = tally('comparison') - tally('lacking')
        const unexpected_percent = most === 0 ? 0 : (1 - matching / most) * 100
        return {
          success: 100 - unexpected_percent >= mostly * 100,
          unexpected_count: most - matching,
          unexpected_percent,
          complete: { details: { missing_rows: listed('missing'), unexpected_rows: listed('unexpected') } },
        }
      },
    }
  },
})

/** The suite's text is the user's own SQL; only the placeholder is replaced. */
function ownText(text: string): Sql {
  const parts = text.trim().replace(/;\s*$/, '').split('{batch}')
  if (parts.some((part) => part.includes(';'))) {
    throw new MillraceError('EXPECTATION_INVALID', 'a query of the suite holds more than one statement', {
      hint: 'Write one select.',
    })
  }
  return join(
    parts.map((part) => trusted(part)),
    'batch',
  )
}

export default [sameRowCount, sameResults]
