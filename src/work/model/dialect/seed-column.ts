import { id, type Sql, trusted } from '../../../base/sql/index.ts'
import type { Node } from '../node.ts'

/** A seed's column in SQL: quoted, unless `quote_columns: false` leaves it as it stands in the file. */
export function seedColumn(node: Node, name: string): Sql {
  return node.config['quote_columns'] === false ? trusted(name) : id(name)
}
