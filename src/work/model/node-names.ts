import type { Invocation } from './context/node-context.ts'
import { nodeContext } from './context/node-context.ts'
import { Relation } from './context/relation.ts'
import type { ModelTemplates } from './context/templates.ts'
import { isRelational, type Node } from './node.ts'
import { keepQuoting, relationOf } from './node-relation.ts'

export { relationOf }

/**
 * Gives a node its database, schema and alias from its configuration, by dbt's rules or by the project's own
 * `generate_schema_name`, `generate_alias_name` and `generate_database_name`, and what else follows from the
 * merged configuration.
 */
export async function nameRelation(invocation: Invocation, templates: ModelTemplates, node: Node): Promise<void> {
  const { target, macros } = invocation
  const { config } = node
  const ask = async (macro: string, written: string | null, otherwise: string): Promise<string> => {
    // A package's nodes are named by the package's own rules where it has some.
    const forms = [macro, ...invocation.dialect.prefixes.map((prefix) => `${prefix}__${macro}`)]
    const own = node.package_name !== invocation.project.name && macros.find(macro, node.package_name) !== undefined
    // The project's form for an adapter, or the general one, is what dbt's own macro dispatches to.
    if (!own && !forms.some((form) => macros.overrides(form))) return otherwise
    const context = nodeContext(invocation, node, {
      execute: false,
      config: ignore,
      ref: unresolved,
      source: unresolved,
    })
    context['_written'] = written
    return (await templates.render(`{{ ${macro}(_written, model) }}`, node.original_file_path, context)).trim()
  }
  node.schema = await ask(
    'generate_schema_name',
    config.schema,
    config.schema === null ? target.schema : `${target.schema}_${config.schema.trim()}`,
  )
  node.database = await ask('generate_database_name', config.database, config.database?.trim() ?? target.database)
  // The older settings of snapshots stand above the rules.
  node.schema = textOf(config['target_schema']) ?? node.schema
  node.database = textOf(config['target_database']) ?? node.database
  node.alias = await ask('generate_alias_name', config.alias, config.alias?.trim() ?? defaultAlias(node))
  node.tags = node.resource_type === 'test' ? [...config.tags].sort() : [...config.tags]
  node.meta = config.meta
  node.group = typeof config['group'] === 'string' ? config['group'] : null
  node.docs = { ...node.docs, ...(config['docs'] as Partial<Node['docs']> | undefined) }
  keepQuoting(node, invocation.project.quoting)
  const kept = node.resource_type === 'test' && (config['store_failures'] === true || invocation.flags.storeFailures)
  node.relation_name = isRelational(node) || kept ? relationOf(node).render() : null
}

/** As dbt's `generate_alias_name`: versions have their number in their name. */
function defaultAlias({ name, version }: Node): string {
  return version === undefined || version === null ? name : `${name}_v${String(version).replaceAll('.', '_')}`
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

function ignore(): void {}

function unresolved(): Relation {
  return new Relation({ database: '', schema: '', identifier: 'unresolved' })
}
