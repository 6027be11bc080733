import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { failpoint, MillraceError } from '../../../base/kernel/index.ts'
import type { Built } from '../dialect/index.ts'
import { isTree } from '../read/config-tree.ts'
import { inferSeed } from '../seed-csv.ts'
import type { Materialization } from './materialization.ts'
import { transact } from './transact.ts'

/**
 * Loads a CSV file into a table, with the types dbt would infer or those of `column_types`. The file is read by
 * the engine; the old table stays until the new one is whole.
 */
export const seedMaterialization: Materialization = {
  name: 'seed',
  async run(input) {
    const { node, target, projectDir } = input
    if (input.existing?.is_view) {
      throw new MillraceError('MODEL_FAILED', `loading the seed ${node.name}: ${target.render()} is a view`, {
        at: { file: node.original_file_path },
        hint: 'Drop the view, or give the seed another alias.',
      })
    }
    const path = join(projectDir, node.original_file_path)
    const delimiter = String(node.config['delimiter'] ?? ',')
    if (delimiter.length !== 1) {
      throw new MillraceError(
        'MODEL_INVALID',
        `loading the seed ${node.name}: the delimiter "${delimiter}" is not one character`,
        {
          at: { file: node.original_file_path },
          hint: 'Write `delimiter: "|"`, say; without one it is a comma.',
        },
      )
    }
    const overrides = isTree(node.config['column_types']) ? Object.entries(node.config['column_types']) : []
    const text = await readFile(path, 'utf8')
    const shape = inferSeed(text, {
      file: node.original_file_path,
      delimiter,
      types: new Map(overrides.map(([name, type]) => [name, String(type)])),
      fractionType: input.dialect.fractionType,
    })
    let built: Built | undefined
    await input.hooks('pre', 'around')
    await transact(input, async () => {
      await input.hooks('pre', 'inside')
      built = await input.dialect.loadSeed(input, {
        path,
        text,
        delimiter,
        shape: input.empty ? { ...shape, rows: 0 } : shape,
      })
      await input.hooks('post', 'inside')
      await built.settle()
      failpoint('seed.before-commit')
    })
    await input.hooks('post', 'around')
    const message = built?.message ?? `INSERT ${shape.rows}`
    return { message, code: message.split(' ')[0] ?? 'INSERT', rows: shape.rows }
  },
}
