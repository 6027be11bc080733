import type { MillraceError } from '../../../base/kernel/index.ts'
import type { Node } from '../node.ts'

/**
 * An error of a node as dbt words it in artifacts, logs and `results` of `on-run-end`: what kind it is and where, and
 * below it what went wrong. dbt-duckdb knows no errors of the database, and calls them those of the run.
 */
export function errorMessage(node: Node, error: MillraceError, adapter: 'duckdb' | 'postgres'): string {
  const fromEngine = error.code.startsWith('ENGINE_') || error.code.startsWith('CONNECTION_')
  const kind = fromEngine ? (adapter === 'postgres' ? 'Database' : 'Runtime') : 'Compilation'
  const below = error.message.split('\n').map((line) => `  ${line}`)
  return [`${kind} Error in ${node.resource_type} ${node.name} (${node.original_file_path})`, ...below].join('\n')
}
