import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Dict, Environment, equals, float, repr, Tuple } from '../../../src/base/jinja/index.ts'

const env = new Environment()

/** Any value that has a literal form. */
const value = fc.letrec((tie) => ({
  any: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom(null, true, false),
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map(float),
    fc.bigInt({ min: 2n ** 54n, max: 2n ** 80n }),
    fc.string({ unit: 'grapheme' }),
    fc.array(tie('any'), { maxLength: 4 }),
    fc.array(tie('any'), { maxLength: 4 }).map((items) => new Tuple(items)),
    fc.array(fc.tuple(fc.oneof(fc.string(), fc.integer()), tie('any')), { maxLength: 4 }).map((all) => new Dict(all)),
  ),
})).any

describe('values', () => {
  test('what repr prints, an expression reads back as an equal value', () => {
    fc.assert(
      fc.property(value, (given) => {
        const read = env.expression(repr(given)).evaluate()
        expect(equals(read, given)).toBe(true)
        expect(repr(read)).toBe(repr(given))
      }),
    )
  })

  test('division and remainder fit together, whatever the signs', () => {
    const law = env.expression('(a // b) * b + a % b == a and (0 <= a % b < b or b < a % b <= 0)')
    fc.assert(
      fc.property(
        fc.integer(),
        fc.integer().filter((b) => b !== 0),
        (a, b) => {
          expect(law.evaluate({ a, b })).toBe(true)
        },
      ),
    )
  })

  test('integers are exact at any size', () => {
    const sum = env.expression('a * b + a - b')
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }), fc.maxSafeInteger(), (a, b) => {
        expect(BigInt(sum.evaluate({ a, b }) as bigint)).toBe(a * BigInt(b) + a - BigInt(b))
      }),
    )
  })

  test('a slice is what stepping through the indexes gives', () => {
    const edge = fc.option(fc.integer({ min: -8, max: 8 }))
    const step = fc.integer({ min: -3, max: 3 }).filter((by) => by !== 0)
    const sliced = env.expression('l[a:b:c]')
    fc.assert(
      fc.property(fc.array(fc.integer(), { maxLength: 6 }), edge, edge, step, (l, a, b, c) => {
        const clamp = (at: number) => (at < 0 ? at + l.length : at)
        const from = a === null ? (c > 0 ? 0 : l.length - 1) : Math.min(clamp(a), c > 0 ? l.length : l.length - 1)
        const to = b === null ? (c > 0 ? l.length : -1) : Math.max(clamp(b), -1)
        const expected: number[] = []
        for (let at = Math.max(from, c > 0 ? 0 : -1); c > 0 ? at < to : at > to; at += c) {
          if (at >= 0 && at < l.length) expected.push(l[at] as number)
        }
        expect(sliced.evaluate({ l, a, b, c })).toEqual(expected)
      }),
    )
  })

  test('text without braces renders as it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const plain = text.replace(/[{}\r]/g, '')
        const kept = new Environment({ options: { keepTrailingNewline: true } })
        expect(kept.compile(plain).render()).toBe(plain)
      }),
    )
  })

  test('a text of any content passes through a literal', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(env.compile(`{{ ${repr(text)} }}`).render()).toBe(text)
      }),
    )
  })

  test('a power or a repetition that would exhaust the machine is refused', () => {
    expect(() => env.compile('{{ 10 ** 10000000 }}').render()).toThrow('too long')
    expect(() => env.compile("{{ 'a' * 10 ** 12 }}").render()).toThrow('too long')
  })
})
