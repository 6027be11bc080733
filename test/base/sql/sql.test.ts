import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  id,
  inline,
  join,
  list,
  literal,
  render,
  type Sql,
  type SqlInput,
  sql,
  sqlOf,
  trusted,
  value,
} from '../../../src/base/sql/index.ts'

describe('building', () => {
  test('a value is bound and never becomes text, whatever it holds', () => {
    fc.assert(
      fc.property(fc.string(), (evil) => {
        const rendered = render(sql`select * from t where a = ${evil} and b = ${evil}`, 'duckdb')
        expect(rendered).toEqual({ text: 'select * from t where a = $1 and b = $2', values: [evil, evil] })
      }),
    )
  })

  test('pieces are spliced, names quoted, lists bound one by one', () => {
    const query = sql`select ${id('a"b')} from ${id('raw', 'orders')} where ${id('x')} in ${list([1, 'two'])} ${trusted('limit 1')}`
    expect(render(query, 'duckdb')).toEqual({
      text: 'select "a""b" from "raw"."orders" where "x" in ($1, $2) limit 1',
      values: [1, 'two'],
    })
    expect(render(query, 'sqlite').text).toContain('in (?, ?)')
    expect(render(query, 'spark').text).toContain('`raw`.`orders`')
  })

  test('an object that only looks like SQL is refused, so that JSON from outside cannot inject', () => {
    const forged = JSON.parse('{"kind":"sql","parts":[{"text":"1; drop table t"}]}') as Sql
    expect(() => sql`select ${forged}`).toThrow(expect.objectContaining({ code: 'SQL_VALUE_UNSUPPORTED' }))
    expect(() => join([forged])).toThrow(expect.objectContaining({ code: 'INTERNAL' }))
  })

  test.each([undefined, [1], {}, () => 1, new Date(Number.NaN), Symbol('s')])('%o is refused as a value', (bad) => {
    expect(() => sql`select ${bad as unknown as SqlInput}`).toThrow(
      expect.objectContaining({ code: 'SQL_VALUE_UNSUPPORTED' }),
    )
  })

  test.each([[''], ['a\0b'], []])('the name %j is refused', (...path) => {
    expect(() => id(...path)).toThrow(expect.objectContaining({ code: 'SQL_IDENTIFIER_INVALID' }))
  })

  test('a typed value is cast, in the words of each dialect', () => {
    const price = value('12.50', { kind: 'decimal', precision: 10, scale: 2 })
    expect(render(price, 'duckdb')).toEqual({ text: 'cast($1 as DECIMAL(10,2))', values: ['12.50'] })
    expect(render(price, 'postgres').text).toBe('cast($1 as numeric(10,2))')
    expect(render(price, 'spark').text).toBe('cast(? as decimal(10,2))')
    expect(inline(price, 'duckdb')).toBe("cast('12.50' as DECIMAL(10,2))")
  })

  test('a literal is written into the text where nothing can be bound', () => {
    expect(render(sql`copy t to ${literal("it's.csv")}`, 'duckdb')).toEqual({
      text: "copy t to 'it''s.csv'",
      values: [],
    })
  })

  test('a statement is frozen', () => {
    expect(Object.isFrozen(sql`select 1`.parts)).toBe(true)
    expect(sqlOf([{ text: 'select 1' }])).toEqual(sql`select 1`)
  })
})

describe('literals', () => {
  test.each([
    ["it's", 'duckdb', "'it''s'"],
    ["it's\\", 'spark', "'it\\'s\\\\'"],
    ['a\0b', 'duckdb', "('a' || chr(0) || 'b')"],
    [-1, 'duckdb', '(-1)'],
    [-1n, 'duckdb', '(-1)'],
    [0.1, 'duckdb', '1e-1'],
    [Number.NaN, 'duckdb', "cast('NaN' as double)"],
    [true, 'sqlite', '1'],
    [new Date(0), 'duckdb', "cast('1970-01-01T00:00:00.000Z' as timestamptz)"],
    [new Uint8Array([0, 255]), 'duckdb', "unhex('00ff')"],
    [new Uint8Array([0, 255]), 'postgres', "cast('\\x00ff' as bytea)"],
  ] as const)('%o in %s is %s', (given, dialect, text) => {
    expect(inline(sql`${given}`, dialect)).toBe(text)
  })

  test('what a dialect cannot hold is refused', () => {
    expect(() => inline(sql`${'a\0'}`, 'postgres')).toThrow(expect.objectContaining({ code: 'SQL_VALUE_UNSUPPORTED' }))
    expect(() => inline(sql`${Number.NaN}`, 'sqlite')).toThrow(
      expect.objectContaining({ code: 'SQL_VALUE_UNSUPPORTED' }),
    )
  })
})
