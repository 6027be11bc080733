import { expect, test } from 'vitest'
import { dbtFolder } from '../dbt-folder.ts'

test('what properties files say of macros is in the manifest', async () => {
  const folder = await dbtFolder({
    'models/a.sql': 'select {{ cents(1) }} as x',
    'macros/m.sql': '{% macro cents(amount, digits=2) %}{{ amount }}{% endmacro %}',
    'macros/m.md': '{% docs how %}Divides by a hundred.{% enddocs %}{% docs what %}What to divide.{% enddocs %}',
    'macros/m.yml': `macros:
  - name: cents
    description: "{{ doc('how') }}"
    config: { meta: { owner: us } }
    arguments:
      - { name: amount, type: number, description: "{{ doc('what') }}" }
  - name: gone
    description: x
`,
  })
  const { manifest, warnings } = await folder.dbt('parse')
  expect(manifest.macros.get('macro.shop.cents')).toMatchObject({
    description: 'Divides by a hundred.',
    meta: { owner: 'us' },
    patch_path: 'shop://macros/m.yml',
    arguments: [{ name: 'amount', type: 'number', description: 'What to divide.' }],
  })
  expect(warnings).toEqual([expect.stringContaining('there is no macro "gone"')])
})
