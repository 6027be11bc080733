import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readRoaring } from '../../../../src/data/table/delta/roaring.ts'
import { decodeZ85, encodeZ85 } from '../../../../src/data/table/delta/z85.ts'
import { RowSet } from '../../../../src/data/table/index.ts'

type Kind = 'array' | 'bitmap' | 'run'

/** Rows below 2^31 in the portable form, each container as it is asked for. */
function written(rows: readonly number[], kindOf: (key: number) => Kind): Uint8Array {
  const containers = [...Map.groupBy(rows, (row) => Math.floor(row / 65_536))].sort(([a], [b]) => a - b)
  const kinds = containers.map(([key, own]) => {
    const kind = kindOf(key)
    return kind === 'run' ? kind : own.length > 4_096 ? 'bitmap' : 'array'
  })
  const hasRuns = kinds.includes('run')
  const out: number[] = []
  const u16 = (value: number) => out.push(value & 255, value >> 8)
  const u32 = (value: number) => (u16(value & 0xffff), u16(value >>> 16))
  u32(1_681_511_377)
  u32(1)
  u32(0)
  u32(0)
  if (hasRuns) {
    u32(12_347 | ((containers.length - 1) << 16))
    for (let at = 0; at < containers.length; at += 8) {
      out.push(kinds.slice(at, at + 8).reduce((byte, kind, bit) => byte | (kind === 'run' ? 1 << bit : 0), 0))
    }
  } else {
    u32(12_346)
    u32(containers.length)
  }
  for (const [key, own] of containers) {
    u16(key)
    u16(own.length - 1)
  }
  if (!hasRuns || containers.length >= 4) for (const _ of containers) u32(0)
  for (const [at, [, own]] of containers.entries()) {
    const low = own.map((row) => row % 65_536).sort((a, b) => a - b)
    if (kinds[at] === 'array') low.forEach(u16)
    else if (kinds[at] === 'bitmap') {
      const bytes = new Uint8Array(8_192)
      for (const bit of low) bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) | (1 << (bit & 7))
      out.push(...bytes)
    } else {
      const runs: [number, number][] = []
      for (const bit of low) {
        const last = runs.at(-1)
        if (last && last[0] + last[1] + 1 === bit) last[1] += 1
        else runs.push([bit, 0])
      }
      u16(runs.length)
      for (const [start, more] of runs) u16(start), u16(more)
    }
  }
  return Uint8Array.from(out)
}

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
