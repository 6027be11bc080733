import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { col, createDataFrame, parseSchema, read } from '../../../src/data/frame/index.ts'
import { globPattern } from '../../../src/data/frame/read/glob.ts'

let dir = ''
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'millrace-read-'))
})
afterAll(() => rm(dir, { recursive: true, force: true }))

async function file(name: string, text: string): Promise<string> {
  const path = join(dir, name)
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, text)
  return path
}

async function errorOf(work: Promise<unknown>): Promise<unknown> {
  try {
    return { rows: await work }
  } catch (thrown) {
    return thrown
  }
}

describe('csv', () => {
  test('has no header, and text only, unless told otherwise', async () => {
    const path = await file('plain.csv', '1,a\n2,b\n')
    expect(await read.csv(path).collect()).toEqual([
      { _c0: '1', _c1: 'a' },
      { _c0: '2', _c1: 'b' },
    ])
  })

  test('infers types when it is asked to', async () => {
    const path = await file('typed.csv', 'id,price,day\n1,1.5,2024-01-31\n2,,2024-02-01\n')
    expect(await read.csv(path, { header: true, inferSchema: true }).collect()).toEqual([
      { id: 1, price: 1.5, day: '2024-01-31' },
      { id: 2, price: null, day: '2024-02-01' },
    ])
  })

  test('takes the columns of a schema by their place, and compares the header when it is asked to', async () => {
    const path = await file('placed.csv', 'id,name\n1,a\n')
    const frame = read.csv(path, { header: true, schema: 'number int, text string' })
    expect(await frame.collect()).toEqual([{ number: 1, text: 'a' }])
    const compared = read.option('enforceSchema', false).csv(path, { header: true, schema: 'id int, nme string' })
    expect(await errorOf(compared.collect())).toMatchObject({
      code: 'SOURCE_MALFORMED',
      message: expect.stringContaining('"name" in the header, and "nme" in the schema'),
      at: { file: path, line: 1 },
    })
  })

  test('refuses files whose headers differ', async () => {
    const first = await file('two/a.csv', 'id,name\n1,a\n')
    const second = await file('two/b.csv', 'name,id\nb,2\n')
    expect(await errorOf(read.csv(join(dir, 'two'), { header: true }).collect())).toMatchObject({
      code: 'SOURCE_MALFORMED',
      message: expect.stringContaining(first),
      at: { file: second, line: 1 },
    })
  })

  const broken = 'id,price\n1,1.5\nx,2.5\n3\n4,4.5,extra\n5,5.5\n'

  test('PERMISSIVE turns what does not fit into null and keeps the row', async () => {
    const path = await file('broken.csv', broken)
    expect(await read.csv(path, { header: true, schema: 'id int, price double' }).collect()).toEqual([
      { id: 1, price: 1.5 },
      { id: null, price: 2.5 },
      { id: 3, price: null },
      { id: 4, price: 4.5 },
      { id: 5, price: 5.5 },
    ])
  })

  test('DROPMALFORMED leaves bad rows out', async () => {
    const path = await file('broken.csv', broken)
    const frame = read.csv(path, { header: true, schema: 'id int, price double', mode: 'DROPMALFORMED' })
    expect((await frame.collect()).map((row) => row.id)).toEqual([1, 5])
  })

  test('PERMISSIVE keeps the text of rows that do not fit in the column that is there for it', async () => {
    const path = await file('broken.csv', broken)
    const schema = 'id int, price double, bad string'
    const frame = read.option('columnNameOfCorruptRecord', 'bad').csv(path, { header: true, schema })
    expect((await frame.collect()).map((row) => row.bad)).toEqual([null, 'x,2.5', '3', '4,4.5,extra', null])
  })

  test('FAILFAST names file, line and column', async () => {
    const path = await file('broken.csv', broken)
    const frame = read.csv(path, { header: true, schema: 'id int, price double', mode: 'FAILFAST' })
    expect(await errorOf(frame.collect())).toMatchObject({
      code: 'SOURCE_MALFORMED',
      message: expect.stringContaining('column "id"'),
      at: { file: path, line: 3, path: 'id' },
    })
    const short = await file('short.csv', 'id,price\n1,1.5\n2\n')
    expect(
      await errorOf(read.csv(short, { header: true, schema: 'id int, price double', mode: 'FAILFAST' }).collect()),
    ).toMatchObject({
      code: 'SOURCE_MALFORMED',
      at: { file: short, line: 3 },
    })
  })

  test('takes Spark’s names of options, quotes, separators, nulls and date patterns', async () => {
    const path = await file('options.csv', 'id;note;day\n1;"a;\\"b\\"\nc";31.01.2024\n2;NA;01.02.2024\n')
    const frame = read
      .option('header', true)
      .option('SEP', ';')
      .option('nullValue', 'NA')
      .option('dateFormat', 'dd.MM.yyyy')
      .schema('id int, note string, day date')
    expect(await frame.csv(path, { multiLine: true }).collect()).toEqual([
      { id: 1, note: 'a;"b"\nc', day: '2024-01-31' },
      { id: 2, note: null, day: '2024-02-01' },
    ])
    expect(await errorOf(read.option('headr', true).csv(path).collect())).toMatchObject({
      code: 'OPTION_UNKNOWN',
      hint: expect.stringContaining('"header"'),
    })
    expect(await errorOf(read.option('mode', 'LOOSE').csv(path).collect())).toMatchObject({ code: 'OPTION_INVALID' })
  })
})

describe('json', () => {
  const lines = '{"id":1,"name":"a","tags":["x"],"day":"2024-01-31"}\n{"id":\n{"id":"three","name":"c"}\n'

  test('reads lines, finds the types, and keeps text as text', async () => {
    const path = await file('good.json', '{"id":1,"o":{"k":"v"},"day":"2024-01-31"}\n{"id":2}\n')
    expect(await read.json(path).collect()).toEqual([
      { day: '2024-01-31', id: 1n, o: { k: 'v' } },
      { day: null, id: 2n, o: null },
    ])
  })

  const schema = 'id int, name string, tags array<string>, day date'

  test('PERMISSIVE gives nulls, DROPMALFORMED leaves out, FAILFAST names file and line', async () => {
    const path = await file('bad.json', lines)
    expect(await read.json(path, { schema }).collect()).toEqual([
      { id: 1, name: 'a', tags: ['x'], day: '2024-01-31' },
      { id: null, name: null, tags: null, day: null },
      { id: null, name: 'c', tags: null, day: null },
    ])
    expect((await read.json(path, { schema, mode: 'DROPMALFORMED' }).collect()).map((row) => row.id)).toEqual([1])
    expect(await errorOf(read.json(path, { schema, mode: 'FAILFAST' }).collect())).toMatchObject({
      code: 'SOURCE_MALFORMED',
      at: { file: path, line: expect.any(Number) },
    })
  })

  test('multiLine reads arrays', async () => {
    const path = await file('array.json', '[\n {"a":\n 1}, {"a":2}]')
    expect(await read.json(path, { multiLine: true }).collect()).toEqual([{ a: 1n }, { a: 2n }])
  })
})

describe('files', () => {
  test('folders of hive partitions become typed columns, hidden files are not seen', async () => {
    await file('hive/day=2024-01-31/n=1/a.csv', 'id\n1\n')
    await file('hive/day=2024-02-01/n=2/b%2A[1].csv', 'id\n2\n')
    await file('hive/day=__HIVE_DEFAULT_PARTITION__/n=3/c.csv', 'id\n3\n')
    await file('hive/_temporary/d.csv', 'id\n4\n')
    await file('hive/day=2024-02-01/n=2/.e.csv.swp', 'id\n5\n')
    const frame = read.csv(join(dir, 'hive'), { header: true, schema: 'id int' })
    expect(await frame.orderBy('id').collect()).toEqual([
      { id: 1, day: '2024-01-31', n: 1 },
      { id: 2, day: '2024-02-01', n: 2 },
      { id: 3, day: null, n: 3 },
    ])
    expect(await frame.filter(col('day').eq('2024-01-31')).count()).toBe(1)
    const retyped = read.csv(join(dir, 'hive'), { header: true, schema: 'id int, n string' })
    expect((await retyped.orderBy('id').collect()).map((row) => row.n)).toEqual(['1', '2', '3'])
  })

  test('patterns match files and folders', async () => {
    for (const name of ['p/2024/a.csv', 'p/2024/b.csv', 'p/2025/a.csv']) await file(name, 'x\n1\n')
    const count = (pattern: string) => read.csv(join(dir, pattern), { header: true }).count()
    expect(await count('p/*/a.csv')).toBe(2)
    expect(await count('p/20{24,25}')).toBe(3)
    expect(await count('p/**/*.csv')).toBe(3)
    expect(await count('p/202[!5]/?.csv')).toBe(2)
    expect(globPattern('a.(b)+').test('a.(b)+')).toBe(true)
  })

  test('that are not there fail with the next step; a folder without any is no rows with a schema', async () => {
    const nowhere = join(dir, 'nowhere')
    expect(await errorOf(read.parquet(nowhere).collect())).toMatchObject({
      code: 'SOURCE_EMPTY',
      at: { file: 'test/data/frame/read.test.ts' },
    })
    expect(await errorOf(read.parquet(nowhere, { schema: 'a int' }).collect())).toMatchObject({ code: 'SOURCE_EMPTY' })
    expect(await read.option('ignoreMissingFiles', true).parquet(nowhere, { schema: 'a int' }).collect()).toEqual([])
    await mkdir(join(dir, 'empty'))
    expect(await read.parquet(join(dir, 'empty'), { schema: 'a int' }).collect()).toEqual([])
    expect(await errorOf(read.parquet(join(dir, 'empty')).collect())).toMatchObject({
      code: 'SOURCE_EMPTY',
      hint: expect.stringContaining('schema'),
    })
    expect(await errorOf(read.delta(nowhere).collect())).toMatchObject({ code: 'TABLE_NOT_FOUND' })
  })

  test('a damaged Parquet file is named', async () => {
    const path = await file('damaged.parquet', 'this is no parquet file, whatever its name says')
    expect(await errorOf(read.parquet(path).collect())).toMatchObject({ code: 'SOURCE_MALFORMED' })
  })
})

test('rows given in the program keep every value', async () => {
  const rows = [
    {
      b: true,
      i: 1,
      l: 9007199254740993n,
      d: 0.1,
      s: "it's \u0000 \"q\" 'x' € \u{1F600}",
      bin: new Uint8Array([0, 255]),
      n: null,
      at: new Date('2024-02-29T12:34:56.789Z'),
      list: [1, 2.5],
      nested: { a: [{ b: 'c' }] },
      inf: Number.NEGATIVE_INFINITY,
    },
  ]
  expect(await createDataFrame(rows).collect()).toEqual([
    { ...rows[0], at: '2024-02-29T12:34:56.789000Z', list: [1, 2.5] },
  ])
  const typed = createDataFrame(
    [['12.50', '2024-01-31', '10:11:12', { k: 1 }]],
    'd decimal(10,2), day date, t time, m map<string,int>',
  )
  expect(await typed.collect()).toEqual([
    { d: '12.50', day: '2024-01-31', t: '10:11:12.000000', m: new Map([['k', 1]]) },
  ])
})

test('schemas are read from DDL text', () => {
  expect(
    parseSchema('a int not null, `b c` array<struct<x:string,y:decimal(10,2)>>, d: long').fields.map((f) => [
      f.name,
      f.type.kind,
      f.nullable,
    ]),
  ).toEqual([
    ['a', 'integer', false],
    ['b c', 'array', true],
    ['d', 'long', true],
  ])
  expect(() => parseSchema('a')).toThrowError(expect.objectContaining({ code: 'TYPE_INVALID' }))
  expect(() => parseSchema('a int, a int')).toThrowError(expect.objectContaining({ code: 'COLUMN_AMBIGUOUS' }))
})
