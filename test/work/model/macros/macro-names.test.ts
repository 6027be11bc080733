import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { MacroLibrary } from '../../../../src/work/model/context/macro-library.ts'
import { ModelTemplates } from '../../../../src/work/model/context/templates.ts'
import { modelDialect } from '../../../../src/work/model/dialect/index.ts'

// Written by scripts/peers/dbt-macro-names.sh.
const text = await readFile(join(import.meta.dirname, 'dbt-macro-names.txt'), 'utf8')
const listed = text
  .trim()
  .split('\n')
  .map((line) => line.split(' '))

test.each(['duckdb', 'postgres'] as const)(
  'every macro of dbt for %s exists under its name, and can be read',
  (dialect) => {
    const templates = new ModelTemplates()
    const macros = new MacroLibrary(templates, 'shop', [], { dialect: modelDialect(dialect) })
    const wanted = listed.filter(([owner]) => owner === 'dbt' || owner === `dbt_${dialect}`)
    expect(wanted.length).toBeGreaterThan(400)
    const missing = wanted.filter(([, name = '']) => macros.find(name) === undefined).map((entry) => entry.join(' '))
    expect(missing).toEqual([])
    for (const { macro_sql: source, original_file_path: file, name } of macros.nodes())
      expect(() => templates.macro(source, { file, line: 1, column: 1, internal: true }), name).not.toThrow()
  },
)
