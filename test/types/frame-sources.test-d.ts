import { expectTypeOf } from 'expect-type'
import { z } from 'zod'
import {
  type AnyRow,
  col,
  createDataFrame,
  type Decimal,
  type Frame,
  fromJson,
  lit,
  read,
} from '../../src/data/frame/index.ts'

// Checked by `tsc`; nothing here runs. Where row types come from.
type RowOf<F> = F extends Frame<infer R> ? R : never

export function rows(): void {
  const frame = createDataFrame([
    { id: 1, name: 'a', tags: ['x'], at: { x: 1n } },
    { id: 2, name: null, tags: [], at: { x: 2n } },
  ])
  expectTypeOf<RowOf<typeof frame>>().toEqualTypeOf<{
    id: number
    name: string | null
    tags: string[]
    at: { x: bigint }
  }>()
  const uneven = createDataFrame([{ id: 1 }, { id: 2, name: 'b' }])
  expectTypeOf<RowOf<typeof uneven>>().toEqualTypeOf<{ id: number; name: string | null }>()
}

export function text(): void {
  const frame = createDataFrame(
    [],
    'id BIGINT not null, `a b` decimal(10,2), day: date, tags array<string>, m map<string, array<int>>, s struct<x:int not null,y:struct<z:double>> NOT NULL, t varchar(20), b binary, f boolean',
  )
  expectTypeOf<RowOf<typeof frame>>().toEqualTypeOf<{
    id: bigint
    'a b': Decimal | null
    day: string | null
    tags: (string | null)[] | null
    m: Map<string, (number | null)[] | null> | null
    s: { x: number; y: { z: number | null } | null }
    t: string | null
    b: Uint8Array | null
    f: boolean | null
  }>()
  const csv = read.schema('id bigint, name string').option('header', true).csv('x.csv')
  expectTypeOf<RowOf<typeof csv>>().toEqualTypeOf<{ id: bigint | null; name: string | null }>()
  const given: string = 'id bigint'
  const unknown = createDataFrame([], given)
  expectTypeOf<RowOf<typeof unknown>>().toEqualTypeOf<AnyRow>()
  // @ts-expect-error there is no such column
  read.schema('id bigint').csv('x.csv').select('idd')
}

export function zod(): void {
  const schema = z.object({
    id: z.bigint(),
    name: z.string().optional(),
    ratio: z.number().nullable(),
    kind: z.enum(['a', 'b']),
    at: z.date(),
    tags: z.array(z.string()),
    prices: z.record(z.string(), z.number()),
    address: z.object({ city: z.string(), zip: z.int().nullish() }),
  })
  const frame = createDataFrame([], schema)
  expectTypeOf<RowOf<typeof frame>>().toEqualTypeOf<{
    id: bigint
    name: string | null
    ratio: number | null
    kind: 'a' | 'b'
    at: string
    tags: string[]
    prices: Map<string, number>
    address: { city: string; zip: number | null }
  }>()
  const files = read.schema(schema).json('x.json')
  expectTypeOf(files).toEqualTypeOf(frame)
  // @ts-expect-error a row that the schema does not describe
  createDataFrame([{ id: 'x' }], schema)
}

export function casts(): void {
  const frame = createDataFrame([{ id: 1, name: 'a', j: '{}' }])
  const cast = frame.select(
    col('id').cast('bigint'),
    col('name').tryCast('decimal(10,2)').as('d'),
    lit(null).cast('array<int>').as('a'),
    fromJson('j', 'x bigint, y string').as('j'),
    fromJson('j', 'map<string,int>').as('m'),
  )
  expectTypeOf<RowOf<typeof cast>>().toEqualTypeOf<{
    id: bigint
    d: Decimal | null
    a: (number | null)[] | null
    j: { x: bigint | null; y: string | null } | null
    m: Map<string, number | null> | null
  }>()
  const members = cast.select('j.x', col('j.y'), 'j.*')
  expectTypeOf<RowOf<typeof members>>().toEqualTypeOf<{ x: bigint | null; y: string | null }>()
}
