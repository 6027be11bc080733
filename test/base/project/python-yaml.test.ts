import { expect, test } from 'vitest'
import { parseYaml } from '../../../src/base/project/index.ts'

test.each([
  // What PyYAML 6's safe_load gives.
  ['yes', true],
  ['No', false],
  ['on', true],
  ['OFF', false],
  ['y', 'y'],
  ['n', 'n'],
  ['"yes"', 'yes'],
  ['010', 8],
  ['08', '08'],
  ['0o10', '0o10'],
  ['1_000', 1000],
  ['12:30', 750],
  ['01:30', '01:30'],
  ['1e3', '1e3'],
  ['1.5e3', '1.5e3'],
  ['1.5e+3', 1500],
  ['.5', 0.5],
  ['.', '.'],
  ['2024-01-01', '2024-01-01'],
])('a dbt file reads the scalar %s as %j, as PyYAML does but for dates', (text, value) => {
  expect(parseYaml(`a: ${text}`, 'models/schema.yml', 'MODEL_INVALID', 'python').data).toEqual({ a: value })
})

test('our own files keep the types of YAML 1.2', () => {
  expect(parseYaml('a: yes\nb: 010', 'millrace.yml').data).toEqual({ a: 'yes', b: 10 })
})

test('between brackets indentation is of no matter, as for PyYAML', () => {
  const text = `models:
  - tests:
      - accepted_values: {
          values: ['blue', 'green'], # a comment
        }
      - other: { values: [a,
  b,
c
]
}
    tags: [t]
`
  const { data, place } = parseYaml(text, 'models.yml', 'MODEL_INVALID', 'python')
  expect(data).toEqual({
    models: [
      {
        tests: [{ accepted_values: { values: ['blue', 'green'] } }, { other: { values: ['a', 'b', 'c'] } }],
        tags: ['t'],
      },
    ],
  })
  expect(place(['models', 0, 'tags'])).toMatchObject({ line: 11 })
  expect(() => parseYaml(text, 'models.yml')).toThrow('sufficiently indented')
})

test.each([
  ['a: {b: 1\nc: 2\n', 2],
  ['a: {b: 1,\nc\n', 2],
  ['a: "x\n', 2],
])('%j is refused at line %i', (text, line) => {
  expect(() => parseYaml(text, 'models.yml', 'MODEL_INVALID', 'python')).toThrow(
    expect.objectContaining({ code: 'MODEL_INVALID', at: expect.objectContaining({ line }) }),
  )
})
