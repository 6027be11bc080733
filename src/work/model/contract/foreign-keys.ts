import { type Json, MillraceError } from '../../../base/kernel/index.ts'
import type { Namespace } from '../context/macro-library.ts'
import { Relation } from '../context/relation.ts'
import type { ModelTemplates } from '../context/templates.ts'
import type { Node } from '../node.ts'
import { isTree } from '../read/config-tree.ts'
import { staticCalls } from '../read/static-calls.ts'

const CALL = /^\s*(ref|source)\s*\(/

/**
 * Adds what the foreign keys of a model point at, `to: ref('parents')`, to what the model is built after.
 * @throws MillraceError MODEL_INVALID for text that is neither `ref(…)` nor `source(…)`
 */
export function referForeignKeys(templates: ModelTemplates, node: Node): void {
  for (const to of targetsOf(node)) {
    const calls = CALL.test(to) ? staticCalls(templates, `{{ ${to} }}`, node.original_file_path) : undefined
    if (!calls) {
      throw new MillraceError('MODEL_INVALID', `reading ${node.name}: the foreign key's \`to\` is "${to}"`, {
        at: { file: node.original_file_path },
        hint: "Write to: ref('model') or to: source('source', 'table'); other tables go into `expression`.",
      })
    }
    node.refs.push(...calls.refs)
    node.sources.push(...calls.sources)
  }
}

/** Puts relations in the place of `ref(…)` and `source(…)` in the foreign keys of a model, in the node's context. */
export async function renderForeignKeys(
  templates: ModelTemplates,
  node: Node,
  context: () => Namespace,
  adapter: string,
): Promise<void> {
  if (!targetsOf(node).some((to) => CALL.test(to))) return
  const names = context()
  const rendered = async (constraints: readonly Json[]): Promise<Json[]> => {
    const found: Json[] = []
    for (const one of constraints) {
      const to = isTree(one) && one['type'] === 'foreign_key' ? one['to'] : undefined
      if (typeof to !== 'string' || !CALL.test(to)) found.push(one)
      else {
        const relation = await templates.evaluate(to, node.original_file_path, names)
        found.push({ ...(one as Record<string, Json>), to: pathOf(relation, adapter) })
      }
    }
    return found
  }
  node.constraints = await rendered(node.constraints ?? [])
  for (const column of Object.values(node.columns)) column.constraints = await rendered(column.constraints)
}

/** DuckDB takes no database in front of what a foreign key points at. */
function pathOf(relation: unknown, adapter: string): string {
  if (!(relation instanceof Relation) || adapter !== 'duckdb') return String(relation)
  return relation.replaced({ include_policy: { database: false } }).render()
}

function targetsOf(node: Node): string[] {
  const all = [
    ...(node.constraints ?? []),
    ...Object.values(node.columns).flatMap((column) => column.constraints ?? []),
  ]
  return all.flatMap((one) =>
    isTree(one) && one['type'] === 'foreign_key' && typeof one['to'] === 'string' ? [one['to']] : [],
  )
}
