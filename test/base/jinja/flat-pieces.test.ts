import { expect, test } from 'vitest'
import { compileTemplate, flatPieces } from '../../../src/base/jinja/index.ts'

const pieces = (text: string) => flatPieces(compileTemplate(text), new Set(['ref', 'config']))

test('text and printed calls of known functions with literals are flat', () => {
  expect(pieces("{{ config(tags=['a', 1], meta={'k': none}) -}}\n select {# one #}1 from {{ ref('a', v=2) }}")).toEqual(
    [
      { name: 'config', args: [], kwargs: { tags: ['a', 1], meta: expect.anything() } },
      'select ',
      '1 from ',
      { name: 'ref', args: ['a'], kwargs: { v: 2 } },
    ],
  )
  expect(pieces('select 1')).toEqual(['select 1'])
  expect(pieces('')).toEqual([])
})

test('whatever has to be computed is not', () => {
  for (const text of [
    "{{ ref('a' ~ 'b') }}",
    "{{ ref('a') | upper }}",
    "{{ ref('a').name }}",
    "{{ ref(*['a']) }}",
    "{{ ref(**{'name': 'a'}) }}",
    "{{ source('a', 'b') }}",
    "{% if true %}{{ ref('a') }}{% endif %}",
    "{% do config(enabled=false) %}{{ ref('a') }}",
    "{% set ref = config %}{{ ref('a') }}",
    '{{ ref }}',
    "{{ 'text' }}",
  ])
    expect(pieces(text), text).toBeUndefined()
})
