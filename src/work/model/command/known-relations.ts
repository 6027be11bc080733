import type { EngineConnection } from '../../../data/engine/index.ts'
import type { Relation } from '../context/relation.ts'
import type { ModelDialect } from '../dialect/index.ts'

/** So many nodes make it worth while to ask for all relations at once. */
const WORTH = 8

/**
 * A way to find what stands in a node's place that asks the engine once for a whole run, as dbt does; undefined where
 * asking for each is as good. Each node is looked up once, before it is built.
 */
export async function knownRelations(
  dialect: ModelDialect,
  connection: EngineConnection,
  nodes: number,
): Promise<((target: Relation) => Promise<Relation | undefined>) | undefined> {
  if (nodes < WORTH || !dialect.allRelations) return undefined
  const key = ({ database, schema, identifier }: Relation): string =>
    [database, schema, identifier].map((part) => dialect.fold(part)).join('\0')
  const known = new Map((await dialect.allRelations(connection)).map((relation) => [key(relation), relation]))
  return async (target) => {
    const found = known.get(key(target))
    return found && target.named(found.identifier, found.type)
  }
}
