import { z } from 'zod'
import { join, type Sql, sql } from '../../../base/sql/index.ts'
import { type Column, defineExpectation, type MapCheck } from '../expectation.ts'
import { judgeNumber } from '../judge.ts'
import { bounds, columnList, columnName, ignoreRecordIf, mostly } from '../kwargs.ts'
import { toNumber } from '../literal.ts'
import { missingRecord } from '../row-check.ts'

const unique = defineExpectation({
  type: 'expect_column_values_to_be_unique',
  summary: 'No value of a column occurs twice.',
  kwargs: z.strictObject({ column: columnName, mostly }),
  check: ({ column: name, mostly }, on) => {
    const column = on.column(name)
    return onlyOnce([column], sql`${column.sql} is null`, 'value', mostly)
  },
})

const compound = defineExpectation({
  type: 'expect_compound_columns_to_be_unique',
  summary: 'No combination of values of several columns occurs twice.',
  kwargs: z.strictObject({
    column_list: columnList,
    mostly,
    ignore_row_if: ignoreRecordIf.default('all_values_are_missing'),
  }),
  check: ({ column_list, mostly, ignore_row_if }, on) => {
    const columns = column_list.map((name) => on.column(name))
    return onlyOnce(columns, missingRecord(columns, ignore_row_if), 'record', mostly)
  },
})

const withinRecord = defineExpectation({
  type: 'expect_select_column_values_to_be_unique_within_record',
  summary: 'In each row the values of several columns differ from each other; missing values do not.',
  kwargs: z.strictObject({
    column_list: columnList,
    mostly,
    ignore_row_if: ignoreRecordIf.default('all_values_are_missing'),
  }),
  check: ({ column_list, mostly, ignore_row_if }, on) => {
    const columns = column_list.map((name) => on.column(name))
    const equal = columns.flatMap((a, index) =>
      columns.slice(index + 1).map((b) => sql`${a.sql} is not distinct from ${b.sql}`),
    )
    const missing = missingRecord(columns, ignore_row_if)
    return {
      kind: 'map',
      unexpected: equal.length === 0 ? sql`false` : sql`(${join(equal, ' or ')})`,
      sample: columns,
      shape: 'record',
      mostly,
      ...(missing ? { missing } : {}),
    }
  },
})

const distinctBetween = defineExpectation({
  type: 'expect_column_unique_value_count_to_be_between',
  summary: 'The number of distinct values lies between two bounds.',
  kwargs: z.strictObject({ column: columnName, ...bounds }),
  check: ({ column: name, ...limits }, on) => {
    const column = on.column(name)
    return {
      kind: 'query',
      query: (relation) => sql`select count(*) as distinct_values from ${distinctOf(column, relation)}`,
      judge: ([row]) => judgeNumber(toNumber(row?.distinct_values), limits),
    }
  },
})

const proportion = defineExpectation({
  type: 'expect_column_proportion_of_unique_values_to_be_between',
  summary: 'The number of distinct values, divided by the number of values, lies between two bounds.',
  kwargs: z.strictObject({ column: columnName, ...bounds }),
  check: ({ column: name, ...limits }, on) => {
    const column = on.column(name)
    return {
      kind: 'query',
      query: (relation) =>
        sql`select count(*) as distinct_values, cast(sum(tally) as bigint) as present from ${distinctOf(column, relation)}`,
      judge: ([row]) => {
        const present = toNumber(row?.present) ?? 0
        return judgeNumber(present === 0 ? 0 : (toNumber(row?.distinct_values) ?? 0) / present, limits)
      },
    }
  },
})

function distinctOf(column: Column, relation: Sql): Sql {
  return sql`(
    select ${column.sql} as value, count(*) as tally from ${relation} where ${column.sql} is not null group by 1
  ) as counted`
}

/** Rows whose keys occur more than once; rows are looked up by key only to be listed. */
function onlyOnce(
  columns: readonly Column[],
  missing: Sql | undefined,
  shape: 'value' | 'record',
  mostly: number,
): MapCheck {
  const keys = join(columns.map((column) => column.sql))
  // Within a row value nulls equal each other, so that a partly missing key is found too.
  const key = columns.length === 1 ? keys : sql`row(${keys})`
  const judged = missing ? sql`not ${missing}` : sql`true`
  return {
    kind: 'map',
    unexpected: sql`true`,
    sample: columns,
    shape,
    mostly,
    ...(missing ? { missing } : {}),
    over: (relation) =>
      columns[0]?.dialect === 'postgres' && columns.length > 1
        ? // It compares row values of a subquery without making nulls equal.
          sql`(
            select * from (
              select *, count(*) filter (where ${judged}) over (partition by ${keys}) as millrace_tally from ${relation}
            ) as tallied where millrace_tally > 1
          ) as repeated`
        : sql`(
            select * from ${relation}
            where ${key} in (select ${key} from ${relation} where ${judged} group by ${keys} having count(*) > 1)
          ) as repeated`,
    count: (relation) => sql`
      select cast(coalesce(sum(tally), 0) as bigint) as unexpected from (
        select count(*) as tally from ${relation} where ${judged} group by ${keys} having count(*) > 1
      ) as repeated`,
  }
}

export default [unique, compound, withinRecord, distinctBetween, proportion]
