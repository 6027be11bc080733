import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readRoaring } from '../../../../src/data/table/delta/vectors/roaring.ts'
import { decodeZ85, encodeZ85 } from '../../../../src/data/table/delta/vectors/z85.ts'
import { RowSet } from '../../../../src/data/table/index.ts'
import { written } from './written-roaring.ts'

const anyRows = fc
  .array(fc.record({ start: fc.nat({ max: 400_000 }), length: fc.oneof(fc.nat({ max: 3 }), fc.nat({ max: 9_000 })) }), {
    maxLength: 6,
  })
  .map((runs) => {
    const rows = new Set<number>()
    for (const { start, length } of runs) for (let at = 0; at < length; at += 1) rows.add(start + at)
    return [...rows].sort((a, b) => a - b)
  })

test('a Roaring bitmap holds the rows that were written, whatever its containers', () => {
  fc.assert(
    fc.property(anyRows, fc.array(fc.boolean(), { minLength: 8, maxLength: 8 }), (rows, runs) => {
      if (rows.length === 0) return
      const set = readRoaring(written(rows, (key) => (runs[key % 8] ? 'run' : 'array')))
      expect(set.size).toBe(rows.length)
      expect([...set]).toEqual(rows)
      expect(set.end).toBe((rows.at(-1) ?? -1) + 1)
      const bits = set.bits()
      expect(rows.every((row) => ((bits[row >> 3] ?? 0) >> (7 - (row & 7))) & 1)).toBe(true)
      expect(bits.length).toBe(Math.ceil(set.end / 8))
    }),
    { numRuns: 60 },
  )
})

test('a damaged Roaring bitmap is refused or read, never more', () => {
  const bytes = written([1, 5, 70_000, ...Array.from({ length: 5_000 }, (_, at) => 200_000 + at)], (key) =>
    key === 0 ? 'run' : 'array',
  )
  fc.assert(
    fc.property(
      fc.nat({ max: bytes.length - 1 }),
      fc.nat({ max: 255 }),
      fc.nat({ max: bytes.length }),
      (at, value, cut) => {
        const damaged = bytes.slice()
        damaged[at] = value
        try {
          readRoaring(damaged.subarray(0, cut))
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(RangeError)
        }
      },
    ),
    { numRuns: 500 },
  )
})

test('a bitmap of another form, with rows beyond 2^31 or of too many bitmaps is refused', () => {
  const bytes = written([1], () => 'array')
  const changed = (at: number, value: number) => {
    const copy = bytes.slice()
    copy[at] = value
    return copy
  }
  expect(() => readRoaring(changed(0, 0))).toThrow('unknown form')
  expect(() => readRoaring(changed(16 + 9, 0xff))).toThrow('2^31')
  expect(() => readRoaring(changed(8, 9))).toThrow('bitmaps')
})

test('the rows of one set without those of another', () => {
  const set = RowSet.from([0, 7, 8, 65_536, 200_000])
  const left = set.minus(RowSet.from([7, 200_000]))
  expect([...left]).toEqual([0, 8, 65_536])
  expect([left.size, left.end, left.has(8), left.has(7)]).toEqual([3, 65_537, true, false])
  expect(RowSet.from([]).end).toBe(0)
})

test('a last block of Z85 that lacks bytes is padded as delta-kernel-rs pads it', () => {
  expect([...decodeZ85('00031##093')]).toEqual([0, 0, 1, 0, 3, 0])
  expect([...decodeZ85('###03')]).toEqual([3])
  expect(() => decodeZ85('##09300031')).toThrow('beyond four bytes')
})

test('Z85 as its RFC gives it, there and back', () => {
  const bytes = Uint8Array.from([0x86, 0x4f, 0xd2, 0x6f, 0xb5, 0x59, 0xf7, 0x5b])
  expect(encodeZ85(bytes)).toBe('HelloWorld')
  expect(decodeZ85('HelloWorld')).toEqual(bytes)
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (some) => {
      const whole = some.subarray(0, some.length - (some.length % 4))
      expect(decodeZ85(encodeZ85(whole))).toEqual(Uint8Array.from(whole))
    }),
  )
  for (const text of ['Hello1', 'He"lo', '#####']) expect(() => decodeZ85(text)).toThrow(RangeError)
})
