import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseWhole } from '../../../../src/base/jinja/syntax/parser.ts'
import { plainCalls } from '../../../../src/base/jinja/syntax/plain-calls.ts'

const source = (text: string) => ({ text, file: 'models/a.sql', line: 1, column: 1 })

describe('calls that are read without the parser', () => {
  test.each([
    '',
    'select 1',
    "select * from {{ ref('orders') }}\n",
    "{{ config(materialized=\"view\", tags=['x', \"y\",], enabled = True,) }}\nselect {{ source( 'a' , 'b' ) }}.id",
    '{{ref("a\nb")}}}} {{ f() }}{{ g( [ ] , none, 12) }}',
    "{{ ref('größe', 'ünicode') }}",
    "{{ config(not='x', if=1) }}",
  ])('%j is', (text) => {
    expect(plainCalls(text)).toEqual(parseWhole(source(text), {}, []))
  })

  test.each([
    "{{- ref('a') }}",
    "{{ ref('a') -}}",
    "{{ ref('a')['b'] }}",
    "{{ ref('a' 'b') }}",
    "{{ ref('a\\n') }}",
    '{{ f(-1) }}',
    '{{ f(1.5) }}',
    '{{ f(0x1) }}',
    '{{ f(x) }}',
    '{{ f(a == 1) }}',
    "{{ f(a='x', 'y') }}",
    '{{ not (true) }}',
    '{{ größe() }}',
    "{{ f('}}') ~ 1 }}",
    '{{{ f() }}',
    "{{ f('a') ",
    "{{ f('a }}",
    '{{ true() }}',
    '{% if a %}{% endif %}',
    '{# a #}',
  ])('%j is left to the parser', (text) => {
    expect(plainCalls(text)).toBeUndefined()
  })

  test('whatever is put together of such pieces is read as the parser does, or left to it', () => {
    const literal = fc.constantFrom(
      "'a'",
      '"b c"',
      "'{{'",
      "'it''s'",
      '1',
      '0',
      '10',
      '007',
      '-1',
      '1.5',
      'True',
      'none',
      'x',
      "['a', 1]",
      '[ ]',
      "[['a'],]",
      "'\\n'",
      'ü',
    )
    const space = fc.constantFrom('', '', '', ' ', '\n', '\t')
    const item = fc
      .tuple(space, fc.constantFrom('', '', 'name=', 'name = ', 'if=', 'not =', 'name=='), literal, space)
      .map((parts) => parts.join(''))
    const args = fc
      .tuple(fc.array(item, { maxLength: 4 }), fc.constantFrom('', '', ','))
      .map(([items, last]) => items.join(',') + last)
    const name = fc.constantFrom('ref', 'config', 'source', '_a1', 'not', 'true', 'in', 'if', 'réf', 'a.b')
    const call = fc
      .tuple(
        fc.constantFrom('{{', '{{', '{{', '{{-'),
        space,
        name,
        space,
        args,
        space,
        fc.constantFrom('}}', '}}', '}}', '-}}', '}'),
      )
      .map(([open, a, called, b, given, c, close]) => `${open}${a}${called}${b}(${given})${c}${close}`)
    const text = fc.constantFrom('select ', '\n', '', '{', '}', '}}', "'", '%}', '{ {', 'ß')
    const template = fc.array(fc.oneof(call, text), { maxLength: 6 }).map((parts) => parts.join(''))
    let read = 0
    fc.assert(
      fc.property(template, (written) => {
        const plain = plainCalls(written)
        if (plain === undefined) return
        read += 1
        expect(plain).toEqual(parseWhole(source(written), {}, []))
      }),
      { numRuns: 5000 },
    )
    expect(read).toBeGreaterThan(1000)
  })
})
