import { readFile } from 'node:fs/promises'
import { join as joinPath } from 'node:path'
import { failpoint, MillraceError } from '../../../base/kernel/index.ts'
import { id, join, literal, sql, trusted } from '../../../base/sql/index.ts'
import { isTree } from '../config-tree.ts'
import { inferSeed } from '../seed-csv.ts'
import type { Materialization } from './materialization.ts'
import { dropOf, perform } from './statements.ts'
import { swap } from './table.ts'

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
    const file = joinPath(projectDir, node.original_file_path)
    const delimiter = String(node.config['delimiter'] ?? ',')
    const overrides = isTree(node.config['column_types']) ? Object.entries(node.config['column_types']) : []
    const shape = inferSeed(await readFile(file, 'utf8'), {
      file: node.original_file_path,
      delimiter,
      types: new Map(overrides.map(([name, type]) => [name, String(type)])),
    })
    const next = target.named(`${target.identifier}__dbt_tmp`, 'table')
    await input.hooks('pre', 'around')
    await input.connection.transaction(async () => {
      await input.hooks('pre', 'inside')
      await perform(input, dropOf(next))
      // column_types are SQL of the user's.
      const columns = join(shape.columns.map(({ name, type }) => sql`${id(name)} ${trusted(type)}`))
      await perform(input, sql`create table ${next.sql()} (${columns})`)
      if (shape.rows > 0) {
        await perform(
          input,
          sql`copy ${next.sql()} from ${literal(file)} (format csv, header true, delimiter ${literal(delimiter)}, quote '"', escape '"')`,
        )
      }
      await swap(input, next.identifier)
      await input.hooks('post', 'inside')
      failpoint('seed.before-commit')
    })
    await input.hooks('post', 'around')
    return { message: `INSERT ${shape.rows}`, code: 'INSERT', rows: shape.rows }
  },
}
