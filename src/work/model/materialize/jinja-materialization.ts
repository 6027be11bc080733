import { native, toJavaScript } from '../../../base/jinja/index.ts'
import { MillraceError } from '../../../base/kernel/index.ts'
import type { EngineConnection } from '../../../data/engine/index.ts'
import type { Compilation } from '../compile.ts'
import type { Namespace } from '../context/macro-library.ts'
import type { Node } from '../node.ts'
import { pythonStr } from '../python-text.ts'
import { isTree } from '../read/config-tree.ts'
import type { MaterializationResult } from './materialization.ts'

/** Macros that the built-in materializations are made of: who writes one of his own expects it to be called. */
const PIECES: Readonly<Record<string, readonly string[]>> = {
  table: ['get_create_table_as_sql', 'create_table_as', 'make_intermediate_relation'],
  view: ['get_create_view_as_sql', 'create_view_as'],
}

/** The materialization in Jinja that a node is to be built with, or undefined when the built-in one of TypeScript does. */
export function jinjaMaterialization({ invocation }: Compilation, node: Node): { readonly value: unknown } | undefined {
  const { macros, dialect } = invocation
  const { materialized } = node.config
  const found = macros.materialization(materialized, dialect.adapter)
  if (!found || !/^macro\.dbt(_\w+)?\./.test(found.id)) return found
  const forms = (name: string): string[] => [name, ...dialect.prefixes.map((prefix) => `${prefix}__${name}`)]
  const own = (PIECES[materialized] ?? []).flatMap(forms).some((name) => macros.overrides(name))
  return own ? found : undefined
}

/**
 * Builds a node with a materialization written in Jinja, in one transaction: `adapter.commit()` does not end it, so
 * that a crash leaves nothing half done.
 * @throws MillraceError MODEL_INVALID when it does not return the relations it built, and what its statements throw
 */
export async function runJinjaMaterialization(
  { templates }: Compilation,
  node: Node,
  materialization: { readonly value: unknown },
  run: {
    readonly connection: EngineConnection
    /** The node's context. */
    readonly context: Namespace
  },
): Promise<MaterializationResult> {
  const { connection, context } = run
  const file = node.original_file_path
  context['render'] = native('render', ({ args: [text] }) => templates.render(pythonStr(text), file, context))
  context['_materialization'] = materialization.value
  let answer: unknown
  await connection.transaction(async () => {
    answer = toJavaScript(await templates.evaluate('_materialization()', file, context))
  })
  const relations = isTree(answer) ? answer['relations'] : undefined
  if (!Array.isArray(relations)) {
    throw new MillraceError(
      'MODEL_INVALID',
      `building ${node.name}: the materialization "${node.config.materialized}" does not return the relations it built`,
      { at: { file }, hint: "End it with {{ return({'relations': [target_relation]}) }}." },
    )
  }
  const response = await templates.evaluate("((load_result('main') or {}).response or 'OK') ~ ''", file, context)
  return { message: pythonStr(response) }
}
