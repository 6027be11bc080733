import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type DataType,
  formatType,
  mapType,
  parseType,
  type SimpleKind,
  TYPE_TARGETS,
} from '../../../src/base/kernel/index.ts'

const KINDS: SimpleKind[] = [
  'null',
  'boolean',
  'byte',
  'short',
  'integer',
  'long',
  'hugeint',
  'ubyte',
  'ushort',
  'uinteger',
  'ulong',
  'float',
  'double',
  'string',
  'binary',
  'uuid',
  'json',
  'date',
  'time',
  'timestamp',
  'timestamp_ntz',
  'interval',
]

const { type: anyType } = fc.letrec<{ type: DataType }>((tie) => ({
  type: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom(...KINDS).map((kind) => ({ kind })),
    fc
      .integer({ min: 1, max: 38 })
      .chain((precision) =>
        fc.integer({ min: 0, max: precision }).map((scale) => ({ kind: 'decimal' as const, precision, scale })),
      ),
    tie('type').map((element) => ({ kind: 'array' as const, element, containsNull: true })),
    fc
      .tuple(tie('type'), tie('type'))
      .map(([key, value]) => ({ kind: 'map' as const, key, value, valueContainsNull: true })),
    fc.array(fc.tuple(fc.string({ minLength: 1 }), tie('type')), { maxLength: 3 }).map((members) => ({
      kind: 'struct' as const,
      fields: members.map(([name, type]) => ({ name, type, nullable: true })),
    })),
  ),
}))

test('reading what was written gives the same type back, whatever the member names', () => {
  fc.assert(
    fc.property(anyType, (type) => {
      expect(parseType(formatType(type))).toEqual(type)
    }),
  )
})

test.each([
  ['BIGINT', 'bigint'],
  ['long', 'bigint'],
  [' Array< Decimal( 10 , 2 ) > ', 'array<decimal(10,2)>'],
  ['decimal', 'decimal(10,0)'],
  ['struct<a: int not null, `b c`: text>', 'struct<a:int,`b c`:string>'],
  ['varchar', 'string'],
])('%s is %s', (written, meant) => {
  expect(formatType(parseType(written))).toBe(meant)
})

test.each([
  '',
  'nope',
  'array<int',
  'array<int>>',
  'decimal(39,0)',
  'decimal(5,6)',
  'struct<a int>',
  'int; drop',
  'map<int>',
])('the type %j is refused with the types there are', (text) => {
  expect(() => parseType(text)).toThrow(
    expect.objectContaining({ code: 'TYPE_INVALID', hint: expect.stringContaining('bigint') }),
  )
})

describe('the table of mappings', () => {
  test('every type is mapped to every target, or refused with a reason', () => {
    for (const kind of KINDS) {
      for (const target of TYPE_TARGETS) {
        try {
          expect(mapType({ kind }, target).native).toBeDefined()
        } catch (error) {
          expect(error).toMatchObject({ code: 'TYPE_UNSUPPORTED', message: expect.stringMatching(/: .{10}/) })
        }
      }
    }
  })

  test('a nested type is refused when a member is', () => {
    expect(() => mapType(parseType('array<struct<a:map<string,time>>>'), 'delta')).toThrow(/Delta|time of day/)
    expect(() => mapType(parseType('array<array<int>>'), 'postgres')).toThrow(/rectangular/)
    expect(() => mapType(parseType('map<int,int>'), 'jsonschema')).toThrow(/strings/)
  })

  test('a wider type of the target shows through a nested one', () => {
    const mapping = mapType(parseType('struct<a:array<utinyint>,b:int>'), 'delta')
    expect(mapping.as && formatType(mapping.as)).toBe('struct<a:array<smallint>,b:int>')
  })

  test('DuckDB and JSON Schema names', () => {
    expect(mapType(parseType('map<string,struct<`a"b`:timestamp>>'), 'duckdb').native).toBe(
      'MAP(VARCHAR,STRUCT("a""b" TIMESTAMPTZ))',
    )
    expect(mapType(parseType('struct<a:date>'), 'jsonschema').native).toMatchObject({
      properties: { a: { format: 'date' } },
    })
  })
})
