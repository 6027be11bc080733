import { describe, expect, test } from 'vitest'
import { parseText } from '../../../src/data/frame/compile/parse-text.ts'
import { col, createDataFrame, expr, exprName, lit } from '../../../src/data/frame/index.ts'

const left = createDataFrame([[1, 'x', 1.5], [2, 'y', null]], 'id int, a string, n double') // biome-ignore format: rows
const right = createDataFrame([[1, 'p'], [2, 'q']], 'id int, b string') // biome-ignore format: rows

describe('SQL text is read as Spark SQL', () => {
  test.each([
    ['id + 1 * 2', '(id + (1 * 2))'],
    ['a = 1 or not b < 2 and c', '((a = 1) OR ((NOT (b < 2)) AND c))'],
    ['x between 1 and 2 and y', '(((x >= 1) AND (x <= 2)) AND y)'],
    ["upper(a) in ('x', 'it''s')", "(upper(a) IN (x, it's))"],
    ['a is not null', '(a IS NOT NULL)'],
    ['a is distinct from b', '(NOT (a <=> b))'],
    ['-1.50 + - x', '(-1.50 + negative(x))'],
    ['count(*)', 'count(1)'],
    ['count(distinct a)', 'count(DISTINCT a)'],
    ['case a when 1 then 2 else 3 end', 'CASE WHEN (a = 1) THEN 2 ELSE 3 END'],
    ['t.`odd name`.c', 'c'],
    ['xs[0]', 'xs[0]'],
  ])('%s', (text, name) => {
    const parsed = parseText([text])
    expect(parsed && exprName(parsed)).toBe(name)
  })

  test.each(['a::json -> 1', 'strftime(d, 1)', '"a" + 1', 'interval 1 day 1 month', '(select 1)', 'a --', 'a +', ''])(
    'what is not Spark SQL stays the engine’s: %s',
    (text) => expect(parseText([text])).toBeUndefined(),
  )

  test('literals have Spark’s types', () => {
    const types = ['1', '3000000000', '1L', '1.5', '.5', '1e3', '2d', '1.50BD', '-3'].map((text) => {
      const parsed = parseText([text])
      return parsed?.kind === 'literal' ? [parsed.value, Object.values(parsed.type).join(' ')] : undefined
    })
    expect(types).toEqual([
      [1, 'integer'],
      ['3000000000', 'long'],
      ['1', 'long'],
      ['1.5', 'decimal 2 1'],
      ['0.5', 'decimal 1 1'],
      [1000, 'double'],
      [2, 'double'],
      ['1.50', 'decimal 3 2'],
      [-3, 'integer'],
    ])
  })

  test('after a join by name its columns are no longer two', async () => {
    const joined = left.join(right, 'id')
    expect(await joined.filter('id > 1').selectExpr('id + 1 as next', 'b').collect()).toEqual([{ next: 3, b: 'q' }])
    expect(await left.withColumnRenamed('id', 'k').filter('k = 1').select('a').collect()).toEqual([{ a: 'x' }])
  })

  test('aggregates and windows in text', async () => {
    expect(await left.selectExpr('sum(id) as total', 'max(a) as last').collect()).toEqual([{ total: 3n, last: 'y' }])
    const numbered = left.select('a', expr('row_number() over (partition by a order by id desc)').as('n'))
    expect(await numbered.orderBy('a').collect()).toEqual([{ a: 'x', n: 1 }, { a: 'y', n: 1 }]) // biome-ignore format: rows
  })

  test('an unknown column in text is named with what is like it', async () => {
    await expect(left.filter('idd > 1').collect()).rejects.toMatchObject({
      code: 'COLUMN_UNKNOWN',
      at: { file: expect.stringContaining('parse-text.test.ts') },
    })
  })

  test('values in a template stay values', async () => {
    expect(
      await left
        .filter(expr`a = ${"x' or true --"} or ${col('id')} = ${lit(2)}`)
        .select('id')
        .collect(),
    ).toEqual([{ id: 2 }])
  })
})
