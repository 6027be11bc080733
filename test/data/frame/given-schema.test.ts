import * as arrow from 'apache-arrow'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { formatType } from '../../../src/base/kernel/index.ts'
import { createDataFrame, type Frame } from '../../../src/data/frame/index.ts'

async function schemaOf(frame: Frame): Promise<string[]> {
  const { fields } = await frame.schema()
  return fields.map(({ name, type }) => `${name} ${formatType(type)}`)
}

const ORDER = z.object({
  id: z.bigint(),
  n: z.int(),
  ratio: z.number().nullable(),
  name: z.string().optional(),
  paid: z.boolean(),
  at: z.date(),
  day: z.iso.date(),
  kind: z.enum(['a', 'b']),
  size: z.literal([1, 2]),
  tags: z.array(z.string()),
  prices: z.record(z.string(), z.number()),
  address: z.object({ city: z.string(), zip: z.int().nullish() }),
  maybe: z.union([z.string(), z.null()]),
})

test('columns and values come from a zod object', async () => {
  const frame = createDataFrame(
    [
      {
        id: 2n ** 62n,
        n: 1,
        ratio: null,
        paid: true,
        at: new Date('2024-01-02T03:04:05Z'),
        day: '2024-02-29',
        kind: 'a',
        size: 2,
        tags: ['x'],
        prices: { a: 1.5 },
        address: { city: 'Ulm' },
        maybe: null,
      },
    ],
    ORDER,
  )
  expect(await schemaOf(frame)).toEqual([
    'id bigint',
    'n int',
    'ratio double',
    'name string',
    'paid boolean',
    'at timestamp',
    'day date',
    'kind string',
    'size int',
    'tags array<string>',
    'prices map<string,double>',
    'address struct<city:string,zip:int>',
    'maybe string',
  ])
  expect(await frame.collect()).toEqual([
    {
      id: 2n ** 62n,
      n: 1,
      ratio: null,
      name: null,
      paid: true,
      at: '2024-01-02T03:04:05.000000Z',
      day: '2024-02-29',
      kind: 'a',
      size: 2,
      tags: ['x'],
      prices: new Map([['a', 1.5]]),
      address: { city: 'Ulm', zip: null },
      maybe: null,
    },
  ])
})

test.each([
  [z.object({ a: z.union([z.string(), z.number()]) }), 'at a: z.union() is no type'],
  [z.object({ a: z.object({ b: z.any() }) }), 'at a.b: z.any() is no type'],
  [z.object({ a: z.array(z.string().transform(Number)) }), 'at a[]: z.pipe() is no type'],
  [z.object({ a: z.literal(['x', 1]) }), 'at a: values of string and number is no type'],
  [z.object({ a: z.string().default('x') }), 'at a: z.default() is no type'],
])('what a zod schema has that no column can be is refused with its path (%#)', (schema, message) => {
  expect(() => createDataFrame([], schema as z.ZodObject)).toThrow(
    expect.objectContaining({ code: 'TYPE_UNSUPPORTED', message: expect.stringContaining(message) }),
  )
})

test('a zod schema that is no object is refused', () => {
  expect(() => createDataFrame([], z.string() as never)).toThrow(expect.objectContaining({ code: 'TYPE_UNSUPPORTED' }))
})

test('columns come from an Arrow schema', async () => {
  const field = (name: string, type: arrow.DataType) => new arrow.Field(name, type, true)
  const schema = new arrow.Schema([
    field('i8', new arrow.Int8()),
    field('u32', new arrow.Uint32()),
    field('i64', new arrow.Int64()),
    field('f32', new arrow.Float32()),
    field('d', new arrow.Decimal(2, 10)),
    field('s', new arrow.Utf8()),
    field('b', new arrow.Binary()),
    field('day', new arrow.DateDay()),
    field('at', new arrow.TimestampMicrosecond('UTC')),
    field('local', new arrow.TimestampMicrosecond()),
    field('tags', new arrow.List(field('item', new arrow.Utf8()))),
    field('st', new arrow.Struct([field('x', new arrow.Bool())])),
    field(
      'm',
      new arrow.Map_(
        new arrow.Field(
          'entries',
          new arrow.Struct([new arrow.Field('key', new arrow.Utf8()), field('value', new arrow.Int32())]) as never,
        ) as never,
      ),
    ),
    field('dict', new arrow.Dictionary(new arrow.Utf8(), new arrow.Int32())),
  ])
  expect(await schemaOf(createDataFrame([], schema))).toEqual([
    'i8 tinyint',
    'u32 uinteger',
    'i64 bigint',
    'f32 float',
    'd decimal(10,2)',
    's string',
    'b binary',
    'day date',
    'at timestamp',
    'local timestamp_ntz',
    'tags array<string>',
    'st struct<x:boolean>',
    'm map<string,int>',
    'dict string',
  ])
  const half = new arrow.Schema([field('h', new arrow.Float16())])
  expect(() => createDataFrame([], half)).toThrow(expect.objectContaining({ code: 'TYPE_UNSUPPORTED' }))
})
