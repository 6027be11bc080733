import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { int } from '../../../base/jinja/index.ts'
import type { ModelDialect } from '../dialect/index.ts'
import type { Node } from '../node.ts'
import { isTree } from '../read/config-tree.ts'
import { inferSeed, seedRows } from '../seed-csv.ts'
import { ResultTable } from './result-table.ts'

const TYPES = new WeakMap<ResultTable, readonly string[]>()

/**
 * `load_agate_table()` of a seed: its rows with the values that dbt gives them.
 * @throws MillraceError MODEL_INVALID for a file that is no CSV
 */
export async function seedTable(node: Node, projectDir: string, dialect: ModelDialect): Promise<ResultTable> {
  const file = node.original_file_path
  const delimiter = String(node.config['delimiter'] ?? ',')
  const written = isTree(node.config['column_types']) ? Object.entries(node.config['column_types']) : []
  const text = await readFile(join(projectDir, file), 'utf8')
  const types = new Map(written.map(([name, type]) => [name, String(type)]))
  const shape = inferSeed(text, { file, delimiter, types, fractionType: dialect.fractionType })
  const kinds = shape.columns.map((column) => (column.written ? 'text' : column.type))
  const rows = [...seedRows(text, shape, { file, delimiter })].map((cells) =>
    cells.map((cell, index) => (cell === null ? null : pythonValue(cell, kinds[index] ?? 'text'))),
  )
  const table = new ResultTable(
    shape.columns.map(({ name }) => name),
    rows,
  )
  // What `adapter.convert_type` answers for it.
  TYPES.set(
    table,
    shape.columns.map(({ type }) => type),
  )
  return table
}

/** The type of a column of `load_agate_table()`, or undefined for another table. */
export function seedColumnType(table: unknown, index: number): string | undefined {
  return table instanceof ResultTable ? TYPES.get(table)?.[index] : undefined
}

function pythonValue(cell: string, type: string): unknown {
  if (type === 'integer' || type === 'bigint') return int(BigInt(cell))
  if (type === 'boolean') return cell.toLowerCase() === 'true'
  return cell
}
