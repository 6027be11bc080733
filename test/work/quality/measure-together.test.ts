import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { inline, sql } from '../../../src/base/sql/index.ts'
import { type EngineConnection, openDuckDb } from '../../../src/data/engine/index.ts'
import { validate } from '../../../src/work/quality/index.ts'
import { relationOf } from './gx/random/compare.ts'
import type { GxCase } from './gx/random/random-case.ts'
import type { RandomTable } from './gx/random/random-table.ts'
import { type Stated, suiteOf } from './suite-of.ts'

const { tables, cases } = JSON.parse(readFileSync(new URL('gx/random/recorded.json', import.meta.url), 'utf8')) as {
  readonly tables: readonly RandomTable[]
  readonly cases: readonly GxCase[]
}

/** A connection that tells how many statements were run on it. */
function counting(connection: EngineConnection): { connection: EngineConnection; statements: string[] } {
  const statements: string[] = []
  const proxy = new Proxy(connection, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name, target)
      if (typeof member !== 'function') return member
      if (name !== 'rows') return member.bind(target)
      return (...given: Parameters<EngineConnection['rows']>) => {
        statements.push(inline(given[0], 'duckdb'))
        return target.rows(...given)
      }
    },
  })
  return { connection: proxy, statements }
}

test('hundreds of expectations together come to what each comes to alone', async () => {
  await using engine = await openDuckDb()
  await using connection = await engine.connect()
  for (let number = 0; number < tables.length; number += 9) {
    const table = tables[number]
    if (!table) continue
    const names = table.columns.map(({ name }) => name)
    // Expectations of all tables whose columns this one has too.
    const fitting = cases.filter(({ kwargs }) => {
      const { column, column_A, column_B, column_list = [] } = kwargs as Record<string, string & string[]>
      const asked = [column, column_A, column_B, ...column_list].filter((name) => name !== undefined)
      return kwargs.row_condition === undefined && asked.every((name) => names.includes(name))
    })
    const stated = fitting.slice(0, 160).map(({ type, kwargs }): Stated => [type, kwargs])
    const common = { connection, relation: relationOf(table), resultFormat: 'COMPLETE' } as const
    const together = await validate({ ...common, suite: suiteOf(...stated) })
    expect(together.results.length).toBeGreaterThan(100)
    for (const [place, one] of stated.entries()) {
      const alone = await validate({ ...common, suite: suiteOf(one) })
      const { success, result, exception_info } = together.results[place] ?? {}
      const { unexpected_index_query: _, ...seen } = result ?? {}
      const [only] = alone.results
      const { unexpected_index_query: __, ...wanted } = only?.result ?? {}
      expect({ one, success, seen }).toEqual({ one, success: only?.success, seen: wanted })
      expect(exception_info?.raised_exception).toBe(only?.exception_info.raised_exception)
    }
  }
})

test('of 300 expectations on one table, those of few values count values and not rows', async () => {
  await using engine = await openDuckDb()
  await using opened = await engine.connect()
  const { connection, statements } = counting(opened)
  const stated = Array.from({ length: 300 }, (_, i): Stated => {
    const kinds: readonly Stated[] = [
      ['expect_column_values_to_be_between', { column: 'n', min_value: -i }],
      ['expect_column_values_to_be_in_set', { column: 'word', value_set: ['a', 'b', 'c', `x${i}`] }],
      ['expect_column_values_to_not_be_null', { column: 'n', mostly: i / 300 }],
      ['expect_column_value_lengths_to_be_between', { column: 'word', max_value: i + 1 }],
      ['expect_column_max_to_be_between', { column: 'n', max_value: 100_000 + i }],
      ['expect_column_values_to_match_regex', { column: 'word', regex: `^[abc${i}]$` }],
    ]
    return kinds[i % kinds.length] as Stated
  })
  const relation = sql`(select i as n, chr(cast(97 + i % 3 as integer)) as word from range(1000) as r (i)) as t`
  const { success } = await validate({ connection, relation, suite: suiteOf(...stated) })
  expect(success).toBe(true)
  // A look at the first rows, counts of the words, and one scan of all else.
  expect(statements.filter((text) => !text.includes('millrace_tally')).length).toBeLessThanOrEqual(2)
})
