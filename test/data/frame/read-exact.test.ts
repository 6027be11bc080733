import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createDataFrame, read } from '../../../src/data/frame/index.ts'

let dir = ''
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'millrace-exact-'))
})
afterAll(() => rm(dir, { recursive: true, force: true }))

const PACKED = { gz: gzipSync, zst: zstdCompressSync } as const

describe.each(['gz', 'zst'] as const)('files packed as .%s that are read as whole texts', (ending) => {
  const pair = async (name: string, text: string) => {
    const plain = join(dir, name)
    await writeFile(plain, text)
    await writeFile(`${plain}.${ending}`, PACKED[ending](text))
    return [plain, `${plain}.${ending}`] as const
  }

  test('give the rows of the plain ones', async () => {
    const [text, packedText] = await pair('t.txt', 'a\nb\r\nc €\n')
    const [json, packedJson] = await pair('j.json', '[{"a":1,\n"b":"x"},{"a":2}]')
    const [csv, packedCsv] = await pair('c.csv', 'a,b\n1,"x\ny"\n2,z\n')
    for (const options of [{}, { wholetext: true }, { lineSep: 'b' }])
      expect(await read.text(packedText, options).collect()).toEqual(await read.text(text, options).collect())
    const many = { multiLine: true }
    expect(await read.json(packedJson, many).collect()).toEqual(await read.json(json, many).collect())
    const rows = await read.csv(packedCsv, { ...many, header: true, inferSchema: true }).collect()
    expect(rows).toEqual([{ a: 1, b: 'x\ny' }, { a: 2, b: 'z' }]) // biome-ignore format: short
    expect(rows).toEqual(await read.csv(csv, { ...many, header: true, inferSchema: true }).collect())
  })

  test('are read anew when they were changed', async () => {
    const [, packed] = await pair('changed.txt', 'old\n')
    await utimes(packed, 1_600_000_000, 1_600_000_000)
    expect(await read.text(packed).collect()).toEqual([{ value: 'old' }])
    await writeFile(packed, PACKED[ending]('new\n'))
    expect(await read.text(packed).collect()).toEqual([{ value: 'new' }])
  })

  test('and are cut off, or do not fit, are refused by their own names', async () => {
    const [, packed] = await pair('cut.txt', 'some words '.repeat(1000))
    const whole = PACKED[ending]('some words '.repeat(1000))
    await writeFile(packed, whole.subarray(0, whole.length - 10))
    await expect(read.text(packed).collect()).rejects.toMatchObject({ code: 'SOURCE_MALFORMED', at: { file: packed } })
    const [, wrong] = await pair('wrong.json', '[{"a":"x"}]')
    const failing = read.json(wrong, { multiLine: true, mode: 'FAILFAST', schema: 'a int' })
    await expect(failing.collect()).rejects.toMatchObject({ code: 'SOURCE_MALFORMED', at: { file: wrong } })
  })
})

test('decimals of JSON keep all digits, and other columns of the row their values', async () => {
  const path = join(dir, 'digits.json')
  await writeFile(
    path,
    `{"d":12345678901234567890.123456789,"n":-1.23456789012345678901234e-5,"b":99999999999999999999999999999,` +
      String.raw`"f":0.1234567890123457,"l":123456789012345678,"s":"1.1111111111111111111 \" 2.2222222222222222222",` +
      '"o":{"a":[0.12345678901234567891]},"m":{"k":1.00000000000000000001},"x":[1.00000000000000000001]}\n' +
      '{"d":1.5,"n":1e-2,"b":7,"f":1e2,"l":1,"s":"1.5","o":{"a":[2]},"m":{},"x":[]}\n',
  )
  const schema =
    'd decimal(38,10), n decimal(38,28), b decimal(38,0), f double, l bigint, s string, o struct<a:array<decimal(30,20)>>, m map<string,decimal(30,20)>, x string'
  expect(await read.json(path, { schema, mode: 'FAILFAST' }).collect()).toEqual([
    { d: '12345678901234567890.1234567890', n: '-0.0000123456789012345678901234', b: '99999999999999999999999999999',
      f: 0.1234567890123457, l: 123456789012345678n, s: '1.1111111111111111111 " 2.2222222222222222222',
      o: { a: ['0.12345678901234567891'] }, m: new Map([['k', '1.00000000000000000001']]), x: '[1.00000000000000000001]' },
    { d: '1.5000000000', n: '0.0100000000000000000000000000', b: '7', f: 100, l: 1n, s: '1.5', o: { a: ['2.00000000000000000000'] },
      m: new Map(), x: '[]' },
  ]) // biome-ignore format: a table
})

test('zeros with a sign keep it', async () => {
  const [row] = await createDataFrame([{ a: -0, b: [-0, 1.5], c: { x: -0 } }]).collect()
  expect(row).toStrictEqual({ a: -0, b: [-0, 1.5], c: { x: -0 } })
  const [typed] = await createDataFrame(
    [[-0, -0, -0, { k: -0 }]],
    'f float, i int, d decimal(3,1), m map<string,double>',
  ).collect()
  expect(typed).toStrictEqual({ f: -0, i: 0, d: '0.0', m: new Map([['k', -0]]) })
})
