import fc from 'fast-check'
import { expect, test } from 'vitest'
import { calledNames } from '../../../src/work/model/macro-dependencies.ts'
import { BUILTIN_FILES } from '../../../src/work/model/macros/index.ts'

/** The same by patterns, which say best what is meant. */
function byPattern(text: string): string[] {
  const names = new Set<string>()
  for (const [, output = '', statement = ''] of text.matchAll(/\{\{([\s\S]*?)\}\}|\{%([\s\S]*?)%\}/g)) {
    for (const [, owner, name = ''] of (output || statement).matchAll(/(?:\b(\w+)\s*\.\s*)?\b([A-Za-z_]\w*)\s*\(/g))
      names.add(owner === undefined ? name : `${owner}.${name}`)
  }
  return [...names]
}

test('the names that a text calls are those before parentheses in its template code', () => {
  expect(calledNames("f() {{ a(b . c (1), 'd') }} {% do x.y.z(1e(2)) %} {{ adapter.dispatch('m')() }}")).toEqual({
    called: ['a', 'b.c', 'y.z', 'adapter.dispatch'],
    dispatched: ['m'],
  })
  for (const [, text] of BUILTIN_FILES) expect(calledNames(text).called).toEqual(byPattern(text))
  const piece = fc.constantFrom('{{', '}}', '{%', '%}', '{', '(', ')', '.', ' ', '\n', 'a', 'b1', '_c', '1', 'é', '-')
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
      const text = `{{ ${pieces.join('')} }}`
      expect(calledNames(text).called).toEqual(byPattern(text))
    }),
    { numRuns: 3000 },
  )
})
